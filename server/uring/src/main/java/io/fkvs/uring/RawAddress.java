package io.fkvs.uring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.Charset;

/**
 * Addresses as the system writes them.
 *
 * <pre>
 *   0        2      4           8            24
 *   +--------+------+-----------+                        struct sockaddr_in
 *   | family | port | address   |
 *   +--------+------+-----------+------------+-------+   struct sockaddr_in6
 *   | family | port | flow      | address    | scope |
 *   +--------+------+-----------+------------+-------+   struct sockaddr_un
 *   | family | path, with a zero at the end
 *   +--------+---------------------------------------
 * </pre>
 */
public final class RawAddress {
  static final int AF_UNIX = 1;
  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  private static final int PORT = 2;
  private static final int INET_ADDRESS = 4;
  private static final int INET_BYTES = 16;
  private static final int INET6_ADDRESS = 8;
  private static final int INET6_SCOPE = 24;
  private static final int INET6_BYTES = 28;
  private static final int PATH = 2;

  /** struct sockaddr_storage, which holds any. */
  private static final int LARGEST_BYTES = 128;

  private static final ValueLayout.OfShort NETWORK_SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

  private RawAddress() {}

  static int familyOf(SocketAddress address) {
    if (address instanceof UnixDomainSocketAddress) {
      return AF_UNIX;
    }
    return ((InetSocketAddress) address).getAddress() instanceof Inet4Address ? AF_INET : AF_INET6;
  }

  /** Whether it stands for all addresses of this machine. */
  static boolean isOfEveryFamily(SocketAddress address) {
    return address instanceof InetSocketAddress tcp && tcp.getAddress().isAnyLocalAddress();
  }

  static MemorySegment encode(SocketAddress address, int family, Arena arena) {
    if (address instanceof UnixDomainSocketAddress unix) {
      return encode(unix.getPath().toString().getBytes(Charset.defaultCharset()), arena);
    }
    InetSocketAddress tcp = (InetSocketAddress) address;
    boolean isSix = family == AF_INET6;
    MemorySegment raw = arena.allocate(isSix ? INET6_BYTES : INET_BYTES, Long.BYTES);
    raw.set(JAVA_SHORT, 0, (short) family);
    raw.set(NETWORK_SHORT, PORT, (short) tcp.getPort());
    if (!isOfEveryFamily(tcp)) { // that one is all zeros
      MemorySegment bytes = MemorySegment.ofArray(tcp.getAddress().getAddress());
      MemorySegment.copy(bytes, 0, raw, isSix ? INET6_ADDRESS : INET_ADDRESS, bytes.byteSize());
    }
    if (isSix && tcp.getAddress() instanceof Inet6Address six) {
      raw.set(JAVA_INT, INET6_SCOPE, six.getScopeId());
    }
    return raw;
  }

  private static MemorySegment encode(byte[] path, Arena arena) {
    MemorySegment raw = arena.allocate(PATH + path.length + 1L, Long.BYTES);
    raw.set(JAVA_SHORT, 0, (short) AF_UNIX);
    MemorySegment.copy(path, 0, raw, JAVA_BYTE, PATH, path.length);
    return raw;
  }

  static int localPort(int fd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment raw = arena.allocate(LARGEST_BYTES, Long.BYTES);
      MemorySegment length = arena.allocateFrom(JAVA_INT, LARGEST_BYTES);
      int result = Libc.localAddress(fd, raw, length);
      if (result < 0) {
        throw new IOException(Errno.text(result));
      }
      return port(raw);
    }
  }

  /**
   * Who is at the other end of a socket.
   *
   * @param fd the socket
   * @return address and port, or a {@link UnixDomainSocketAddress} without a path
   * @throws IOException if nobody is
   */
  public static SocketAddress peer(int fd) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment raw = arena.allocate(LARGEST_BYTES, Long.BYTES);
      MemorySegment length = arena.allocateFrom(JAVA_INT, LARGEST_BYTES);
      int result = Libc.peerAddress(fd, raw, length);
      if (result < 0) {
        throw new IOException(Errno.text(result));
      }
      return switch (raw.get(JAVA_SHORT, 0)) {
        case AF_INET -> tcp(raw.asSlice(INET_ADDRESS, Integer.BYTES), port(raw));
        case AF_INET6 -> tcp(raw.asSlice(INET6_ADDRESS, 2 * Long.BYTES), port(raw));
        default -> UNNAMED;
      };
    }
  }

  private static int port(MemorySegment raw) {
    return Short.toUnsignedInt(raw.get(NETWORK_SHORT, PORT));
  }

  private static SocketAddress tcp(MemorySegment address, int port) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByAddress(address.toArray(JAVA_BYTE)), port);
  }
}
