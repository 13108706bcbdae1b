package io.fkvs.server.transport.uring;

/**
 * What {@link UringTransport} asks of the system. An operation's user data, which come back when it
 * completes, are its kind and the slot of its channel, or the number of the socket that listens.
 */
final class UringOperation {
  static final int ACCEPT = 0;
  static final int WAKE_UP = 1;
  static final int RECEIVE = 2;
  static final int SEND = 3;
  static final int CLOSE = 4;
  static final int WATCH = 5;
  static final int CANCEL = 6;

  /** The user data of a cancellation for which nobody waits: what it cancels tells. */
  static final long IGNORED = 7;

  private static final int KIND_BITS = 3;
  private static final int KIND_MASK = (1 << KIND_BITS) - 1;

  private UringOperation() {}

  static long userData(int kind, int slot) {
    return (long) slot << KIND_BITS | kind;
  }

  static int kind(long userData) {
    return (int) userData & KIND_MASK;
  }

  static int slot(long userData) {
    return (int) (userData >>> KIND_BITS);
  }
}
