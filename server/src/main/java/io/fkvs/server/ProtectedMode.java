package io.fkvs.server;

import io.fkvs.server.transport.Sockets;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;

/**
 * Keeps a server from being open to a network by mistake: beyond loopback it wants to know its
 * clients, by a password or by their certificates. Any thread.
 */
final class ProtectedMode {
  private static final Logger LOGGER = System.getLogger(ProtectedMode.class.getName());

  private ProtectedMode() {}

  /**
   * Checks where a server is to listen.
   *
   * @throws IllegalArgumentException if strangers could use it and nobody said that they may
   */
  static void check(ServerConfig config) {
    InetSocketAddress address = new InetSocketAddress(config.bind(), 0);
    if (address.isUnresolved() || Sockets.isLocal(address)) { // who listens says what is unknown
      return;
    }
    if (!knowsClients(config) && !config.isInsecure()) {
      throw new IllegalArgumentException(
          "everybody on the network could use the server: set a password (requirepass-file), demand"
              + " client certificates (tls-ca), bind to 127.0.0.1, or say insecure: bind="
              + config.bind());
    }
  }

  private static boolean knowsClients(ServerConfig config) {
    return config.hasPassword()
        || (config.isEncrypted() && config.tlsRules().demandsCertificates());
  }

  /** Logs what strangers can do, where the server can be reached by them. */
  static void warn(ServerConfig config, InetSocketAddress address) {
    if (Sockets.isLocal(address)) {
      return;
    }
    if (!knowsClients(config)) {
      LOGGER.log(
          Level.WARNING,
          "the server is insecure: who reaches it reads and writes everything: address=" + address);
    } else if (!config.isEncrypted()) {
      LOGGER.log(
          Level.WARNING,
          "passwords and data can be read on the way to the server, TLS (tls-cert) prevents it:"
              + " address="
              + address);
    }
  }
}
