package io.fkvs.server.transport.uring;

/*
 *             receiving(true)              receiving(false), or the peer has ended
 *   STOPPED -------------------> ARMED -----------------------------> CANCELLED
 *    ^  ^                         |  |                                 |     |
 *    |  +------ no buffers -------+  +---------> ENDED <---------------+     |
 *    |                                   end of the stream                   |
 *    +------------------------- the receive completes -----------------------+
 *
 * A receive is armed once and goes on by itself. Where it is wanted when it completes, it is armed
 * again at once. Every state but the last may lead to CLOSED.
 */

/** What the system does for a {@link UringChannel} with the bytes that its peer sends. */
enum Receiving {
  /** Nothing: it leaves them in the socket. */
  STOPPED,

  /** It receives them. */
  ARMED,

  /** It was asked to stop. What it receives until it has stopped is delivered all the same. */
  CANCELLED,

  /** There are no more. */
  ENDED,

  /** The channel is closed. */
  CLOSED;

  /** Says whether a state may follow this one. */
  boolean leadsTo(Receiving next) {
    return switch (this) {
      case STOPPED -> next == ARMED || next == CLOSED;
      case ARMED -> next == STOPPED || next == CANCELLED || next == ENDED || next == CLOSED;
      case CANCELLED -> next == STOPPED || next == ENDED || next == CLOSED;
      case ENDED -> next == CLOSED;
      case CLOSED -> false;
    };
  }

  /** Says whether a receive is under way. */
  boolean isUnderWay() {
    return this == ARMED || this == CANCELLED;
  }
}
