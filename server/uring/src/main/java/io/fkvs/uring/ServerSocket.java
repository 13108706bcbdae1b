package io.fkvs.uring;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** A socket that listens, known by its file descriptor. Any thread. */
public final class ServerSocket implements Closeable {
  static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
  static final int SOL_SOCKET = 1;
  private static final int SO_REUSEADDR = 2;
  static final int IPPROTO_TCP = 6;
  static final int TCP_NODELAY = 1;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_V6ONLY = 26;

  private final int fd;
  private final SocketAddress address;
  private boolean isClosed;

  private ServerSocket(int fd, SocketAddress address) {
    this.fd = fd;
    this.address = address;
  }

  /**
   * Listens on a TCP address or a Unix socket's path.
   *
   * @param address where; {@code ::} takes IPv4 and IPv6, {@code 0.0.0.0} IPv4 alone
   * @param backlog connections that the system may queue
   * @return the socket, for the caller to close
   * @throws IOException if the system refuses
   */
  public static ServerSocket listen(SocketAddress address, int backlog) throws IOException {
    int family = RawAddress.familyOf(address);
    int fd = Libc.socket(family, SOCK_STREAM_CLOEXEC);
    if (fd == -Errno.EAFNOSUPPORT && RawAddress.isOfEveryFamily(address)) {
      family = RawAddress.AF_INET;
      fd = Libc.socket(family, SOCK_STREAM_CLOEXEC);
    }
    check(fd);
    try (Arena arena = Arena.ofConfined()) {
      if (family != RawAddress.AF_UNIX) {
        check(Libc.setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1));
        // the sockets that are accepted inherit it
        check(Libc.setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1));
      }
      if (family == RawAddress.AF_INET6) {
        check(Libc.setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0));
      }
      MemorySegment raw = RawAddress.encode(address, family, arena);
      check(Libc.bind(fd, raw));
      check(Libc.listen(fd, backlog));
      return new ServerSocket(fd, bound(fd, address));
    } catch (IOException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private static SocketAddress bound(int fd, SocketAddress asked) throws IOException {
    return asked instanceof InetSocketAddress tcp
        ? new InetSocketAddress(tcp.getAddress(), RawAddress.localPort(fd))
        : asked;
  }

  private static void check(int result) throws IOException {
    if (result < 0) {
      throw new IOException(Errno.text(result));
    }
  }

  /**
   * The address on which it listens.
   *
   * @return an {@link InetSocketAddress} with the port that the system chose, or a {@link
   *     UnixDomainSocketAddress}
   */
  public SocketAddress address() {
    return address;
  }

  /**
   * The file descriptor.
   *
   * @return its number, while it is open
   */
  public int fd() {
    return fd;
  }

  /** Closes it. Closing again does nothing. */
  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      Libc.close(fd);
    }
  }
}
