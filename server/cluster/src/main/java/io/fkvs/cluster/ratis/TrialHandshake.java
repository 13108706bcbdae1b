package io.fkvs.cluster.ratis;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** A handshake of two engines of one thread, with no network between them. */
final class TrialHandshake {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private TrialHandshake() {}

  /**
   * Brings it to its end, on both sides.
   *
   * @throws SSLException if one refuses the other
   */
  static void run(SSLEngine client, SSLEngine server) throws SSLException {
    ByteBuffer toServer = buffer(client);
    ByteBuffer toClient = buffer(client);
    client.beginHandshake();
    server.beginHandshake();
    while (server.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
      advance(client, toClient, toServer);
      if (toServer.position() == 0) {
        throw new SSLHandshakeException("handshake does not end");
      }
      advance(server, toServer, toClient);
    }
  }

  private static ByteBuffer buffer(SSLEngine engine) {
    return ByteBuffer.allocate(2 * engine.getSession().getPacketBufferSize());
  }

  /** Does what an engine can do until it has to hear more, or to be heard. */
  private static void advance(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    Status status = Status.OK;
    while (status == Status.OK) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> status = engine.wrap(NOTHING, out).getStatus();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          in.flip();
          status = engine.unwrap(in, NOTHING).getStatus();
          in.compact();
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
      }
    }
  }
}
