package io.fkvs.server.command;

/**
 * What is counted of requests since the server started. Plain fields of the event loop's thread.
 */
public final class RequestCounters {
  public long requests;
  public long errors;
  public long batches;
  public long hits;
  public long misses;
}
