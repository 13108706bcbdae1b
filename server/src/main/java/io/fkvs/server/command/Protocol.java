package io.fkvs.server.command;

import io.fkvs.server.buffer.Output;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import io.fkvs.wire.Request;
import java.lang.foreign.MemorySegment;

/**
 * What a protocol decides: where a request ends, what its numbers mean, and how an outcome is told.
 * {@link CommandExecutor} decides the outcome. One instance serves all the connections of an event
 * loop, on its thread; nothing is allocated.
 */
public interface Protocol {
  /** The answer of {@link #decode} while the request is not complete. */
  int INCOMPLETE = 0;

  /** The answer of {@link #deadlineMs} where the request's time to live is none. */
  long NO_TIME = -1;

  /** The latest deadline: one more would mean that there is none. */
  long LAST_DEADLINE_MS = Store.NO_DEADLINE - 1;

  /** What TTL answers for a key without a deadline. */
  long TTL_NO_DEADLINE = -1;

  /** What TTL answers for no key. */
  long TTL_NO_KEY = -2;

  /**
   * Decodes the request at the start of a range.
   *
   * @return the length of its frame in bytes, or {@link #INCOMPLETE}
   */
  int decode(MemorySegment buffer, long offset, long limit, Request request);

  /**
   * How long the request is, as far as known, of which {@link #decode} last said that it is
   * incomplete.
   *
   * @return bytes, 0 where nobody knows or it is short
   */
  int announcedLength();

  /** Says whether the next request can be found behind one that is malformed. */
  boolean isFramed();

  /** Says whether the request's amount is a signed 64-bit integer. */
  boolean hasAmount(Request request);

  /** The request's amount, where it {@linkplain #hasAmount has} one. */
  long amount(Request request);

  /** When the entry expires: a deadline, {@link Store#NO_DEADLINE} or {@link #NO_TIME}. */
  long deadlineMs(Request request, long nowMs);

  void stored(Request request, Output output);

  void value(ValueView value, Output output);

  void missing(Output output);

  void number(long number, Output output);

  void removed(boolean wasPresent, Output output);

  void expiring(boolean isPresent, Output output);

  void persisted(boolean hadDeadline, Output output);

  void timeToLive(long deadlineMs, long nowMs, Output output);

  void pong(Request request, Output output);

  void authenticated(Output output);

  void info(byte[] text, Output output);

  void keys(Request request, Store store, Output output);

  void failed(Failure failure, Output output);
}
