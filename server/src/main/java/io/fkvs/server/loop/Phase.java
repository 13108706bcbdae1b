package io.fkvs.server.loop;

/*
 *              peer ends
 *   OPEN ------------------> PEER_ENDED ---- answered, sent ----> CLOSED
 *    |                           ^                                  ^
 *    | end()           peer ends |                                  |
 *    v                           |                                  |
 *   ENDING ----------------------+                                  |
 *    |                                                              |
 *    | answered, sent                                               |
 *    v                                                              |
 *   LINGERING ------------ peer ends, or the time is over ----------+
 *
 * A connection that was told to end does not close when its replies are sent: if bytes of the peer
 * lie unread then, the system throws away replies that the peer has not read. It says that it sends
 * no more, ignores what comes, and waits for the peer to close. Every phase but the last may go to
 * CLOSED at once, when the channel breaks or the client is dropped.
 */

/** How far a {@link Connection} is on its way to the end. */
enum Phase {
  /** Takes requests and answers them. */
  OPEN,

  /** The peer sends no more: answers what has come, then closes. */
  PEER_ENDED,

  /** This side is to end: answers what has come, ignores the rest. */
  ENDING,

  /** All is sent, and the peer was told so: waits for it to close. */
  LINGERING,

  /** Over. */
  CLOSED;

  /** Says whether a phase may follow this one. */
  boolean leadsTo(Phase next) {
    return switch (this) {
      case OPEN -> next == PEER_ENDED || next == ENDING || next == CLOSED;
      case ENDING -> next == PEER_ENDED || next == LINGERING || next == CLOSED;
      case PEER_ENDED, LINGERING -> next == CLOSED;
      case CLOSED -> false;
    };
  }
}
