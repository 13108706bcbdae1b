package io.fkvs.server.gateway;

import io.fkvs.server.replication.Replication;

/**
 * Which entries of each member have been applied. An entry that its member proposed twice is
 * applied once, and none is skipped: a member numbers its entries, and only the next one counts.
 *
 * <p>Each time that a member starts it is another incarnation, which begins with 0. An incarnation
 * has a greater number than those before, so that what is left of an older one on its way counts no
 * more. All members keep the same table, for it follows from the entries alone.
 */
final class Proposers {
  private final long[] incarnations = new long[Replication.MAX_MEMBERS];
  private final long[] sequences = new long[Replication.MAX_MEMBERS];

  /** A member has started; answers whether its incarnation is newer than the one before. */
  boolean begin(int member, long incarnation) {
    if (incarnation <= incarnations[member]) {
      return false;
    }
    incarnations[member] = incarnation;
    sequences[member] = 0;
    return true;
  }

  /** Takes an entry if it is the next one of its member; answers whether it is. */
  boolean take(int member, long incarnation, long sequence) {
    if (incarnation != incarnations[member] || sequence != sequences[member] + 1) {
      return false;
    }
    sequences[member] = sequence;
    return true;
  }

  /** The last incarnation of a member, 0 where it never started. */
  long incarnation(int member) {
    return incarnations[member];
  }

  /** The last entry that was taken of a member's last incarnation. */
  long sequence(int member) {
    return sequences[member];
  }

  /** Becomes that of a saved state. */
  void restore(int member, long incarnation, long sequence) {
    incarnations[member] = incarnation;
    sequences[member] = sequence;
  }
}
