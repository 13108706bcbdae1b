package io.fkvs.store;

/**
 * What ties a table to the {@link ConcurrentStore} that it is a shard of. It comes to the table
 * with its configuration, and {@link AbstractStore} joins; a table that does not extend that class
 * stays alone, with the bound that it was opened with.
 */
final class Membership {
  private final MemoryBound bound;
  private final Lifetime.Opening opening;
  private final ReadSections sections;
  private boolean isJoined;

  /**
   * Offers membership to one table.
   *
   * @param bound the bound of the shard, which moves
   * @param opening where the whole store was opened, or null where nobody asked
   * @param sections in which the memory of the table is read under no lock
   */
  Membership(MemoryBound bound, Lifetime.Opening opening, ReadSections sections) {
    this.bound = bound;
    this.opening = opening;
    this.sections = sections;
  }

  /** Joins, and answers the bound to keep from now on. */
  MemoryBound join() {
    isJoined = true;
    return bound;
  }

  boolean isJoined() {
    return isJoined;
  }

  MemoryBound bound() {
    return bound;
  }

  Lifetime.Opening opening() {
    return opening;
  }

  ReadSections sections() {
    return sections;
  }
}
