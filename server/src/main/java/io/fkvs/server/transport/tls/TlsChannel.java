package io.fkvs.server.transport.tls;

import static javax.net.ssl.SSLEngineResult.HandshakeStatus.NEED_TASK;
import static javax.net.ssl.SSLEngineResult.HandshakeStatus.NEED_UNWRAP_AGAIN;
import static javax.net.ssl.SSLEngineResult.HandshakeStatus.NEED_WRAP;
import static javax.net.ssl.SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.OutOfBuffersException;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.TlsException;
import java.lang.foreign.MemorySegment;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/*
 *   socket --records--> [kept + received] --unwrap--> plaintext of the transport --> handler
 *   handler --a range--> wrap --> Records --> socket
 *
 * All that is received is unwrapped at once, whether or not the handler wants to receive: what is
 * kept of a channel is less than one record, unless a handshake is computed just then. Of a range
 * that the handler sends, the channel takes as much as fits a buffer. Until the socket has taken the
 * records of it, the channel says that it has not taken the range; so at most one buffer waits for a
 * client that does not read.
 *
 * Renegotiation (TLS 1.2) is refused: it would let a client have the server compute for ever.
 */

/**
 * A client that speaks TLS: a {@link Channel} to the event loop, and the handler of the socket.
 * Belongs to the thread of the event loop, except while its engine computes.
 */
final class TlsChannel implements Channel, Channel.Handler {
  /** What becomes of a channel. Each phase may lead to any that follows, none back. */
  private enum Phase {
    /** Who the peer is and the keys are being agreed on. */
    HANDSHAKE,

    /** Bytes of the handler's go to and fro. */
    OPEN,

    /** Closed for the handler; the socket has yet to take the last records. */
    CLOSING,

    /** Over. */
    CLOSED
  }

  private final TlsTransport transport;
  private final Channel socket;
  private final SSLEngine engine;
  private final Records records;
  private Handler handler;
  private Phase phase = Phase.HANDSHAKE;

  /** A part of a record, or what came while the engine computed. */
  private Buffer kept;

  /** Whether another thread has the engine. */
  private boolean isComputing;

  /** Whether it is over, for the thread that computes. */
  private volatile boolean isGone;

  /** Whether the handler wants to receive. */
  private boolean isWanted = true;

  /** Whether what came has to wait until the socket has taken the records of the engine's own. */
  private boolean isHeldUp;

  private boolean hasPeerEnded;

  /** Whether nothing more comes from the socket; what came may yet have to be unwrapped. */
  private boolean hasSocketEnded;

  /** Whether the socket is to be told the end when it has taken the records. */
  private boolean isFinishing;

  /** Whether the handler awaits {@link Channel.Handler#onSent}, and for how many bytes. */
  private boolean isOwed;

  private int owedBytes;

  /** When the phase began that may not last for long. */
  private long sinceNs;

  TlsChannel(TlsTransport transport, Channel socket, SSLEngine engine, long nowNs) {
    this.transport = transport;
    this.socket = socket;
    this.engine = engine;
    records = new Records(engine, socket, transport.pool());
    sinceNs = nowNs;
  }

  void handler(Handler handler) {
    this.handler = handler;
  }

  private void enter(Phase next) {
    assert next.ordinal() > phase.ordinal() : "no such step: from=" + phase + ", to=" + next;
    phase = next;
  }

  boolean isInHandshake() {
    return phase == Phase.HANDSHAKE;
  }

  /** Says whether nobody waits for what is computed. Any thread. */
  boolean isGone() {
    return isGone;
  }

  boolean isClosing() {
    return phase == Phase.CLOSING;
  }

  long sinceNs() {
    return sinceNs;
  }

  private boolean isAlive() {
    return phase == Phase.HANDSHAKE || phase == Phase.OPEN;
  }

  // ---- receiving

  @Override
  public void onReceived(MemorySegment bytes, long offset, int length) {
    if (isAlive() && !hasPeerEnded) {
      unwrap(bytes, offset, length);
    }
  }

  /** Goes on with what was kept, and with what the engine has to say. */
  private void resume() {
    if (isAlive() && !isComputing) {
      unwrap(MemorySegment.NULL, 0, 0);
    }
  }

