package io.fkvs.server.loop;

import io.fkvs.server.transport.Channel;

/** Decides who may be a client of an event loop. Belongs to the thread of the event loop. */
public interface Admission {
  /**
   * Lets a client in or turns it away.
   *
   * @param loop where it wants to
   * @return whether it was let in
   */
  boolean admit(Channel channel, LoopContext loop);

  /** A client has gone that nobody had asked for yet. */
  default void onVanished() {}

  /** A client that was let in could not be connected. */
  default void onFailed() {}

  /** A client that was let in is connected. */
  default void onConnected(Connection connection, LoopContext loop) {}

  /** A client has gone. */
  default void onGone(Connection connection) {}
}
