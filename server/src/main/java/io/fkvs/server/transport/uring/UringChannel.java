package io.fkvs.server.transport.uring;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.Sockets;
import io.fkvs.uring.Errno;
import io.fkvs.uring.Libc;
import io.fkvs.uring.RawAddress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/*
 * Receiving: see the states. What had been received when it was to stop is delivered all the same:
 * nobody else would deliver it.
 *
 * Sending: one operation at a time. Closing amid one must not leave the system with an address of
 * memory that goes to another owner. So an operation that was not handed over yet is taken back; one
 * that waits for the peer to read fails when the socket is shut down, and does not look at the
 * memory again.
 */

/** A socket of {@link UringTransport}. */
final class UringChannel implements Channel {
  private final UringTransport transport;
  private final int fd;
  private final String peer;
  private final boolean isLocal;
  private final boolean isUnix;
  private final int listener;
  private final int slot;
  private Handler handler;

  private Receiving state = Receiving.STOPPED;

  /** Whether the handler wants to receive. */
  private boolean isWanted = true;

  /** Whether the end of the stream is watched for. */
  private boolean isWatched;

  private boolean isSending;
  private int sendNumber;

  /** Operations that have not completed. */
  private int underWay;

  /**
   * Takes a socket over.
   *
   * @throws IOException if the client has gone already
   */
  UringChannel(UringTransport transport, int fd, int listener, Slots slots) throws IOException {
    this.transport = transport;
    this.fd = fd;
    this.listener = listener;
    SocketAddress address = RawAddress.peer(fd);
    this.peer = Sockets.text(address);
    this.isLocal = Sockets.isLocal(address);
    isUnix = !(address instanceof InetSocketAddress);
    this.slot = slots.add(this);
  }

  /** Begins to receive, or closes where nobody handles it. */
  void open(Handler handler) {
    this.handler = handler;
    if (handler == null) {
      close();
      return;
    }
    isWatched = true;
    transport.watchEnd(this);
    if (isWanted) {
      arm(true);
    }
  }

  private void enter(Receiving next) {
    assert state.leadsTo(next) : "no such step: from=" + state + ", to=" + next;
    state = next;
  }

  int fd() {
    return fd;
  }

  int slot() {
    return slot;
  }

  boolean isClosed() {
    return state == Receiving.CLOSED;
  }

  /** An operation was submitted. */
  void begun() {
    underWay++;
  }

  /** An operation has completed; answers how many are left. */
  int ended() {
    return --underWay;
  }

  // ---- receiving

  @Override
  public void receiving(boolean on) {
    isWanted = on;
    if (on && state == Receiving.STOPPED) {
      arm(false);
    } else if (!on && state == Receiving.ARMED) {
      cancel();
    }
  }

  private void cancel() {
    enter(Receiving.CANCELLED);
    transport.cancelReceive(this);
  }

  /**
   * A cancellation has completed. It fails where the system was busy with the receive just then,
   * and is tried again (liburing issue 1375).
   */
  void onCancelled(int result) {
    if (result < 0 && state == Receiving.CANCELLED) {
      transport.cancelReceive(this);
    }
  }

  /** The peer has ended, which the receive may have missed; armed again, it does not. */
  void onPeerEnded() {
    isWatched = false;
    if (state == Receiving.ARMED) {
      cancel();
    }
  }

  private void arm(boolean pollsFirst) {
    enter(Receiving.ARMED);
    transport.receive(this, pollsFirst);
  }

  void onReceived(MemorySegment bytes, long offset, int length) {
    try {
      handler.onReceived(bytes, offset, length);
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  /** Receiving ended, perhaps with bytes that are delivered apart from this. */
  void onReceiveEnded(int result) {
    if (state == Receiving.CLOSED) {
      return;
    }
    if (result == 0) {
      enter(Receiving.ENDED);
      tellOfEnd();
      return;
    }
    enter(Receiving.STOPPED);
    if (result < 0 && !isPassing(result)) {
      broken(new IOException(Errno.text(result)));
    } else if (isWanted) {
      arm(false);
    }
  }

  private void tellOfEnd() {
    try {
      handler.onEnd();
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  private static boolean isPassing(int result) {
    return result == -Errno.ENOBUFS
        || result == -Errno.ECANCELED
        || result == -Errno.EAGAIN
        || result == -Errno.EINTR;
  }

  // ---- sending

  @Override
  public int send(Buffer buffer, int offset, int length) {
    if (state != Receiving.CLOSED) {
      isSending = true;
      sendNumber = transport.send(this, buffer.memory().address() + offset, length);
    }
    return 0;
  }

  void onSendEnded(int result) {
    isSending = false;
    if (state == Receiving.CLOSED) {
      return;
    }
    try {
      if (result >= 0 || isPassing(result)) {
        handler.onSent(Math.max(result, 0));
      } else {
        broken(new IOException(Errno.text(result)));
      }
    } catch (RuntimeException e) {
      broken(e);
    }
  }

  @Override
  public void finish() {
    int result = Libc.shutdown(fd, Libc.SHUT_WR);
    if (result < 0) {
      broken(new IOException(Errno.text(result)));
    }
  }

  // ---- the end

  private void broken(Exception cause) {
    close();
    handler.onBroken(cause);
  }

  @Override
  public void close() {
    if (state == Receiving.CLOSED) {
      return;
    }
    boolean hasOperations = state.isUnderWay() || isWatched;
    enter(Receiving.CLOSED);
    if (isSending && !transport.retract(sendNumber)) {
      Libc.shutdown(fd, Libc.SHUT_RDWR);
    }
    transport.closeSocket(this, hasOperations);
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public boolean isLocal() {
    return isLocal;
  }

  @Override
  public boolean isUnix() {
    return isUnix;
  }

  @Override
  public int listener() {
    return listener;
  }
}
