package io.fkvs.server;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.loop.Admission;
import io.fkvs.server.loop.EventLoop;
import io.fkvs.server.loop.LimitedAdmission;
import io.fkvs.server.loop.LoopContext;
import io.fkvs.server.loop.Places;
import io.fkvs.server.metrics.MetricsServer;
import io.fkvs.server.protocol.Figures;
import io.fkvs.server.protocol.ProtocolProvider;
import io.fkvs.server.rehearsal.Rehearsal;
import io.fkvs.server.rehearsal.WarmUp;
import io.fkvs.server.transport.PortReservation;
import io.fkvs.server.transport.Sockets;
import io.fkvs.server.transport.Transport;
import io.fkvs.server.transport.UnixSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NoOpIdleStrategy;

/**
 * A server: an event loop on a thread of its own, or {@linkplain ServerConfig#withThreads several},
 * and a store behind it. It serves from {@link #start} until {@link #close}.
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

  /** The protocol of Redis: the name of its provider, and the number of its listener. */
  private static final String RESP = "resp";

  private static final int RESP_LISTENER = 1;

  /** The port that means any that is free: one is, so none has to be kept. */
  private static final int ANY_PORT = 0;

  private final ServerConfig config;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private InetSocketAddress address;
  private UnixSocket unixSocket;
  private List<EventLoop> eventLoops;
  private InetSocketAddress respAddress;
  private UnixSocket respUnixSocket;
  private InfoReport info;
  private MetricsServer metrics;
  private final List<AgentRunner> runners = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

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
   * @throws IllegalArgumentException if no such table is installed, it cannot obey the
   *     configuration, or everybody on the network could use the server (see {@link
   *     ServerConfig#withBind})
   * @throws IllegalStateException if no table is installed at all
   * @throws io.fkvs.store.durable.DurableException if the data directory is damaged, in use, cannot
   *     be used or holds more than the bounds allow
   */
  public static Server start(ServerConfig config) throws IOException {
    Server server = open(config);
    server.runners.forEach(runner -> server.threads.add(AgentRunner.startOnThread(runner)));
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
    config.checkReplication();
    ProtectedMode.check(config);
    Buffer.prepare();
    Places places = new Places(config.maxClients(), config.threads());
    Engine engine = prepare(loop -> new LimitedAdmission(places, loop));
    info = new InfoReport(this, config, engine);
    eventLoops = engine.loops();
    engine.deal(places::deal);
    listen(engine.transport());
    ProtectedMode.warn(config, address);
    tellFigures(engine);
    for (EventLoop loop : eventLoops) {
      loop.onFailure(this::stopLoops);
      runners.add(new AgentRunner(NoOpIdleStrategy.INSTANCE, Server::onError, null, loop));
    }
    LOGGER.log(
        Level.INFO,
        "server opened: table="
            + engine.table()
            + ", transport="
            + engine.transport().name()
            + ", because="
            + engine.transportReason()
            + ", threads="
            + eventLoops.size());
  }

  /**
   * Loads the data and warms up while nobody can connect yet. Meanwhile the port is reserved, so
   * that nobody else takes it, and what would keep the server from listening is noticed before the
   * time is spent.
   */
  private Engine prepare(IntFunction<Admission> admissions) throws IOException {
    if (config.warmUp().isZero() && !config.isDurable()) {
      return openEngine(admissions);
    }
    if (config.unixSocket().isPresent()) {
      UnixSocket.check(config.unixSocket().get());
    }
    if (config.respUnixSocket().isPresent()) {
      UnixSocket.check(config.respUnixSocket().get());
    }
    try (PortReservation _ = reserve(config.port());
        PortReservation _ = reserve(config.respPort().orElse(ANY_PORT))) {
      return openAndRehearse(admissions);
    }
  }

  private PortReservation reserve(int port) throws IOException {
    return port == ANY_PORT
        ? null
        : Sockets.withAddress(config.bind(), port, PortReservation::take);
  }

  private Engine openAndRehearse(IntFunction<Admission> admissions) throws IOException {
    Engine engine = openEngine(admissions);
    if (engine.persistence() != null) {
      engine.persistence().logLoaded();
    }
    if (!config.warmUp().isZero()) {
      WarmUp.run(() -> rehearsal(config), config.warmUp());
    }
    return engine;
  }

  private Engine openEngine(IntFunction<Admission> admissions) throws IOException {
    LoopContext.Guest guest = guest(config, this::figures, this::stopLoops);
    return opened(Engine.open(config, config.threads(), admissions, () -> info.get(), guest));
  }

  /** A rehearsal of how a server will run, on a table of its own. */
  static Rehearsal rehearsal(ServerConfig config) throws IOException {
    ServerConfig rehearsed =
        (config.isDurable() ? config.withoutData().withDisk(new ForgetfulDisk()) : config)
            .withMaxMemoryBytes(Math.min(config.maxMemoryBytes(), Rehearsal.MAX_STORE_BYTES))
            .withoutAccessControl()
            .withoutReplication()
            .withIdleTimeout(Duration.ZERO)
            .withRequestTimeout(Duration.ZERO);
    LoopContext.Guest guest = guest(config, () -> null, () -> {});
    return new Rehearsal(
        admission -> Engine.open(rehearsed, 1, loop -> admission, () -> "", guest).loop(),
        rehearsed.maxMemoryBytes(),
        rehearsed.maxValueBytes(),
        new Rehearsal.Extras(
            guest == null ? Transport.MAIN_LISTENER : RESP_LISTENER, config.isEncrypted()));
  }

  private void listen(Transport transport) throws IOException {
    address = Sockets.listen(transport, config.bind(), config.port());
    if (config.unixSocket().isPresent()) {
      unixSocket = opened(UnixSocket.listen(config.unixSocket().get(), transport::listen));
    }
    if (config.respPort().isPresent()) {
      respAddress =
          Sockets.listen(transport, config.bind(), config.respPort().getAsInt(), RESP_LISTENER);
    }
    if (config.respUnixSocket().isPresent()) {
      respUnixSocket =
          opened(
              UnixSocket.listen(
                  config.respUnixSocket().get(),
                  address -> transport.listen(address, RESP_LISTENER)));
    }
  }

  /**
   * The protocol that is to have a listener, {@code null} for none. A member of a cluster has it
   * where it is installed, because clients of other members may speak it.
   */
  private static LoopContext.Guest guest(
      ServerConfig config, Supplier<Figures> figures, Runnable stop) {
    boolean isWanted = config.respPort().isPresent() || config.respUnixSocket().isPresent();
    if (!isWanted && config.replication().isEmpty()) {
      return null;
    }
    Optional<ProtocolProvider> provider =
        ServiceLoader.load(ProtocolProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(found -> found.name().equals(RESP))
            .findAny();
    if (isWanted && provider.isEmpty()) {
      throw new IllegalArgumentException("no such protocol is installed: name=" + RESP);
    }
    return provider
        .map(
            found ->
                new LoopContext.Guest(
                    found, figures, stop, config.slowRequests(), new ArrayList<>()))
        .orElse(null);
  }

  private Figures figures() {
    return info.figures(respAddress == null ? 0 : respAddress.getPort());
  }

  private void tellFigures(Engine engine) throws IOException {
    if (config.metricsPort().isEmpty()) {
      return;
    }
    MetricsReport report = new MetricsReport(config, engine, Limits.METRICS_PATIENCE_MS);
    metrics =
        opened(
            Sockets.withAddress(
                config.metricsBind(),
                config.metricsPort().getAsInt(),
                where -> MetricsServer.start(where, report)));
    LOGGER.log(Level.INFO, "figures are told: address=" + metrics.address());
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    opened.push(closeable);
    return closeable;
  }

  /** What a thread of the caller's may run in place of {@link #start}'s: the first loop. */
  EventLoop eventLoop() {
    return eventLoops.getFirst();
  }

  /** All loops, for as many threads. */
  List<EventLoop> eventLoops() {
    return eventLoops;
  }

  /** The threads of the loops, in their order. */
  List<Thread> threads() {
    return threads;
  }

  private void stopLoops() {
    eventLoops.forEach(EventLoop::stop);
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
   * The address that tells the server's figures.
   *
   * @return the address, with the port that the system chose where the configuration said 0;
   *     nothing where the configuration has none
   */
  public Optional<InetSocketAddress> metricsAddress() {
    return Optional.ofNullable(metrics).map(MetricsServer::address);
  }

  /**
   * The TCP address on which the server speaks RESP.
   *
   * @return the address, or nothing where it does not
   */
  public Optional<InetSocketAddress> respAddress() {
    return Optional.ofNullable(respAddress);
  }

  /**
   * The Unix socket on which the server speaks RESP.
   *
   * @return its absolute path, or nothing where there is none
   */
  public Optional<Path> respUnixSocket() {
    return Optional.ofNullable(respUnixSocket).map(UnixSocket::path);
  }

  /**
   * Waits until the server has stopped, because somebody closed it or because it failed.
   *
   * @return whether it stopped as it should
   * @throws InterruptedException if this thread is interrupted while it waits
   */
  public boolean awaitStop() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    return failure().isEmpty();
  }

  /**
   * Why the server has failed: a {@link io.fkvs.store.durable.DurableException} where it could not
   * keep its data.
   *
   * @return the cause, or nothing where it runs, or stopped as it should
   */
  public Optional<Throwable> failure() {
    return eventLoops.stream().map(EventLoop::failure).filter(Objects::nonNull).findFirst();
  }

  /**
   * Accepts no more clients, answers the requests that have been received, sends the replies (for
   * at most 2 seconds to clients that do not read them), closes the connections, syncs the data
   * where there is a directory for it, gives the store's memory back and removes the Unix socket.
   * Closing again does nothing.
   */
  @Override
  public void close() {
    stopLoops();
    runners.forEach(AgentRunner::close);
    if (unixSocket != null) {
      unixSocket.close();
    }
    if (respUnixSocket != null) {
      respUnixSocket.close();
    }
    if (metrics != null) {
      metrics.close();
    }
  }

  private void closeOpened() {
    for (AutoCloseable closeable : opened) { // the last that was opened first
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
