package io.fkvs.server.loop;

import io.fkvs.server.command.FirstBytes;
import io.fkvs.server.transport.TlsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Counts and logs the clients that the server refuses or drops; not each of many, so that nobody
 * can fill the disk. Belongs to the thread of the event loop.
 */
public final class ClientLog {
  private static final Logger LOGGER = System.getLogger(ClientLog.class.getName());

  private final LoopCounters counters;
  private final CycleClock clock;
  private final LimitedLog refusals = new LimitedLog(LOGGER);
  private final LimitedLog drops = new LimitedLog(LOGGER);
  private final LimitedLog foreigners = new LimitedLog(LOGGER);
  private final LimitedLog guesses = new LimitedLog(LOGGER);
  private final LimitedLog tlsFailures = new LimitedLog(LOGGER);

  ClientLog(LoopCounters counters, CycleClock clock) {
    this.counters = counters;
    this.clock = clock;
  }

  /** A client was not let in. */
  void refused(String peer, int maxClients) {
    counters.refusedConnections++;
    refusals.log(
        clock.elapsedMs(),
        Level.WARNING,
        () ->
            "client refused, too many are connected: peer="
                + peer
                + ", maxClients="
                + maxClients
                + ", refusedSoFar="
                + counters.refusedConnections);
  }

  /** A client speaks another protocol and is sent away. */
  void foreign(String peer, FirstBytes protocol) {
    counters.foreignConnections++;
    foreigners.log(
        clock.elapsedMs(),
        Level.WARNING,
        () ->
            (protocol == FirstBytes.CLASSIC
                    ? "client refused, a password is set and classic cannot say it: peer="
                    : "client refused, it speaks another protocol: peer=")
                + peer
                + ", protocol="
                + protocol);
  }

  /** A client and the server could not speak TLS with each other. */
  void tlsFailed(String peer, TlsException cause) {
    counters.failedTls++;
    tlsFailures.log(
        clock.elapsedMs(),
        Level.WARNING,
        () -> "client dropped, TLS failed: peer=" + peer + ", cause=" + cause.getMessage());
  }

  /** A client has said a wrong password. It stays. */
  void wrongPassword(String peer) {
    counters.wrongPasswords++;
    guesses.log(
        clock.elapsedMs(),
        Level.WARNING,
        () ->
            "client said a wrong password: peer="
                + peer
                + ", wrongSoFar="
                + counters.wrongPasswords);
  }

  /**
   * A client is dropped.
   *
   * @param waited the name of how long it had its way
   * @param sinceMs since when
   */
  void dropped(
      Level level, String reason, String peer, long unreadBytes, String waited, long sinceMs) {
    counters.droppedConnections++;
    long nowMs = clock.elapsedMs();
    drops.log(
        nowMs,
        level,
        () ->
            "client dropped, "
                + reason
                + ": peer="
                + peer
                + ", unreadBytes="
                + unreadBytes
                + ", "
                + waited
                + "="
                + (nowMs - sinceMs));
  }
}
