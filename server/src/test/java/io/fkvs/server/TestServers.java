package io.fkvs.server;

import io.fkvs.store.StoreProvider;
import io.fkvs.uring.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/** Servers for tests: any free port, a Unix socket in a folder of its own, each table in turn. */
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
    try (Transport transport = new UringTransport(new BufferPool(Long.MAX_VALUE))) {
      return transport.name().equals(UringTransport.NAME);
    } catch (RefusedException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A table and a transport. */
  record Kind(String table, TransportChoice transport) {
    ServerConfig config() {
      return TestServers.config(transport, table);
    }
  }

  /** Every table with every transport. */
  static List<Kind> kinds() {
    return tables().stream()
        .flatMap(table -> transports().stream().map(transport -> new Kind(table, transport)))
        .toList();
  }

  static ServerConfig config() {
    return ServerConfig.defaults().withPort(0);
  }

  static ServerConfig config(TransportChoice transport) {
    return config().withTransport(transport);
  }

  static ServerConfig config(TransportChoice transport, String table) {
    return config(transport).withTable(table);
  }

  static Server start(ServerConfig config) {
    try {
      return Server.start(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How a test reaches a server. */
  enum Reach {
    TCP,
    UNIX;

    SocketAddress address(Server server) {
      return this == TCP
          ? server.address()
          : UnixDomainSocketAddress.of(server.unixSocket().orElseThrow());
    }
  }

  /** A path short enough for a Unix socket, in a new folder. */
  static Path socketPath() throws IOException {
    Path folder = Files.createTempDirectory("fkvs");
    folder.toFile().deleteOnExit();
    return folder.resolve("fkvs.sock");
  }
}
