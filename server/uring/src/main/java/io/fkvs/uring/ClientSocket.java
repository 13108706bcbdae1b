package io.fkvs.uring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.function.IntSupplier;

/**
 * A connection to a server, known by its file descriptor. Reading and writing wait, and copy: they
 * are for what is said before a ring takes the socket over. One thread at a time.
 */
public final class ClientSocket implements ByteChannel {
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_SNDTIMEO = 21;

  private final int fd;
  private Duration timeout;
  private boolean isClosed;

  private ClientSocket(int fd) {
    this.fd = fd;
  }

  /**
   * Connects to a TCP address or a Unix socket's path.
   *
   * @param address where; every address of this machine stands for its loopback, as in Java
   * @param timeout how long connecting, a read or a write may wait; zero: for ever
   * @return the socket, for the caller to close
   * @throws IOException if the system refuses, or the server does not answer in time
   */
  public static ClientSocket connect(SocketAddress address, Duration timeout) throws IOException {
    SocketAddress server =
        RawAddress.isOfEveryFamily(address)
            ? new InetSocketAddress(
                InetAddress.getLoopbackAddress(), ((InetSocketAddress) address).getPort())
            : address;
    int family = RawAddress.familyOf(server);
    ClientSocket socket =
        new ClientSocket(check(Libc.socket(family, ServerSocket.SOCK_STREAM_CLOEXEC)));
    try (Arena arena = Arena.ofConfined()) {
      socket.waitFor(timeout);
      MemorySegment raw = RawAddress.encode(server, family, arena);
      socket.checkInTime(() -> Libc.connect(socket.fd, raw));
      if (family != RawAddress.AF_UNIX) {
        check(Libc.setOption(socket.fd, ServerSocket.IPPROTO_TCP, ServerSocket.TCP_NODELAY, 1));
      }
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void waitFor(Duration timeout) throws IOException {
    check(Libc.setTimeout(fd, SO_RCVTIMEO, timeout));
    check(Libc.setTimeout(fd, SO_SNDTIMEO, timeout)); // connecting counts as sending
    this.timeout = timeout;
  }

  /**
   * Lifts the limit on waiting.
   *
   * @throws IOException if the system refuses
   */
  public void waitForEver() throws IOException {
    waitFor(Duration.ZERO);
  }

  /** Makes a call that may wait, and once more where a signal ended it, as a ring's do. */
  private int checkInTime(IntSupplier call) throws IOException {
    int result = call.getAsInt();
    while (result == -Errno.EINTR) {
      result = call.getAsInt();
    }
    if (result == -Errno.EAGAIN || result == -Errno.EINPROGRESS || result == -Errno.EALREADY) {
      throw new SocketTimeoutException("server is silent: timeout=" + timeout);
    }
    return check(result);
  }

  private static int check(int result) throws IOException {
    if (result < 0) {
      throw new IOException(Errno.text(result));
    }
    return result;
  }

  /**
   * The file descriptor.
   *
   * @return its number, while it is open
   */
  public int fd() {
    return fd;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    checkOpen();
    if (!target.hasRemaining()) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(target.remaining());
      int length = checkInTime(() -> Libc.receive(fd, bytes));
      target.put(bytes.asSlice(0, length).asByteBuffer());
      return length > 0 ? length : -1;
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    checkOpen();
    if (!source.hasRemaining()) {
      return 0;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(source.remaining());
      bytes.copyFrom(MemorySegment.ofBuffer(source));
      int length = checkInTime(() -> Libc.send(fd, bytes));
      source.position(source.position() + length);
      return length;
    }
  }

  private void checkOpen() throws ClosedChannelException {
    if (isClosed) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public boolean isOpen() {
    return !isClosed;
  }

  /**
   * Ends the connection, also for operations of a ring that are under way on it. Closing again does
   * nothing.
   */
  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      Libc.shutdown(fd, Libc.SHUT_RDWR);
      Libc.close(fd);
    }
  }
}
