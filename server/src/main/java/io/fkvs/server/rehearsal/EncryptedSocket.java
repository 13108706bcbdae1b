package io.fkvs.server.rehearsal;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A socket that speaks TLS, and never waits: each call goes on with the handshake as far as it can.
 * It trusts everybody, for it talks to the server that it is a part of. One thread.
 */
final class EncryptedSocket implements ByteChannel {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** More than any record has. */
  private static final int RECORD_BYTES = 64 << 10;

  private final SocketChannel socket;
  private final SSLEngine engine;
  private final ByteBuffer received = ByteBuffer.allocate(RECORD_BYTES).flip();
  private final ByteBuffer unsent = ByteBuffer.allocate(RECORD_BYTES).flip();

  /** Takes what a handshake has for us: nothing. */
  private final ByteBuffer scratch = ByteBuffer.allocate(RECORD_BYTES);

  private boolean hasEnded;

  /**
   * Takes a socket over.
   *
   * @param socket the socket, connected and never waiting, for this one to close
   * @throws IOException if there is no TLS
   */
  EncryptedSocket(SocketChannel socket) throws IOException {
    this.socket = socket;
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAll()}, null);
      engine = context.createSSLEngine();
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS to practise with", e);
    }
    engine.setUseClientMode(true);
    engine.beginHandshake();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int before = source.remaining();
    while (shakesHands() && source.hasRemaining() && flush()) {
      wrap(source);
    }
    flush();
    return before - source.remaining();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int before = target.remaining();
    while (shakesHands()
        && target.remaining() >= engine.getSession().getApplicationBufferSize()
        && unwrap(target)) {}
    int count = before - target.remaining();
    return count == 0 && hasEnded ? -1 : count;
  }

  /** Goes on with the handshake; answers whether it is done. */
  private boolean shakesHands() throws IOException {
    while (flush()) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> engine.getDelegatedTask().run();
        case NEED_WRAP -> wrap(NOTHING);
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (!unwrap(scratch.clear())) {
            return false;
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return true;
        }
      }
    }
    return false;
  }

  /** Makes a record; all that was made before has been sent. */
  private void wrap(ByteBuffer source) throws SSLException {
    unsent.clear();
    SSLEngineResult result = engine.wrap(source, unsent);
    unsent.flip();
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new SSLException("the server takes no more");
    }
  }

  /** Sends what was made; answers whether the socket took all. */
  private boolean flush() throws IOException {
    while (unsent.hasRemaining()) {
      if (socket.write(unsent) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Reads a record; answers whether one had come. */
  private boolean unwrap(ByteBuffer target) throws IOException {
    while (true) {
      SSLEngineResult result = engine.unwrap(received, target);
      switch (result.getStatus()) {
        case OK -> {
          return true;
        }
        case CLOSED -> {
          hasEnded = true;
          return false;
        }
        case BUFFER_OVERFLOW -> throw new SSLException("record is larger than the session says");
        case BUFFER_UNDERFLOW -> {
          if (!receive()) {
            return false;
          }
        }
      }
    }
  }

  private boolean receive() throws IOException {
    received.compact();
    int count = socket.read(received);
    received.flip();
    hasEnded |= count < 0;
    return count > 0;
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Trusts whatever is shown. */
  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
