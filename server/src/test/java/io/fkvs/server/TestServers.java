package io.fkvs.server;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.transport.Transport;
import io.fkvs.server.transport.uring.UringTransport;
import io.fkvs.store.StoreProvider;
import io.fkvs.uring.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;

/** Servers for tests: any free port, a Unix socket in a folder of its own, each table in turn. */
public final class TestServers {
  private TestServers() {}

  /** The names of all the tables that are installed. */
  public static List<String> tables() {
    return ServiceLoader.load(StoreProvider.class).stream()
        .map(provider -> provider.get().name())
        .sorted()
        .toList();
  }

  /** The transports that this system has; {@link UringRefusalTest} proves why it has not all. */
  public static List<TransportChoice> transports() {
    return hasIoUring()
        ? List.of(TransportChoice.NIO, TransportChoice.IO_URING)
        : List.of(TransportChoice.NIO);
  }

  public static boolean hasIoUring() {
    try (Transport transport = new UringTransport(new BufferPool(Long.MAX_VALUE))) {
      return transport.name().equals(UringTransport.NAME);
    } catch (RefusedException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A table, a transport, and a number of event loops. */
  public record Kind(String table, TransportChoice transport, int threads) {
    public ServerConfig config() {
      return TestServers.config(transport, table).withThreads(threads);
    }
  }

  /** Every table with every transport, in one event loop. */
  public static List<Kind> kinds() {
    return kinds(1);
  }

  /** Every table with every transport and numbers of event loops. */
  public static List<Kind> kinds(int... threads) {
    return tables().stream()
        .flatMap(table -> transports().stream().map(transport -> new Kind(table, transport, 1)))
        .flatMap(
            kind ->
                Arrays.stream(threads)
                    .mapToObj(number -> new Kind(kind.table, kind.transport, number)))
        .toList();
  }

  /** The numbers of event loops for what has to be the same whatever the number. */
  public static int[] threads() {
    return new int[] {1, 2, 4};
  }

  public static ServerConfig config() {
    return ServerConfig.defaults().withPort(0);
  }

  public static ServerConfig config(TransportChoice transport) {
    return config().withTransport(transport);
  }

  public static ServerConfig config(TransportChoice transport, String table) {
    return config(transport).withTable(table);
  }

  /** A configuration whose monotonic time is told by the test. */
  public static ServerConfig timed(ServerConfig config, MutableClock clock) {
    return config.withNanoClock(clock);
  }

  public static Server start(ServerConfig config) {
    try {
      return Server.start(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How a test reaches a server. */
  public enum Reach {
    TCP,
    UNIX;

    public SocketAddress address(Server server) {
      return this == TCP
          ? server.address()
          : UnixDomainSocketAddress.of(server.unixSocket().orElseThrow());
    }
  }

  /** A path short enough for a Unix socket, in a new folder. */
  public static Path socketPath() throws IOException {
    Path folder = Files.createTempDirectory("fkvs");
    folder.toFile().deleteOnExit();
    return folder.resolve("fkvs.sock");
  }
}
