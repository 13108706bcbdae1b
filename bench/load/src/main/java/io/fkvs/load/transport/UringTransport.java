package io.fkvs.load.transport;

import io.fkvs.uring.BufferRing;
import io.fkvs.uring.ClientSocket;
import io.fkvs.uring.Completions;
import io.fkvs.uring.Errno;
import io.fkvs.uring.Platform;
import io.fkvs.uring.Ring;
import io.fkvs.uring.Submissions;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/*
 * A poll is one system call, which hands over the batches that were written since the last one,
 * lets the system receive, and waits if nothing has come.
 *
 *   poll:  give back full buffers -> enter -> take completions -> the listener reads and writes
 *            ^                                                                       |
 *            +------------- the writes are handed over with the next enter ----------+
 *
 * All wires receive into one memory (see BufferRing), from where a read copies: replies that are cut
 * go on where the connection keeps them, and the memory is free again at the next poll. Where it is
 * used up, receives end with ENOBUFS and are armed again.
 *
 * Times stay honest, if anything too long: a batch's time starts when it is written, before the call
 * that sends it, and ends when its completion is taken, after the call that received it.
 *
 * It is not the default: over TCP, seven tenths of a batch's cost are the send through the loopback
 * device, which includes the server's receive, and no way of asking the system spares it.
 *
 * Linux 6.18 can lose the end of a stream of a Unix socket that comes right behind bytes (liburing
 * issue 1549). So each wire's end is watched for as well, and a second receive is armed then, which
 * finds it; both complete in the order of the bytes.
 */

/** The ring: one system call for the batches of all connections that are ready. */
final class UringTransport implements Transport {
  /** A call hands over so many batches; where more connections are ready, it takes more calls. */
  private static final int SUBMISSIONS = 1024;

  /** What does not fit waits in the system. */
  private static final int COMPLETIONS = 4096;

  /** What one poll receives; a part of the cache, for it is read at once. */
  private static final int ARRIVALS_BYTES = 256 << 10;

  /** The parts in which it is given back: the replies to a deep pipeline fit one. */
  private static final int BUFFER_BYTES = 16 << 10;

  /** The kinds of operations, in the low bits of user data; the wire's index is above them. */
  private static final int RECEIVE = 0;

  private static final int SEND = 1;
  private static final int WATCH = 2;
  private static final int KIND_BITS = 2;
  private static final int KIND_MASK = (1 << KIND_BITS) - 1;

  private final Listener listener;
  private final Ring ring;
  private final Submissions submissions;
  private final Completions completions;
  private final BufferRing buffers;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(ARRIVALS_BYTES, Long.BYTES);
  private final ByteBuffer arrivals = memory.asByteBuffer();
  private final List<UringWire> wires = new ArrayList<>();
  private boolean hasBegun;

  UringTransport(Listener listener) throws IOException {
    this(listener, SUBMISSIONS);
  }

  /** Hands over at most so many operations in a call. */
  UringTransport(Listener listener, int submissionCount) throws IOException {
    this.listener = listener;
    Platform.check();
    ring = new Ring(submissionCount, COMPLETIONS);
    submissions = ring.submissions();
    completions = ring.completions();
    try {
      buffers = new BufferRing(ring, ARRIVALS_BYTES / BUFFER_BYTES, BUFFER_BYTES);
    } catch (IOException e) {
      ring.close();
      arena.close();
      throw e;
    }
  }

  @Override
  public Wire connect(SocketAddress address, Greeting greeting, Duration timeout)
      throws IOException {
    ClientSocket socket = ClientSocket.connect(address, timeout);
    try {
      greeting.exchange(socket);
      socket.waitForEver();
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
    UringWire wire = new UringWire(wires.size(), socket);
    wires.add(wire);
    return wire;
  }

  @Override
  public int poll(long timeoutMs) throws IOException {
    beginOnce();
    buffers.giveBack();
    ring.enter(timeoutMs);
    int count = completions.count();
    for (int i = 0; i < count; i++) {
      completions.next();
      long userData = completions.userData();
      UringWire wire = wires.get((int) (userData >>> KIND_BITS));
      switch ((int) userData & KIND_MASK) {
        case RECEIVE -> wire.onReceived();
        case SEND -> wire.onSent();
        default -> wire.receive(false);
      }
    }
    completions.release();
    return count;
  }

  /** Takes the ring over, for the thread that first writes or polls; only then it takes calls. */
  private void beginOnce() throws IOException {
    if (hasBegun) {
      return;
    }
    hasBegun = true;
    ring.enable();
    buffers.provide(memory);
    for (UringWire wire : wires) {
      submissions.watchEnd(wire.socket.fd(), wire.userData(WATCH));
      wire.receive(true);
    }
  }

  @Override
  public String name() {
    return "io_uring";
  }

  @Override
  public String toString() {
    return name();
  }

  /** The system touches no memory of a ring that is closed, so what it was given can go then. */
  @Override
  public void close() {
    for (UringWire wire : wires) {
      wire.socket.close();
    }
    ring.close();
    buffers.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private final class UringWire implements Wire {
    private final int index;
    private final ClientSocket socket;

    /** What has come and was not read. */
    private int offset;

    private int length;

    /** What ended the stream: 0 or an error. */
    private int end;

    private ByteBuffer sending;
    private long sendingAddress;
    private int sendError;

    UringWire(int index, ClientSocket socket) {
      this.index = index;
      this.socket = socket;
    }

    long userData(int kind) {
      return (long) index << KIND_BITS | kind;
    }

    void receive(boolean pollsFirst) {
      submissions.receive(socket.fd(), BufferRing.GROUP, pollsFirst, userData(RECEIVE));
    }

    void onReceived() throws IOException {
      int result = completions.result();
      boolean hasMore = completions.hasMore();
      if (completions.hasBuffer()) {
        length = Math.max(result, 0);
        offset = buffers.received(completions.buffer(), length, completions.keepsBuffer());
        while (length > 0) {
          listener.onReadable(index);
        }
      }
      if (hasMore) {
        return;
      }
      if (result > 0 || isPassing(result)) {
        receive(false);
      } else {
        end = result;
        listener.onReadable(index);
      }
    }

    private static boolean isPassing(int result) {
      return result == -Errno.ENOBUFS || result == -Errno.EAGAIN || result == -Errno.EINTR;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      if (length == 0) {
        if (end < 0) {
          throw new IOException(Errno.text(end));
        }
        return -1;
      }
      int count = Math.min(length, bytes.remaining());
      int position = bytes.position();
      bytes.put(position, arrivals, offset, count).position(position + count);
      offset += count;
      length -= count;
      return count;
    }

    @Override
    public boolean write(ByteBuffer bytes) throws IOException {
      beginOnce();
      if (sendError < 0) {
        throw new IOException(Errno.text(sendError));
      }
      if (bytes != sending) {
        sending = bytes;
        sendingAddress = MemorySegment.ofBuffer(bytes).address() - bytes.position();
      }
      submissions.send(
          socket.fd(), sendingAddress + bytes.position(), bytes.remaining(), userData(SEND));
      return false;
    }

    void onSent() throws IOException {
      int result = completions.result();
      if (result >= 0) {
        sending.position(sending.position() + result);
      } else if (!isPassing(result)) {
        sendError = result;
      }
      listener.onWritable(index);
    }
  }
}
