package io.fkvs.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/*
 *   socket --> received --unwrap--> plaintext --> the reader
 *   socket <-- records <--wrap-- the writer
 */

/** A socket that speaks TLS. The long computations of its handshake run in the caller's thread. */
final class TlsLink implements Link {
  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;

  /** What the socket gave and is not unwrapped; its bytes end at the position. */
  private ByteBuffer received;

  /** What the socket has yet to take; its bytes end at the position. */
  private ByteBuffer records;

  /** What the reader has yet to take, from the position to the limit. */
  private ByteBuffer plaintext;

  private boolean hasEnded;

  /** Whether what was received is less than a record. */
  private boolean isRecordAwaited = true;

  private TlsLink(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    int packetBytes = engine.getSession().getPacketBufferSize();
    received = ByteBuffer.allocate(packetBytes);
    records = ByteBuffer.allocate(2 * packetBytes);
    plaintext = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
  }

  /**
   * Agrees with a server on the keys.
   *
   * @param channel is connected, does not block, and is not registered with the selector for
   *     anything
   * @throws IOException if the server does not, or is not trusted, or takes too long
   */
  static TlsLink open(
      SSLContext context,
      InetSocketAddress address,
      SocketChannel channel,
      Selector selector,
      Duration timeout)
      throws IOException {
    SSLEngine engine = context.createSSLEngine(address.getHostString(), address.getPort());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate is for this host
    engine.setSSLParameters(parameters);
    TlsLink link = new TlsLink(channel, engine);
    try {
      link.shakeHands(selector, timeout);
    } catch (IOException | RuntimeException e) {
      link.close();
      throw e;
    }
    return link;
  }

  private void shakeHands(Selector selector, Duration timeout) throws IOException {
    long endNs = System.nanoTime() + Connector.millis(timeout) * 1_000_000;
    SelectionKey key = channel.register(selector, 0);
    engine.beginHandshake();
    for (HandshakeStatus status = engine.getHandshakeStatus();
        status != HandshakeStatus.NOT_HANDSHAKING || hasOutput();
        status = engine.getHandshakeStatus()) {
      if (hasOutput() || status == HandshakeStatus.NEED_WRAP) {
        write(NOTHING);
        if (hasOutput()) {
          await(selector, key, SelectionKey.OP_WRITE, endNs, timeout);
        }
      } else if (!goOn() && !receive()) {
        if (hasEnded) {
          throw new EOFException("server closed the connection amid the TLS handshake");
        }
        await(selector, key, SelectionKey.OP_READ, endNs, timeout);
      }
    }
  }

  private static void await(
      Selector selector, SelectionKey key, int operation, long endNs, Duration timeout)
      throws IOException {
    key.interestOps(operation);
    long leftMs = (endNs - System.nanoTime()) / 1_000_000;
    if (leftMs <= 0 || selector.select(ready -> {}, leftMs) == 0) {
      throw Thread.currentThread().isInterrupted()
          ? new IOException("interrupted while connecting")
          : new SocketTimeoutException("no TLS handshake within connectTimeout=" + timeout);
    }
  }

  // ---- reading

  @Override
  public int read(ByteBuffer target) throws IOException {
    int before = target.position();
    take(target);
    while (target.hasRemaining() && !plaintext.hasRemaining() && (goOn() || receive())) {
      take(target);
    }
    int length = target.position() - before;
    return length == 0 && hasEnded && !plaintext.hasRemaining() ? -1 : length;
  }

  private void take(ByteBuffer target) {
    int length = Math.min(target.remaining(), plaintext.remaining());
    target.put(target.position(), plaintext, plaintext.position(), length);
    target.position(target.position() + length);
    plaintext.position(plaintext.position() + length);
  }

  @Override
  public boolean isReadable() {
    return plaintext.hasRemaining() || !isRecordAwaited;
  }

  /** Receives, and says whether anything came. */
  private boolean receive() throws IOException {
    int length = hasEnded ? -1 : channel.read(received);
    hasEnded |= length < 0;
    isRecordAwaited &= length <= 0;
    return length > 0;
  }

  /** Unwraps a record or computes, and says whether it could. No plaintext may be left. */
  private boolean goOn() throws SSLException {
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
      return true;
    }
    plaintext.clear();
    SSLEngineResult result;
    try {
      result = engine.unwrap(received.flip(), plaintext);
    } finally {
      received.compact();
      plaintext.flip();
    }
    return switch (result.getStatus()) {
      case OK ->
          result.bytesConsumed() > 0 || engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP;
      case CLOSED -> {
        hasEnded = true;
        isRecordAwaited = true;
        yield false;
      }
      case BUFFER_UNDERFLOW -> {
        isRecordAwaited = true;
        received = withRoom(received, engine.getSession().getPacketBufferSize());
        yield false;
      }
      case BUFFER_OVERFLOW -> {
        plaintext = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
        yield true;
      }
    };
  }

  private static ByteBuffer withRoom(ByteBuffer buffer, int capacity) {
    return buffer.capacity() >= capacity
        ? buffer
        : ByteBuffer.allocate(capacity).put(buffer.flip());
  }

  // ---- writing

  @Override
  public void write(ByteBuffer source) throws IOException {
    do {
      if (hasOutput()) {
        channel.write(records.flip());
        records.compact();
        if (hasOutput()) {
          return;
        }
      }
      if (source.hasRemaining() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        wrap(source);
      }
    } while (hasOutput());
  }

  private void wrap(ByteBuffer source) throws SSLException {
    records = withRoom(records, engine.getSession().getPacketBufferSize());
    SSLEngineResult result = engine.wrap(source, records);
    if (result.getStatus() == SSLEngineResult.Status.CLOSED && source.hasRemaining()) {
      throw new SSLException("server takes no more");
    }
  }

  @Override
  public boolean hasOutput() {
    return records.position() > 0;
  }

  @Override
  public void close() {
    if (channel.isOpen()) {
      try {
        engine.closeOutbound();
        write(NOTHING);
      } catch (IOException e) {
        // The socket is closed all the same.
      }
      Connector.closeQuietly(channel);
    }
  }
}
