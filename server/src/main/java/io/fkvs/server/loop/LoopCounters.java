package io.fkvs.server.loop;

/**
 * What an event loop counts of clients and of its own work since it started. Plain fields of the
 * event loop's thread.
 */
public final class LoopCounters {
  public long connections;
  public long refusedConnections;
  public long droppedConnections;
  public long foreignConnections;
  public long wrongPasswords;
  public long failedTls;
  public long sweptKeys;
  public long receivedBytes;
  public long sentBytes;

  /** Adds what another loop has counted. */
  public void add(LoopCounters other) {
    connections += other.connections;
    refusedConnections += other.refusedConnections;
    droppedConnections += other.droppedConnections;
    foreignConnections += other.foreignConnections;
    wrongPasswords += other.wrongPasswords;
    failedTls += other.failedTls;
    sweptKeys += other.sweptKeys;
    receivedBytes += other.receivedBytes;
    sentBytes += other.sentBytes;
  }
}
