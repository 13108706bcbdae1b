package io.fkvs.server.command;

import io.fkvs.wire.Command;

/**
 * What is counted of requests since the server started. Plain fields of the event loop's thread.
 */
public final class RequestCounters {
  /** Where {@link #byCommand} counts the requests of clients of Redis, all together. */
  public static final int RESP = Command.values().length;

  /** Those carried out, by the ordinal number of their command. */
  public final long[] byCommand = new long[RESP + 1];

  public long requests;
  public long errors;
  public long batches;
  public long hits;
  public long misses;
}
