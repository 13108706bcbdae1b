package io.fkvs.server.resp;

import io.fkvs.store.Store;

/** Points in time at which entries expire. */
final class Deadlines {
  private Deadlines() {}

  /** A deadline that does not mean that there is none. */
  static long clamped(long deadlineMs) {
    return Math.min(deadlineMs, Store.NO_DEADLINE - 1);
  }

  /** Says whether an entry can have the deadline, or there is none. */
  static boolean isSet(long deadlineMs) {
    return deadlineMs != Store.NO_DEADLINE && deadlineMs != Store.NO_KEY;
  }
}
