package io.fkvs.store;

/**
 * When {@link KeyValueStore#expire(DeadlineCondition, java.lang.foreign.MemorySegment, long, int,
 * long)} is to set a deadline. An entry without a deadline counts as one that expires after all
 * others.
 */
public enum DeadlineCondition {
  /** Whatever the present deadline is. */
  ALWAYS,

  /** Only where the entry has no deadline. */
  IF_NONE,

  /** Only where the entry has a deadline. */
  IF_ANY,

  /** Only where the entry would live longer. */
  IF_LATER,

  /** Only where the entry would live less long. */
  IF_EARLIER,

  /** Only where the entry has a deadline and would live less long. */
  IF_ANY_AND_EARLIER;

  /**
   * Decides for a present entry.
   *
   * @param presentMs its deadline, or {@link KeyValueStore#NO_DEADLINE}
   * @param deadlineMs the new deadline, or {@link KeyValueStore#NO_DEADLINE}
   * @return whether the new one is to be set
   */
  public boolean allows(long presentMs, long deadlineMs) {
    boolean hasDeadline = presentMs != KeyValueStore.NO_DEADLINE;
    return switch (this) {
      case ALWAYS -> true;
      case IF_NONE -> !hasDeadline;
      case IF_ANY -> hasDeadline;
      case IF_LATER -> deadlineMs > presentMs;
      case IF_EARLIER -> deadlineMs < presentMs;
      case IF_ANY_AND_EARLIER -> hasDeadline && deadlineMs < presentMs;
    };
  }
}
