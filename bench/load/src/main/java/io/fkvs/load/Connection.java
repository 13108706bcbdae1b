package io.fkvs.load;

import io.fkvs.load.dialect.ReplyChecker;
import io.fkvs.load.transport.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One client of the server: it sends a batch of requests, waits until the last of their replies is
 * in, and is idle until the next batch begins.
 *
 * <p>Belongs to one thread. Between {@link #prepare} and the next, nothing is allocated.
 */
final class Connection {
  /**
   * A batch is encoded in pieces of this size where it is longer, so that a thousand connections
   * with long values fit the memory, and a piece is still in the cache when it is written.
   */
  private static final int MAX_PIECE_BYTES = 256 << 10;

  /** Room for an error message where a short reply was expected. */
  private static final int REPLY_SLACK_BYTES = 16 << 10;

  private static final long[] NONE = {};

  private final int index;
  private final Wire wire;
  private ByteBuffer out = ByteBuffer.allocateDirect(0);
  private ByteBuffer in = ByteBuffer.allocateDirect(0);
  private RequestSource source;
  private long[] expectations = NONE;
  private int count;
  private int encoded;
  private int received;
  private int kept;
  private long intendedNs;

  /** The number of this connection's next batch in an open loop's schedule. */
  private long nextBatch;

  Connection(int index, Wire wire) {
    this.index = index;
    this.wire = wire;
  }

  /** Sets up the buffers for a phase. The connection must be idle. */
  void prepare(RequestSource source, int depth, int replyLength) {
    this.source = source;
    expectations = new long[depth];
    count = encoded = received = kept = 0;
    nextBatch = index;
    long batchBytes = (long) depth * source.maxLength();
    out = buffer(Math.max(source.maxLength(), (int) Math.min(batchBytes, MAX_PIECE_BYTES)));
    source.prepare(out);
    out.limit(0);
    long repliesBytes = (long) depth * replyLength;
    // Eight spare bytes, because a reply is compared a word at a time.
    in =
        buffer(
            Math.max(replyLength, (int) Math.min(repliesBytes, MAX_PIECE_BYTES))
                + REPLY_SLACK_BYTES
                + Long.BYTES);
  }

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  int index() {
    return index;
  }

  boolean idle() {
    return received == count && !out.hasRemaining();
  }

  /** When the batch in flight was meant to be sent. */
  long intendedNs() {
    return intendedNs;
  }

  long nextBatch() {
    return nextBatch;
  }

  void nextBatch(long batch) {
    nextBatch = batch;
  }

  /** Sends a batch, or as much of it as the socket takes. */
  void begin(int count, long intendedNs) throws IOException {
    this.count = count;
    this.intendedNs = intendedNs;
    encoded = 0;
    received = 0;
    source.choose(expectations, 0, count);
    send();
  }

  /** Goes on sending the batch, until all is sent or the wire tells later that it takes more. */
  void send() throws IOException {
    boolean taken = true;
    while (taken && (out.hasRemaining() || encoded < count)) {
      if (!out.hasRemaining()) {
        encoded = source.encode(out, expectations, encoded, count);
      }
      taken = wire.write(out);
    }
  }

  /** Reads once, checks what came, and answers how many replies were complete. */
  int receive(ReplyChecker checker) throws IOException {
    ByteBuffer in = this.in;
    in.limit(in.capacity() - Long.BYTES).position(kept);
    if (!in.hasRemaining()) {
      throw new IOException("reply is too long: bytes=" + kept + ", connection=" + index);
    }
    if (wire.read(in) < 0) {
      throw new EOFException("server closed the connection: connection=" + index);
    }
    int limit = in.position();
    in.clear();
    int replies = checker.check(in, limit, expectations, received, encoded);
    received += replies;
    kept = limit - in.position();
    if (kept > 0) {
      in.limit(limit).compact();
    }
    return replies;
  }
}
