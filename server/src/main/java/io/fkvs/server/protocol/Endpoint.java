package io.fkvs.server.protocol;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/** A protocol in one event loop. Belongs to its thread. */
public interface Endpoint {
  /**
   * A client has connected to the protocol's listener.
   *
   * @param peer its address, for people
   * @param authentication whether it may be served: the session must carry out nothing else but
   *     what lets the client say the password before
   * @return the client's part
   */
  Session connect(String peer, Authentication authentication);

  /**
   * Creates a session for requests of clients of other servers: nobody reads its replies, and it is
   * not among the clients of this server.
   *
   * @param authentication says that it may be served
   * @return the session
   */
  Session stranger(Authentication authentication);

  /**
   * Says whether somebody wants to know which keys clients of other protocols change.
   *
   * @return whether {@link #onWritten} is to be called; asked after each of their requests
   */
  boolean isWatching();

  /**
   * A client of another protocol may have changed an entry.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   */
  void onWritten(MemorySegment key, long keyOffset, int keyLength);

  /** Requests are about to be carried out, one behind another: what a clock may be read for. */
  default void beginBatch() {}

  /** The last of them was carried out; the bytes of all are still where they were. */
  default void endBatch() {}

  /**
   * How many requests were carried out, for those who watch.
   *
   * @return the number of each command that was asked for, by its name
   */
  default Map<String, Long> requestCounts() {
    return Map.of();
  }
}
