package io.fkvs.server.transport;

import io.fkvs.server.buffer.Buffer;
import java.lang.foreign.MemorySegment;

/**
 * One client's byte stream, as a {@link Transport} sees it. Belongs to the thread of the event
 * loop. No method throws for what the peer or the network does: the handler is told.
 */
public interface Channel {
  /**
   * What a channel tells. Called on the thread of the event loop, inside {@link Transport#poll}.
   */
  interface Handler {
    /**
     * Bytes came in. They stay where they are until {@link Transport.Listener#onDelivered} or the
     * next {@link Transport#poll}.
     */
    void onReceived(MemorySegment bytes, long offset, int length);

    /** Some bytes of a range that {@link Channel#send} did not take at once have gone. */
    void onSent(int length);

    /** The peer sends no more; it may still read. */
    void onEnd();

    /** The channel broke and is closed. */
    void onBroken(Exception cause);
  }

  /**
   * Sends bytes.
   *
   * @return how many went at once, 0 to the length. Where it is less, the rest of the range must
   *     stay as it is, nothing else may be sent, until {@link Handler#onSent} tells of more or the
   *     channel is closed
   */
  int send(Buffer buffer, int offset, int length);

  /** Says whether to receive. A channel that does not receive leaves the bytes with the system. */
  void receiving(boolean on);

  /** Tells the peer that nothing more will be sent. */
  void finish();

  /** Closes the channel at once. Closing again does nothing. */
  void close();

  /** Who is at the other end, for the log. */
  String peer();

  /** Says whether the peer is on this machine and said so: over loopback or a Unix socket. */
  boolean isLocal();

  /** Says whether the peer came over a Unix socket. */
  default boolean isUnix() {
    return false;
  }

  /** Which listener the peer connected to: the number that {@link Transport#listen} was told. */
  default int listener() {
    return Transport.MAIN_LISTENER;
  }
}
