package io.fkvs.server.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/*
 * A socket that is bound and does not listen: who connects is refused, and nobody else may bind.
 *
 * For the second, it must not allow its address to be used again, or others that allow it, too,
 * could bind as long as nobody listens. But to be bound where connections of the server before it
 * are still closing, it has to allow that. So it does until it is bound.
 */

/**
 * A TCP port that is this server's while it does not listen on it yet. It is given up at once
 * before the server listens, since the system would refuse both at a time. Any thread.
 */
public final class PortReservation implements AutoCloseable {
  private final SocketChannel socket;

  private PortReservation(SocketChannel socket) {
    this.socket = socket;
  }

  /**
   * Takes the port of an address.
   *
   * @throws IOException if the system refuses
   */
  public static PortReservation take(InetSocketAddress address) throws IOException {
    SocketChannel socket =
        address.getAddress() instanceof Inet4Address
            ? SocketChannel.open(StandardProtocolFamily.INET)
            : SocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.bind(address);
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, false);
      return new PortReservation(socket);
    } catch (IOException e) {
      Sockets.closeQuietly(socket);
      throw e;
    }
  }

  /** Gives the port up. Closing again does nothing. */
  @Override
  public void close() {
    Sockets.closeQuietly(socket);
  }
}
