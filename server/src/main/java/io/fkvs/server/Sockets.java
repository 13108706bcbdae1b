package io.fkvs.server;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** What is done to sockets of every kind. */
final class Sockets {
  private static final Logger LOGGER = System.getLogger(Sockets.class.getName());

  private Sockets() {}

  /**
   * Lets a transport listen on a TCP address.
   *
   * @return the address, with the port that the system chose where it was to
   * @throws IOException if the address is unknown or taken, with a message that names it
   */
  static InetSocketAddress listen(Transport transport, String host, int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("cannot listen, no such host: bind=" + host);
    }
    try {
      return (InetSocketAddress) transport.listen(address);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen: bind=" + host + ", port=" + port + ", cause=" + e.getMessage(), e);
    }
  }

  /** Two sockets on loopback that are connected to each other; nobody else can get between them. */
  static SocketChannel[] pair() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      SocketChannel near = SocketChannel.open(server.getLocalAddress());
      while (true) {
        SocketChannel far = server.accept();
        if (near.getLocalAddress().equals(far.getRemoteAddress())) {
          return new SocketChannel[] {near, far};
        }
        closeQuietly(far);
      }
    }
  }

  /** Closes what cannot do harm any more. */
  static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "close failed", e);
    }
  }
}
