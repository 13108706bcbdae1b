package io.fkvs.server.transport;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** What is done to sockets of every kind. */
public final class Sockets {
  private static final Logger LOGGER = System.getLogger(Sockets.class.getName());

  private Sockets() {}

  /** What is done with an address that may be taken. */
  public interface Use<T> {
    T of(InetSocketAddress address) throws IOException;
  }

  /**
   * Does something with a TCP address.
   *
   * @throws IOException if the address is unknown or taken, with a message that names it
   */
  public static <T> T withAddress(String host, int port, Use<T> use) throws IOException {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("cannot listen, no such host: bind=" + host);
    }
    try {
      return use.of(address);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen: bind=" + host + ", port=" + port + ", cause=" + e.getMessage(), e);
    }
  }

  /**
   * Lets a transport listen on a TCP address.
   *
   * @return the address, with the port that the system chose where it was to
   * @throws IOException if the address is unknown or taken, with a message that names it
   */
  public static InetSocketAddress listen(Transport transport, String host, int port)
      throws IOException {
    return listen(transport, host, port, Transport.MAIN_LISTENER);
  }

  /** The same, for the clients of another listener. */
  public static InetSocketAddress listen(Transport transport, String host, int port, int listener)
      throws IOException {
    return (InetSocketAddress)
        withAddress(host, port, address -> transport.listen(address, listener));
  }

  /** Says whether an address is of this machine alone: loopback or a Unix socket. */
  public static boolean isLocal(SocketAddress address) {
    return !(address instanceof InetSocketAddress tcp) || tcp.getAddress().isLoopbackAddress();
  }

  /** An address as the log shows it. */
  public static String text(SocketAddress address) {
    return address instanceof InetSocketAddress ? address.toString() : "unix";
  }

  /** Closes what cannot do harm any more. */
  public static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "close failed", e);
    }
  }
}
