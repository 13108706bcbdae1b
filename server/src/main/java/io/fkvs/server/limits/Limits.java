package io.fkvs.server.limits;

import io.fkvs.store.StoreConfig;

/** The server's limits, each with the reason for its number. */
public final class Limits {
  /** Requests looked up together: the depth at which cache misses overlap as much as they will. */
  public static final int BATCH_REQUESTS = 128;

  /** What one connection may read in one cycle: about a thousand small requests. */
  public static final int READ_SHARE_BYTES = 64 << 10;

  /** What all connections may receive before a batch must be executed; stays in the cache. */
  public static final int ARRIVALS_BYTES = 256 << 10;

  /** The least memory a buffer has: a pipeline of 128 small replies, with room to spare. */
  public static final int SMALLEST_BUFFER_BYTES = 16 << 10;

  /**
   * Larger buffers, which only requests with large values need, go back to the system at once. A
   * large reply is written in pieces of this length instead, which are given back as they are sent
   * (docs/decisions/0002).
   */
  public static final int LARGEST_POOLED_BUFFER_BYTES = 1 << 20;

  /** What the pool keeps of each size for the next connection that needs a buffer. */
  public static final int POOLED_BYTES_PER_SIZE = 4 << 20;

  /** What the pool keeps of the largest: the pieces of a value of the default maximum length. */
  public static final int POOLED_BYTES_OF_LARGEST =
      StoreConfig.DEFAULT_MAX_VALUE_BYTES + LARGEST_POOLED_BUFFER_BYTES;

  /** What may be encoded for one connection in one cycle before the others have their turn. */
  public static final int REPLY_SHARE_BYTES = 256 << 10;

  /** The keys that one SCAN may ask for: a millisecond's work. More are as many SCANs. */
  public static final int SCAN_KEYS = 1024;

  /** The keys that a SCAN asks the store for at a time: at most 1 MiB of the longest. */
  public static final int SCAN_STEP_KEYS = 16;

  /** How often one SCAN may ask the store, which may find few keys in a table that has shrunk. */
  public static final int SCAN_STEPS = 256;

  /**
   * The bytes that one cycle stores and encodes, and those that it receives and sends: a
   * millisecond's work where the memory is in use already, some more where it is fresh.
   */
  public static final int CYCLE_BYTES = 4 << 20;

  /** What is sent of a large output before the others have their turn: a socket takes no more. */
  public static final int SEND_SHARE_BYTES = 256 << 10;

  /** Unread replies of up to this length are sent whatever the cycle has sent before. */
  public static final int SMALL_OUTPUT_BYTES = 64 << 10;

  /**
   * One part in so many of the memory for clients is kept for those that need the smallest buffer
   * alone. With the defaults, 64 MiB for 1,024 clients that need one of 16 KiB in and one out.
   */
  public static final int SMALL_PART_OF_CLIENT_MEMORY = 4;

  /** One client may have one part in so many of what is left unread by all. */
  public static final int UNREAD_PART = 4;

  /**
   * How long clients may wait for memory without that one of them gets it, before the client that
   * holds most is dropped: one that sends 3 MB a second has sent a value of the default maximum.
   */
  public static final long SHORTAGE_MS = 5_000;

  /** The least memory for clients: the arrivals of a cycle, and what some clients need beside. */
  public static final long LEAST_CLIENT_MEMORY_BYTES = 8L << 20;

  /** How long a client may leave replies unread before it is dropped. */
  public static final long STALLED_MS = 60_000;

  /** How long a connection that was told to end may take to read the rest and close. */
  public static final long LINGER_MS = 1_000;

  /** The longest sleep, so the most by which a client that ran out of time is noticed late. */
  public static final long TICK_MS = 100;

  /** Places of the table that the sweep examines per millisecond: 10 M entries in 80 s. */
  public static final int SWEEP_PLACES_PER_MS = 128;

  /** The most places in one sweep, so that it stays well under a millisecond. */
  public static final int SWEEP_PLACES = 4096;

  /**
   * The time between two log lines of a kind that clients can bring about (refused, dropped), so
   * that a flood does not fill the disk: a line a second shows what goes on.
   */
  public static final long CLIENT_LOG_MS = 1_000;

  /**
   * How long a client may keep the place beyond the most clients once another wants it: enough to
   * ask INFO, too short for a program that leaks connections to hold it.
   */
  public static final long SPARE_PLACE_MS = 1_000;

  /**
   * What must come of a request that is not complete after the time for it, on average: 16 KB a
   * second, less than any network that is of use. Whoever sends a byte a second has too little, and
   * a value of 1 GiB gets the time that it takes.
   */
  public static final long REQUEST_BYTES_PER_MS = 16;

  /** Connections that the system may queue before they are accepted: a burst of clients. */
  public static final int ACCEPT_BACKLOG = 1024;

  /** Connections accepted in one cycle before those already there have their turn. */
  public static final int ACCEPTS_PER_CYCLE = 64;

  /**
   * Operations that a cycle of io_uring hands over with one system call; more take a call in
   * between. A thousand connections send and receive in one.
   */
  public static final int URING_SUBMISSIONS = 1024;

  /** Completions that fit the memory shared with the system; more wait there. */
  public static final int URING_COMPLETIONS = 4096;

  /** The parts in which {@link #ARRIVALS_BYTES} are given back: a deep pipeline fits one. */
  public static final int URING_BUFFER_BYTES = 16 << 10;

  /** How often a closing transport asks for operations that have not ended, for 1 ms each. */
  public static final int URING_CLOSE_POLLS = 1000;

  /** How long a client may take for the handshake of TLS: several round trips of a slow network. */
  public static final long TLS_HANDSHAKE_MS = 10_000;

  /** How long the last records of a closed channel may wait for the socket to take them. */
  public static final long TLS_CLOSE_MS = 1_000;

  /** The threads that compute handshakes: one may be busy with a slow signature. */
  public static final int TLS_THREADS = 2;

  /** The threads that answer those who watch: one scrapes, one checks, two may be slow to ask. */
  public static final int METRICS_THREADS = 4;

  /** How long those who watch wait for the event loop before they call it stuck. */
  public static final long METRICS_PATIENCE_MS = 2_000;

  /** How long a stopping server waits for replies in flight to be taken. */
  public static final long STOP_MS = 2_000;

  /** How long a stopping server waits for clients to see its end and close. */
  public static final long STOP_LINGER_MS = 250;

  /**
   * Changes that wait to be written to the disk: a quarter of a second of the most there can be.
   */
  public static final long BACKLOG_BYTES = 64L << 20;

  /**
   * Entries that are scanned for a base at a time: a tenth of a millisecond. Fewer would take as
   * long, because a scan walks whole segments of up to 840.
   */
  public static final int BASE_STEP_ENTRIES = 1_000;

  /** So many times in a cycle that serves clients. */
  public static final int BASE_STEPS = 1;

  /** So many times in a cycle that does nothing else: under a millisecond. */
  public static final int IDLE_BASE_STEPS = 8;

  private Limits() {}
}
