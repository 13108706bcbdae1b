package io.fkvs.server.command;

import io.fkvs.server.protocol.RequestKind;
import io.fkvs.wire.Command;

/**
 * What is counted of requests since the server started. Plain fields of the event loop's thread.
 */
public final class RequestCounters {
  /** Where {@link #byCommand} begins to count the requests of clients of Redis. */
  static final int RESP = Command.values().length;

  static final int COUNT = RESP + RequestKind.values().length;

  /** Those carried out, by the ordinal number of their command or, in RESP, of their kind. */
  public final long[] byCommand = new long[COUNT];

  public long requests;
  public long errors;
  public long batches;
  public long hits;
  public long misses;

  /** Those of clients of Redis, all together. */
  public long resp() {
    long sum = 0;
    for (int i = RESP; i < COUNT; i++) {
      sum += byCommand[i];
    }
    return sum;
  }

  /** Adds what another loop has counted. */
  public void add(RequestCounters other) {
    requests += other.requests;
    errors += other.errors;
    batches += other.batches;
    hits += other.hits;
    misses += other.misses;
    for (int i = 0; i < COUNT; i++) {
      byCommand[i] += other.byCommand[i];
    }
  }
}
