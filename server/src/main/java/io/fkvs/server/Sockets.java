package io.fkvs.server;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/** What is done to sockets of every kind. */
final class Sockets {
  private static final Logger LOGGER = System.getLogger(Sockets.class.getName());

  private Sockets() {}

  /**
   * Listens on a TCP address.
   *
   * @throws IOException if the address is unknown or taken, with a message that names it
   */
  static ServerSocketChannel listen(String host, int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("cannot listen, no such host: bind=" + host);
    }
    ServerSocketChannel server = ServerSocketChannel.open();
    try {
      return server.bind(address, Limits.ACCEPT_BACKLOG);
    } catch (IOException e) {
      closeQuietly(server);
      throw new IOException(
          "cannot listen: bind=" + host + ", port=" + port + ", cause=" + e.getMessage(), e);
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
