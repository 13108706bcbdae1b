package io.fkvs.server.command;

/** What the server counts since it started. Plain fields of the event loop's thread. */
public final class Counters {
  public long connections;
  public long refusedConnections;
  public long droppedConnections;
  public long foreignConnections;
  public long requests;
  public long errors;
  public long batches;
  public long hits;
  public long misses;
  public long sweptKeys;
  public long receivedBytes;
  public long sentBytes;
}
