package io.fkvs.server.transport.tls;

import static javax.net.ssl.SSLEngineResult.HandshakeStatus.NEED_WRAP;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.transport.Channel;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/**
 * The records that one channel sends. They lie in a buffer that is lent from the moment that they
 * are made until the socket has taken them. Belongs to the thread of the event loop.
 */
final class Records {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** The most plaintext of a record. */
  private static final int RECORD_BYTES = 16 << 10;

  /** What a record has at the most beside its plaintext, in any cipher suite. */
  private static final int OVERHEAD_BYTES = 330;

  /** So many records fill a buffer of 64 KiB: as much as a socket takes at once. */
  private static final int MOST_RECORDS = 3;

  private final SSLEngine engine;
  private final Channel socket;
  private final BufferPool pool;
  private Buffer buffer;

  Records(SSLEngine engine, Channel socket, BufferPool pool) {
    this.engine = engine;
    this.socket = socket;
    this.pool = pool;
  }

  /** Says whether the socket has yet to take records. */
  boolean arePending() {
    return buffer != null;
  }

  /** Makes records of what the engine itself has to say: a handshake, an alert, the end. */
  void wrap() throws SSLException {
    wrap(NOTHING);
  }

  /**
   * Makes records of plaintext, and of what the engine has to say before. None may be pending.
   *
   * @return how much of the plaintext they hold
   */
  int wrap(ByteBuffer plaintext) throws SSLException {
    int before = plaintext.remaining();
    int packetBytes = engine.getSession().getPacketBufferSize();
    buffer = pool.take(capacity(before, packetBytes));
    try {
      fill(plaintext, packetBytes);
    } catch (SSLException | RuntimeException e) {
      release();
      throw e;
    }
    return before - plaintext.remaining();
  }

  private void fill(ByteBuffer plaintext, int packetBytes) throws SSLException {
    SSLEngineResult result;
    do {
      result = engine.wrap(plaintext, buffer.bytes(buffer.end, buffer.room()));
      buffer.end += result.bytesProduced();
    } while (result.getStatus() == SSLEngineResult.Status.OK
        && result.bytesProduced() > 0
        && buffer.room() >= packetBytes
        && (plaintext.hasRemaining() || engine.getHandshakeStatus() == NEED_WRAP));
    if (plaintext.hasRemaining() && result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new SSLException("the peer takes no more");
    }
  }

  private static int capacity(int plaintextBytes, int packetBytes) {
    int records = Math.clamp(Math.ceilDiv(plaintextBytes, RECORD_BYTES), 1, MOST_RECORDS);
    return (records - 1) * (RECORD_BYTES + OVERHEAD_BYTES) + packetBytes;
  }

  /** Hands the records to the socket, and says whether it took all. The socket may break. */
  boolean send() {
    while (buffer != null && buffer.length() > 0) {
      int length = buffer.length();
      int sent = socket.send(buffer, buffer.start, length);
      if (buffer == null) { // the socket broke
        return false;
      }
      buffer.start += sent;
      if (sent < length) {
        return false;
      }
    }
    release();
    return true;
  }

  /** The socket took more of what it had not taken; says whether that was all. */
  boolean onSent(int length) {
    if (buffer == null) {
      return true;
    }
    buffer.start += length;
    return send();
  }

  /** Gives the buffer back: the socket is closed, or has taken all. */
  void release() {
    if (buffer != null) {
      pool.give(buffer);
      buffer = null;
    }
  }
}
