package io.fkvs.server.protocol;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.store.Store;

/** What an event loop gives to a protocol that runs in it. Belongs to the thread of the loop. */
public interface Host {
  /**
   * The store that requests work on. Its clock stands still while a request is carried out.
   *
   * @return the store, which the server closes
   */
  Store store();

  /**
   * Lends memory that a client's requests and replies need. All of it is bounded.
   *
   * @return the pool
   */
  BufferPool pool();

  /**
   * Claims memory for a reply, before any of it is written and before anything is changed.
   *
   * @param output where the reply will go
   * @param bytes how long it will be
   * @return whether there is memory; if not, {@link Session#execute} has to answer false
   */
  boolean claim(Output output, int bytes);

  /** Counts a request that was refused. */
  void countError();

  /** Counts a look-up that found its key. */
  void countHit();

  /** Counts a look-up that found no key. */
  void countMiss();

  /**
   * Counts and logs a client that speaks the protocol of browsers. The session ends it.
   *
   * @param peer its address
   */
  void reportBrowser(String peer);

  /**
   * Reads the monotonic clock, which takes tens of nanoseconds, or more on some systems.
   *
   * @return nanoseconds since any moment
   */
  long nanoTime();

  /**
   * Which requests are to be remembered for being slow.
   *
   * @return what the configuration says
   */
  SlowRequests slowRequests();

  /** Sets the counters to zero that tell what was done, as far as an operator may do so. */
  void resetCounters();

  /**
   * What the server is and what it did, for people.
   *
   * @return the figures of this moment
   */
  Figures figures();

  /**
   * The length of the longest value.
   *
   * @return bytes
   */
  int maxValueBytes();

  /** Lets the server stop after this cycle. */
  void stop();
}