  private void unwrap(MemorySegment bytes, long offset, int length) {
    Buffer input = null;
    try {
      input = transport.takeInput(length + (kept == null ? 0 : kept.length()));
      if (kept != null) {
        input.append(kept.memory(), kept.start, kept.length());
        releaseKept();
      }
      input.append(bytes, offset, length);
      unwrap(input);
      keep(input);
    } catch (SSLException | OutOfBuffersException e) {
      fail(e);
    } finally {
      if (input != null) {
        transport.giveInput(input);
      }
    }
  }

  private void unwrap(Buffer input) throws SSLException {
    Plaintext plaintext = transport.plaintext();
    plaintext.begin();
    isHeldUp = false;
    while (isAlive() && !isComputing && !hasPeerEnded) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == NEED_TASK) {
        compute();
      } else if (status == NEED_WRAP) {
        if (!sayHandshake()) {
          isHeldUp = true;
          break;
        }
      } else if (input.length() == 0 && status != NEED_UNWRAP_AGAIN) {
        break;
      } else if (!unwrapRecord(input, plaintext)) {
        break;
      }
      if (phase == Phase.HANDSHAKE && engine.getHandshakeStatus() == NOT_HANDSHAKING) {
        enter(Phase.OPEN);
      }
    }
    deliver(plaintext);
    if (hasPeerEnded && isAlive()) {
      handler.onEnd();
    } else if (hasSocketEnded) {
      endIfAllCame();
    }
  }

  /** The peer has ended without saying so, if there is nothing left to unwrap. */
  private void endIfAllCame() {
    if (isComputing || isHeldUp) {
      return;
    }
    if (phase == Phase.HANDSHAKE) {
      breakOff(new TlsException("the peer left amid the handshake", null));
    } else if (phase == Phase.OPEN && !hasPeerEnded) {
      hasPeerEnded = true;
      handler.onEnd();
    }
  }

  /** Unwraps a record, and says whether there may be another. */
  private boolean unwrapRecord(Buffer input, Plaintext plaintext) throws SSLException {
    if (!plaintext.hasRoom(engine.getSession().getApplicationBufferSize())) {
      deliver(plaintext);
      transport.onDelivered();
      plaintext.begin();
      return isAlive();
    }
    SSLEngineResult result =
        engine.unwrap(input.bytes(input.start, input.length()), plaintext.room());
    input.start += result.bytesConsumed();
    plaintext.added(result.bytesProduced());
    switch (result.getStatus()) {
      case CLOSED -> hasPeerEnded = true;
      case BUFFER_OVERFLOW -> throw new SSLException("record is larger than the session says");
      case BUFFER_UNDERFLOW, OK -> {}
    }
    boolean isStuck =
        result.bytesConsumed() == 0
            && result.bytesProduced() == 0
            && engine.getHandshakeStatus() == result.getHandshakeStatus()
            && result.getHandshakeStatus() != NEED_TASK
            && result.getHandshakeStatus() != NEED_WRAP;
    return result.getStatus() == SSLEngineResult.Status.OK && !isStuck;
  }

  private void deliver(Plaintext plaintext) {
    int length = plaintext.take();
    if (length > 0 && isAlive()) {
      handler.onReceived(plaintext.memory(), plaintext.taken(), length);
    }
  }

  private void keep(Buffer input) {
    if (isAlive() && !hasPeerEnded && input.length() > 0) {
      kept = transport.pool().takeUnasked(input.length());
      kept.append(input.memory(), input.start, input.length());
    }
  }

  @Override
  public void receiving(boolean on) {
    isWanted = on;
    if (isAlive() && !isComputing) {
      socket.receiving(on);
    }
  }

  // ---- the handshake

  private void compute() throws SSLException {
    if (phase == Phase.OPEN && !engine.getSession().getProtocol().equals("TLSv1.3")) {
      throw new SSLException("renegotiation is refused");
    }
    isComputing = true;
    socket.receiving(false);
    transport.compute(this, engine);
  }

  /** The engine has computed what it had to. */
  void onComputed() {
    isComputing = false;
    if (isAlive()) {
      socket.receiving(isWanted);
      resume();
    }
  }

  /** Sends what the engine has to say, and answers whether the socket took it. */
  private boolean sayHandshake() throws SSLException {
    if (records.arePending()) {
      return false;
    }
    records.wrap();
    return records.send();
  }

  /** The time for the handshake is over. */
  void onHandshakeTimeout() {
    breakOff(new TlsException("the handshake takes too long", null));
  }

  // ---- sending

  @Override
  public int send(Buffer buffer, int offset, int length) {
    if (!isAlive()) {
      return 0;
    }
    if (records.arePending() || isComputing) {
      isOwed = true;
      return 0;
    }
    int taken = 0;
    try {
      while (taken < length) {
        int wrapped = records.wrap(buffer.bytes(offset + taken, length - taken));
        if (!records.send()) {
          isOwed = isAlive();
          owedBytes = wrapped;
          return taken;
        }
        taken += wrapped;
      }
    } catch (SSLException | OutOfBuffersException e) {
      fail(e);
    }
    return taken;
  }

  @Override
  public void onSent(int length) {
    if (phase == Phase.CLOSED || !records.onSent(length)) {
      return;
    }
    if (phase == Phase.CLOSING) {
      closeSocket();
      return;
    }
    if (isFinishing) {
      isFinishing = false;
      socket.finish();
    }
    if (isOwed) {
      int bytes = owedBytes;
      isOwed = false;
      owedBytes = 0;
      handler.onSent(bytes);
    }
    if (isHeldUp || phase == Phase.HANDSHAKE) {
      resume();
    }
  }

  // ---- the end

  @Override
  public void onEnd() {
    hasSocketEnded = true;
    endIfAllCame();
  }

  @Override
  public void onBroken(Exception cause) {
    boolean wasAlive = isAlive();
    closeSocket();
    if (wasAlive) {
      handler.onBroken(cause);
    }
  }

  @Override
  public void finish() {
    if (phase == Phase.HANDSHAKE || (phase == Phase.OPEN && !isComputing && sayEnd())) {
      socket.finish();
    }
  }

  /** Says that nothing follows, and answers whether the socket took it; else it will be told. */
  private boolean sayEnd() {
    if (records.arePending()) {
      isFinishing = true;
      return false;
    }
    try {
      engine.closeOutbound();
      records.wrap();
      boolean isSent = records.send();
      isFinishing = !isSent;
      return isSent;
    } catch (SSLException | OutOfBuffersException e) { // then it ends without a word
      records.release();
      return true;
    }
  }

  /** The engine cannot go on; it has an alert for the peer, unless there is no memory. */
  private void fail(Exception cause) {
    if (isAlive()) {
      breakOff(new TlsException(cause.getMessage(), cause));
    }
  }

  private void breakOff(TlsException cause) {
    closePolitely(cause.getCause() instanceof SSLException);
    handler.onBroken(cause);
  }

  @Override
  public void close() {
    if (isAlive()) {
      closePolitely(phase == Phase.OPEN);
    }
  }

  /** Closes, perhaps with a last word, for which the socket gets a moment. */
  private void closePolitely(boolean speaks) {
    releaseKept();
    if (speaks && !isComputing && !records.arePending() && !sayEnd() && records.arePending()) {
      enter(Phase.CLOSING);
      sinceNs = transport.closing(this);
    } else {
      closeSocket();
    }
  }

  /** Closes at once. Closing again does nothing. */
  void closeSocket() {
    if (phase != Phase.CLOSED) {
      enter(Phase.CLOSED);
      isGone = true;
      socket.close();
      release();
    }
  }

  /** Gives the memory back, after the socket was closed. */
  private void release() {
    releaseKept();
    records.release();
  }

  private void releaseKept() {
    if (kept != null) {
      transport.pool().give(kept);
      kept = null;
    }
  }

  @Override
  public String peer() {
    return socket.peer();
  }

  @Override
  public boolean isLocal() {
    return socket.isLocal();
  }

  @Override
  public int listener() {
    return socket.listener();
  }
}
