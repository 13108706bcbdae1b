package io.fkvs.server;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.command.CommandExecutor;
import io.fkvs.server.command.Counters;
import io.fkvs.server.command.Protocols;
import io.fkvs.server.loop.Clients;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.server.loop.Dispatcher;
import io.fkvs.server.loop.EventLoop;
import io.fkvs.server.loop.TimeoutQueue;
import io.fkvs.server.transport.PortReservation;
import io.fkvs.server.transport.Sockets;
import io.fkvs.server.transport.Transport;
import io.fkvs.server.transport.UnixSocket;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NoOpIdleStrategy;

/**
 * A server: one event loop on a thread of its own, and a store behind it. It serves from {@link
 * #start} until {@link #close}.
 *
 * <pre>{@code
 * try (Server server = Server.start(ServerConfig.defaults().withPort(0))) {
 *   System.out.println(server.address());
 * }
 * }</pre>
 *
 * <p>Any thread may call any method.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(Server.class.getName());

  /** The port that means any that is free: one is, so none has to be kept. */
  private static final int ANY_PORT = 0;

  /** What, added to a time, rounds it up to whole milliseconds. */
  private static final int NANOS_BELOW_A_MS = 999_999;

  private final ServerConfig config;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private InetSocketAddress address;
  private UnixSocket unixSocket;
  private EventLoop eventLoop;
  private AgentRunner runner;
  private Thread thread;

  private Server(ServerConfig config) {
    this.config = config;
  }

  /**
   * The version of the server.
   *
   * @return its number, or {@code development} where it does not run from a jar
   */
  public static String version() {
    return Version.text();
  }

  /**
   * Opens the store, listens and starts to serve.
   *
   * @param config how to run
   * @return the server, for the caller to close
   * @throws IOException if it cannot listen; the message says where and why
   * @throws IllegalArgumentException if no such table is installed or it cannot obey the
   *     configuration
   * @throws IllegalStateException if no table is installed at all
   */
  public static Server start(ServerConfig config) throws IOException {
    Server server = open(config);
    server.thread = AgentRunner.startOnThread(server.runner);
    return server;
  }

  /** Does everything that {@link #start} does except to run the event loop. */
  static Server open(ServerConfig config) throws IOException {
    Server server = new Server(config);
    try {
      server.assemble();
    } catch (IOException | RuntimeException e) {
      server.closeOpened();
      throw e;
    }
    return server;
  }

  private void assemble() throws IOException {
    config.checkClientMemory();
    Buffer.prepare();
    String table = config.table().orElseGet(Tables::preferred);
    CycleClock clock = new CycleClock(config.clock(), config.nanoClock());
    Store store = opened(openStore(table, clock));
    Counters counters = new Counters();
    BufferPool pool = new BufferPool(config.maxClientMemoryBytes());
    Shortage shortage = new Shortage(pool);
    Clients clients =
        new Clients(
            config.maxClients(),
            limitMs(config.idleTimeout()),
            limitMs(config.requestTimeout()),
            counters,
            clock);
    Transports.Choice choice = Transports.open(config.transport(), pool);
    Transport transport = opened(choice.transport());
    warmUp(table);
    listen(transport);
    InfoReport info =
        new InfoReport(
            this, config, table, choice, store, pool, shortage, clients, counters, clock);
    CommandExecutor executor = new CommandExecutor(store, counters, shortage, info);
    Dispatcher dispatcher = new Dispatcher(store, executor, pool, shortage, clock, counters);
    Protocols protocols = new Protocols(config.maxValueBytes(), pool);
    eventLoop =
        new EventLoop(transport, store, pool, dispatcher, clients, protocols, clock, counters);
    transport.listener(eventLoop);
    warnOfStrangers();
    runner = new AgentRunner(NoOpIdleStrategy.INSTANCE, Server::onError, null, eventLoop);
    LOGGER.log(
        Level.INFO,
        "server opened: table="
            + table
            + ", transport="
            + transport.name()
            + ", because="
            + choice.reason());
  }

  private static long limitMs(Duration time) {
    long ms = time.plusNanos(NANOS_BELOW_A_MS).toMillis();
    return ms == 0 ? TimeoutQueue.NEVER : ms;
  }

  private Store openStore(String table, CycleClock clock) {
    StoreConfig storeConfig =
        StoreConfig.defaults()
            .withMaxBytes(config.maxMemoryBytes())
            .withMaxValueBytes(config.maxValueBytes())
            .withClock(clock);
    return Tables.open(table, storeConfig);
  }

  /**
   * Practises, while nobody can connect yet and nobody else take the port: what would keep the
   * server from listening afterwards is noticed before.
   */
  private void warmUp(String table) throws IOException {
    if (config.warmUp().isZero()) {
      return;
    }
    if (config.unixSocket().isPresent()) {
      UnixSocket.check(config.unixSocket().get());
    }
    if (config.port() == ANY_PORT) {
      WarmUp.run(config, table);
      return;
    }
    try (PortReservation _ =
        Sockets.withAddress(config.bind(), config.port(), PortReservation::take)) {
      WarmUp.run(config, table);
    }
  }

  private void listen(Transport transport) throws IOException {
    address = Sockets.listen(transport, config.bind(), config.port());
    if (config.unixSocket().isPresent()) {
      unixSocket = opened(UnixSocket.listen(config.unixSocket().get(), transport::listen));
    }
  }

  private void warnOfStrangers() {
    if (!Sockets.isLocal(address)) {
      LOGGER.log(
          Level.WARNING,
          "the server can be reached from other machines, and neither authenticates nor encrypts:"
              + " who reaches it reads and writes everything: address="
              + address);
    }
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  /** What a thread of the caller's may run in place of {@link #start}'s. */
  EventLoop eventLoop() {
    return eventLoop;
  }

  /**
   * The TCP address on which the server listens.
   *
   * @return the address, with the port that the system chose where the configuration said 0
   */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * The Unix socket on which the server listens.
   *
   * @return its absolute path, or nothing where there is none
   */
  public Optional<Path> unixSocket() {
    return Optional.ofNullable(unixSocket).map(UnixSocket::path);
  }

  /**
   * Waits until the server has stopped, because somebody closed it or because it failed.
   *
   * @return whether it stopped as it should
   * @throws InterruptedException if this thread is interrupted while it waits
   */
  public boolean awaitStop() throws InterruptedException {
    thread.join();
    return !eventLoop.hasFailed();
  }

  /**
   * Accepts no more clients, answers the requests that have been received, sends the replies (for
   * at most 2 seconds to clients that do not read them), closes the connections, gives the store's
   * memory back and removes the Unix socket. Closing again does nothing.
   */
  @Override
  public void close() {
    eventLoop.stop();
    runner.close();
    if (unixSocket != null) {
      unixSocket.close();
    }
  }

  private void closeOpened() {
    for (AutoCloseable closeable : opened.reversed()) {
      try {
        closeable.close();
      } catch (Exception e) {
        LOGGER.log(Level.DEBUG, "close failed", e);
      }
    }
  }

  /** The event loop handles its own failures; this one happened while it closed. */
  private static void onError(Throwable cause) {
    LOGGER.log(Level.ERROR, "event loop did not close as it should", cause);
  }
}
