package io.fkvs.server.app;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.TransportChoice;
import io.fkvs.store.StoreProvider;
import java.io.IOException;
import java.util.List;
import java.util.ServiceLoader;

/** What this system and this build let a server use. */
final class TestServers {
  private TestServers() {}

  /** The names of all the tables that are installed. */
  static List<String> tables() {
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(provider -> provider.get().name())
        .sorted()
        .toList();
  }

  /** The transports that this system has; {@link UringRefusalTest} proves why it has not all. */
  static List<TransportChoice> transports() {
    return hasIoUring()
        ? List.of(TransportChoice.NIO, TransportChoice.IO_URING)
        : List.of(TransportChoice.NIO);
  }

  static boolean hasIoUring() {
    try (Server server = Server.start(config().withTransport(TransportChoice.IO_URING))) {
      return server.address().getPort() != 0;
    } catch (IOException e) {
      return false;
    }
  }

  static ServerConfig config() {
    return ServerConfig.defaults().withPort(0);
  }
}
