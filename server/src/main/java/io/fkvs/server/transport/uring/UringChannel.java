package io.fkvs.server.transport.uring;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.Sockets;
import io.fkvs.uring.Errno;
import io.fkvs.uring.Libc;
import io.fkvs.uring.RawAddress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;

/*
 * Receiving: armed once, it goes on by itself until it is cancelled (because the handler wants no
 * more for now), runs out of buffers, or the stream ends. What had been received when it was to stop
 * is delivered all the same: nobody else would.
 *
 *   idle --receiving(true)--> armed --receiving(false)--> cancelled --completion--> idle
 *     ^                         |                                                    |
 *     +------ no buffers -------+        armed again at once if it is wanted by then-+
 *
 * Sending: one operation at a time. Closing amid one must not leave the system with an address of
 * memory that goes to another owner: an operation that was not handed over yet is taken back, and
 * one that waits for the peer to read fails without another look once the socket is shut down.
 */

/** A socket of {@link UringTransport}. */
final class UringChannel implements Channel {
  private final UringTransport transport;
  private final int fd;
  private final String peer;
  private final boolean isLocal;
  private final int slot;
  private Handler handler;

  private boolean isWanted = true;
  private boolean isArmed;
  private boolean isCancelled;
  private boolean isWatched;
  private boolean hasEnded;
  private boolean isSending;
  private int sendNumber;
  private boolean isClosed;

  /** Operations that have not completed. */
  private int underWay;

  /**
   * Takes a socket over.
   *
   * @throws IOException if the client has gone already
   */
  UringChannel(UringTransport transport, int fd, UringSlots slots) throws IOException {
    this.transport = transport;
    this.fd = fd;
    SocketAddress address = RawAddress.peer(fd);
    this.peer = Sockets.text(address);
    this.isLocal = Sockets.isLocal(address);
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

  int fd() {
    return fd;
  }

  int slot() {
    return slot;
  }

  boolean isClosed() {
    return isClosed;
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
    if (isClosed || hasEnded || on == isArmed) {
      return;
    }
    if (on) {
      arm(false);
    } else {
      cancel();
    }
  }

  private void cancel() {
    if (!isCancelled) {
      isCancelled = true;
      transport.cancelReceive(this);
    }
  }

  /** Where the system was just busy with the receive, it did not find it (liburing issue 1375). */
  void onCancelled(int result) {
    if (result < 0 && isCancelled && !isClosed) {
      transport.cancelReceive(this);
    }
  }

  /** The receive may have missed it; armed again, it does not. */
  void onPeerEnded() {
    isWatched = false;
    if (!isClosed && isArmed) {
      cancel();
    }
  }

  private void arm(boolean pollsFirst) {
    isArmed = true;
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
    isArmed = false;
    isCancelled = false;
    if (isClosed) {
      return;
    }
    if (result == 0) {
      hasEnded = true;
      tellOfEnd();
    } else if (result < 0 && !isPassing(result)) {
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
    if (!isClosed) {
      isSending = true;
      sendNumber = transport.send(this, buffer.memory().address() + offset, length);
    }
    return 0;
  }

  void onSendEnded(int result) {
    isSending = false;
    if (isClosed) {
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
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (isSending && !transport.retract(sendNumber)) {
      Libc.shutdown(fd, Libc.SHUT_RDWR);
    }
    transport.closeSocket(this, isArmed || isWatched);
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public boolean isLocal() {
    return isLocal;
  }
}
