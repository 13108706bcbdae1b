package io.fkvs.server.protocol;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.List;

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

  /**
   * What the protocol has opened in the loops of the server so far, in their order. Only who is
   * {@linkplain #beginAlone alone} may touch what is another loop's.
   *
   * @return the endpoints, this loop's among them once it is open
   */
  List<Endpoint> endpoints();

  /**
   * Lets no other loop work until {@link #endAlone}; the time stands still. It may be begun again
   * while it lasts.
   */
  void beginAlone();

  /** Ends what {@link #beginAlone} has begun. */
  void endAlone();

  /**
   * Gets a value for a request that changes nothing by it: another loop may change the entry before
   * the next call.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts, in bytes
   * @param keyLength its length in bytes
   * @param view the view to fill; it shows the value until the next call
   * @return whether the key is present
   */
  boolean read(MemorySegment key, long keyOffset, int keyLength, ValueView view);

  /**
   * Keeps some keys to this loop until the request is carried out, or until it uses another key:
   * nobody else sees or changes them, and what is changed becomes durable in one step.
   *
   * @param keys the keys
   */
  void hold(KeyBatch keys);

  /** Keeps all keys to this loop, which is alone, until {@link #endAlone}. */
  void holdAll();

  /**
   * Whether the server is a member of a cluster: then what a request does must follow from the
   * request and from the store alone.
   *
   * @return whether it is
   */
  boolean isReplicated();

  /** Lets the server stop after this cycle. */
  void stop();
}
