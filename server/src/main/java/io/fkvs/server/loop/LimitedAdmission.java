package io.fkvs.server.loop;

import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Channel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Lets in everybody until there are as many clients as there may be. One place more is kept for
 * this machine, so that somebody can look when the server is full; who comes for it makes the one
 * before go who has had it for a moment. Logs who comes and goes. Belongs to the thread of the
 * event loop.
 */
public final class LimitedAdmission implements Admission {
  private static final Logger LOGGER = System.getLogger(LimitedAdmission.class.getName());

  private final int maxClients;

  /** The client that is there beyond the most, and since when, while there are so many. */
  private Connection spare;

  private long spareSinceMs;

  /**
   * Creates an admission.
   *
   * @param maxClients the most clients, the one in the place beyond not counted
   */
  public LimitedAdmission(int maxClients) {
    this.maxClients = maxClients;
  }

  @Override
  public boolean admit(Channel channel, LoopContext loop) {
    Clients clients = loop.clients();
    if (clients.count() >= maxClients && channel.isLocal()) {
      freeSpare(clients, loop.clock().elapsedMs());
    }
    if (clients.count() < maxClients || (channel.isLocal() && clients.count() == maxClients)) {
      return true;
    }
    loop.clientLog().refused(channel.peer(), maxClients);
    return false;
  }

  private void freeSpare(Clients clients, long nowMs) {
    if (clients.count() > maxClients && nowMs - spareSinceMs >= Limits.SPARE_PLACE_MS) {
      spare.giveWay(spareSinceMs);
    }
  }

  @Override
  public void onConnected(Connection connection, LoopContext loop) {
    if (loop.clients().count() > maxClients) {
      spare = connection;
      spareSinceMs = loop.clock().elapsedMs();
    }
    LOGGER.log(Level.DEBUG, () -> "client connected: peer=" + connection.peer());
  }

  @Override
  public void onGone(Connection connection) {
    LOGGER.log(Level.DEBUG, () -> "client gone: peer=" + connection.peer());
  }
}
