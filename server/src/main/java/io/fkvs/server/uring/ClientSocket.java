package io.fkvs.server.uring;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;

/**
 * A connection to a server, known by its file descriptor. Reading and writing wait, and copy: they
 * are for what is said before a ring takes the socket over. One thread at a time.
 */
public final class ClientSocket implements ByteChannel {
  private final int fd;
  private boolean isClosed;

  private ClientSocket(int fd) {
    this.fd = fd;
  }

  /**
   * Connects to a TCP address or a Unix socket's path.
   *
   * @param address where; every address of this machine stands for its loopback, as in Java
   * @return the socket, for the caller to close
   * @throws IOException if the system refuses
   */
  public static ClientSocket connect(SocketAddress address) throws IOException {
    SocketAddress server =
        RawAddress.isOfEveryFamily(address)
            ? new InetSocketAddress(
                InetAddress.getLoopbackAddress(), ((InetSocketAddress) address).getPort())
            : address;
    int family = RawAddress.familyOf(server);
    ClientSocket socket =
        new ClientSocket(check(Libc.socket(family, ServerSocket.SOCK_STREAM_CLOEXEC)));
    try (Arena arena = Arena.ofConfined()) {
      check(Libc.connect(socket.fd, RawAddress.encode(server, family, arena)));
      if (family != RawAddress.AF_UNIX) {
        check(Libc.setOption(socket.fd, ServerSocket.IPPROTO_TCP, ServerSocket.TCP_NODELAY, 1));
      }
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
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
      int length = check(Libc.receive(fd, bytes));
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
      int length = check(Libc.send(fd, bytes));
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
