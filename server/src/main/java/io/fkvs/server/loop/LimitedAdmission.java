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

  /** The loop that has the place beyond. */
  private static final int FIRST_LOOP = 0;

  private final Places places;
  private final int loopNumber;

  /** The client that is there beyond the most, and since when, while there are so many. */
  private Connection spare;

  private long spareSinceMs;

  /**
   * Creates the admission of the only loop.
   *
   * @param maxClients the most clients, the one in the place beyond not counted
   */
  public LimitedAdmission(int maxClients) {
    this(new Places(maxClients, 1), FIRST_LOOP);
  }

  /**
   * Creates the admission of one loop of several.
   *
   * @param places the places of all loops
   * @param loopNumber the loop's number, from 0 on
   */
  public LimitedAdmission(Places places, int loopNumber) {
    this.places = places;
    this.loopNumber = loopNumber;
  }

  @Override
  public boolean admit(Channel channel, LoopContext loop) {
    boolean mayBeBeyond = channel.isLocal() && loopNumber == FIRST_LOOP;
    if (mayBeBeyond && places.taken() > places.most()) {
      freeSpare(loop.clock().elapsedMs());
    }
    if (places.take(mayBeBeyond)) {
      return true;
    }
    places.refuse(loopNumber);
    loop.clientLog().refused(channel.peer(), places.most());
    return false;
  }

  @Override
  public void onVanished() {
    places.refuse(loopNumber);
  }

  @Override
  public void onFailed() {
    places.free(loopNumber);
  }

  private void freeSpare(long nowMs) {
    if (spare != null && !spare.isClosed() && nowMs - spareSinceMs >= Limits.SPARE_PLACE_MS) {
      spare.giveWay(spareSinceMs);
    }
  }

  @Override
  public void onConnected(Connection connection, LoopContext loop) {
    if (loopNumber == FIRST_LOOP && places.taken() > places.most()) {
      spare = connection;
      spareSinceMs = loop.clock().elapsedMs();
    }
    LOGGER.log(Level.DEBUG, () -> "client connected: peer=" + connection.peer());
  }

  @Override
  public void onGone(Connection connection) {
    places.free(loopNumber);
    LOGGER.log(Level.DEBUG, () -> "client gone: peer=" + connection.peer());
  }
}
