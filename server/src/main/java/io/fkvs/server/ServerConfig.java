package io.fkvs.server;

import io.fkvs.server.access.Password;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.protocol.SlowRequests;
import io.fkvs.server.replication.Replication;
import io.fkvs.server.transport.tls.TlsRules;
import io.fkvs.store.Decimal;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DurableOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/**
 * How a {@link Server} is to run: immutable, any thread. Start from {@link #defaults()} and change
 * what differs.
 */
public final class ServerConfig implements Cloneable {
  /** The default of {@link #bind()}: this machine alone. */
  public static final String DEFAULT_BIND = "127.0.0.1";

  /** The default of {@link #port()}, the port of the original server. */
  public static final int DEFAULT_PORT = 5995;

  /** The default of {@link #maxClients()}. */
  public static final int DEFAULT_MAX_CLIENTS = 1024;

  /** The default of {@link #maxValueBytes()}: 16 MiB. */
  public static final int DEFAULT_MAX_VALUE_BYTES = StoreConfig.DEFAULT_MAX_VALUE_BYTES;

  /**
   * The default of {@link #maxClientMemoryBytes()}, where values are not so long that it takes
   * more: 256 MiB.
   */
  public static final long DEFAULT_MAX_CLIENT_MEMORY_BYTES = 256L << 20;

  /** By default there is memory for so many of the longest values. */
  private static final int VALUES_IN_CLIENT_MEMORY = 4;

  /** The default of {@link #requestTimeout()}: a minute. */
  public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(60);

  /** Nobody waits longer for a server; a larger number is a mistake of units. */
  private static final int MAX_WARM_UP_SECONDS = 3600;

  /** More would find no core, and each has its own memory for clients. */
  public static final int MAX_THREADS = 128;

  private static final long NOT_SET = 0;

  private static final int NO_PORT = -1;

  private String bind = DEFAULT_BIND;
  private int port = DEFAULT_PORT;
  private Path unixSocket;
  private int respPort = NO_PORT;
  private Path respUnixSocket;
  private SlowRequests slowRequests = SlowRequests.DEFAULT;
  private Password password;
  private boolean isInsecure;
  private TlsRules tlsRules;
  private int metricsPort = NO_PORT;
  private String metricsBind = DEFAULT_BIND;
  private TransportChoice transport = TransportChoice.NIO;
  private String table;
  private long maxMemoryBytes = Long.MAX_VALUE;
  private EvictionPolicy eviction = EvictionPolicy.NONE;
  private long maxClientMemoryBytes = NOT_SET;
  private int maxValueBytes = DEFAULT_MAX_VALUE_BYTES;
  private int maxClients = DEFAULT_MAX_CLIENTS;
  private int threads = 1;
  private UnaryOperator<Store> faces = UnaryOperator.identity();
  private Duration idleTimeout = Duration.ZERO;
  private Duration requestTimeout = DEFAULT_REQUEST_TIMEOUT;
  private Duration warmUp = Duration.ZERO;
  private Path dataDirectory;
  private SyncChoice sync = SyncChoice.EVERY_SECOND;
  private UnaryOperator<DurableOptions> durability = UnaryOperator.identity();
  private Disk disk;
  private Replication replication;
  private InstantSource clock = InstantSource.system();
  private LongSupplier nanoClock = System::nanoTime;

  private ServerConfig() {}

  /**
   * TCP on {@value #DEFAULT_BIND}:{@value #DEFAULT_PORT}, no Unix socket, the best table that is
   * installed.
   *
   * @return the defaults
   */
  public static ServerConfig defaults() {
    return new ServerConfig();
  }

  /** {@return the host name or address to listen on} */
  public String bind() {
    return bind;
  }

  /**
   * Sets the host name or address to listen on. With an address beyond loopback the server does not
   * start unless it knows its clients by {@linkplain #withPassword a password} or their {@linkplain
   * #withTls certificates}, or is {@linkplain #withInsecure told} that everybody may use it.
   *
   * @param bind the name; {@code 0.0.0.0} for all IPv4 addresses of this machine, {@code ::} for
   *     those of IPv6 as well
   * @return the changed copy
   */
  public ServerConfig withBind(String bind) {
    return with(copy -> copy.bind = Objects.requireNonNull(bind, "bind"));
  }

  /** {@return the TCP port to listen on, 0 for any that is free} */
  public int port() {
    return port;
  }

  /**
   * Sets the TCP port to listen on.
   *
   * @param port the port, 0 for any that is free
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withPort(int port) {
    checkRange("port", port, 0, 65_535);
    return with(copy -> copy.port = port);
  }

  /** {@return the path of the Unix socket to create, or nothing for none} */
  public Optional<Path> unixSocket() {
    return Optional.ofNullable(unixSocket);
  }

  /**
   * Sets where to create a Unix socket.
   *
   * @param path its path
   * @return the changed copy
   */
  public ServerConfig withUnixSocket(Path path) {
    return with(copy -> copy.unixSocket = Objects.requireNonNull(path, "path"));
  }

  /** {@return whether clients have to say a password} */
  public boolean hasPassword() {
    return password != null;
  }

  /**
   * Sets a password, which each client has to say before it is served, with AUTH in compact.
   * Classic cannot: the server refuses clients that speak it.
   *
   * @param password its bytes, which are not kept; 1 to 1,024
   * @return the changed copy
   * @throws IllegalArgumentException if there are none, or too many
   */
  public ServerConfig withPassword(byte[] password) {
    Password digested = Password.of(password);
    return with(copy -> copy.password = digested);
  }

  /** {@return whether everybody who reaches the server may use it} */
  public boolean isInsecure() {
    return isInsecure;
  }

  /**
   * Lets a server without a password listen beyond loopback: everybody who reaches it reads and
   * writes everything.
   *
   * @param isInsecure whether that is wanted
   * @return the changed copy
   */
  public ServerConfig withInsecure(boolean isInsecure) {
    return with(copy -> copy.isInsecure = isInsecure);
  }

  Password password() {
    return password;
  }

  /** {@return whether clients over TCP have to speak TLS} */
  public boolean isEncrypted() {
    return tlsRules != null;
  }

  /**
   * Lets the server speak TLS 1.2 and 1.3 on TCP, and nothing else there. The Unix socket stays
   * plain. Handshakes are computed on two threads, which start with the first of them.
   *
   * @param context has the certificate of the server and its key; where certificates of clients are
   *     demanded, it says which to trust
   * @param demandsCertificates whether clients have to show a certificate; then they need no
   *     password to be let in beyond loopback
   * @return the changed copy
   * @throws IllegalArgumentException if the context cannot serve
   */
  public ServerConfig withTls(SSLContext context, boolean demandsCertificates) {
    TlsRules rules = new TlsRules(context, demandsCertificates);
    return with(copy -> copy.tlsRules = rules);
  }

  /** {@return the port that tells the server's figures, or nothing where none does} */
  public OptionalInt metricsPort() {
    return metricsPort == NO_PORT ? OptionalInt.empty() : OptionalInt.of(metricsPort);
  }

  /**
   * Tells the server's figures to Prometheus, and its health, over plain HTTP on a port of its own.
   *
   * @param port the port, 0 for any that is free
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withMetricsPort(int port) {
    checkRange("metrics-port", port, 0, 65_535);
    return with(copy -> copy.metricsPort = port);
  }

  /** {@return a copy without a port for figures, as by default} */
  public ServerConfig withoutMetrics() {
    return with(copy -> copy.metricsPort = NO_PORT);
  }

  /** {@return the host name or address of the port for figures} */
  public String metricsBind() {
    return metricsBind;
  }

  /**
   * Sets where the port for figures listens. Everybody who reaches it can read them; keys and
   * values are not among them.
   *
   * @param bind the host name or address, by default loopback
   * @return the changed copy
   */
  public ServerConfig withMetricsBind(String bind) {
    return with(copy -> copy.metricsBind = Objects.requireNonNull(bind, "bind"));
  }

  TlsRules tlsRules() {
    return tlsRules;
  }

  /** For a loop that nobody but the server itself can reach. */
  ServerConfig withoutAccessControl() {
    return with(
        copy -> {
          copy.password = null;
          copy.tlsRules = tlsRules == null ? null : new TlsRules(tlsRules.context(), false);
        });
  }

  /** {@return the TCP port for clients of Redis, 0 for any that is free, or nothing for none} */
  public OptionalInt respPort() {
    return respPort == NO_PORT ? OptionalInt.empty() : OptionalInt.of(respPort);
  }

  /**
   * Sets a TCP port for clients of Redis, beside that for clients of fkvs. The protocol comes with
   * the module {@code fkvs-server-resp}.
   *
   * @param port the port, 0 for any that is free
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withRespPort(int port) {
    checkRange("resp-port", port, 0, 65_535);
    return with(copy -> copy.respPort = port);
  }

  /** {@return the path of the Unix socket for clients of Redis, or nothing for none} */
  public Optional<Path> respUnixSocket() {
    return Optional.ofNullable(respUnixSocket);
  }

  /**
   * Sets where to create a Unix socket for clients of Redis. The protocol comes with the module
   * {@code fkvs-server-resp}.
   *
   * @param path its path
   * @return the changed copy
   */
  public ServerConfig withRespUnixSocket(Path path) {
    return with(copy -> copy.respUnixSocket = Objects.requireNonNull(path, "path"));
  }

  /** {@return from how many microseconds on SLOWLOG has a request; -1 for never} */
  public long slowlogMicros() {
    return slowRequests.slowerThanMicros();
  }

  /**
   * Sets which requests of clients of Redis are slow: SLOWLOG tells them.
   *
   * @param micros those that took so many microseconds; 0 for all, -1 for none
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withSlowlogMicros(long micros) {
    return with(copy -> copy.slowRequests = slowRequests.withSlowerThanMicros(micros));
  }

  /** {@return how many requests SLOWLOG has} */
  public long slowlogLength() {
    return slowRequests.maxCount();
  }

  /**
   * Sets how many slow requests are remembered, the last ones.
   *
   * @param count the number
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withSlowlogLength(long count) {
    return with(copy -> copy.slowRequests = slowRequests.withMaxCount(count));
  }

  /** {@return from how many milliseconds on LATENCY has the time of a request; 0 for never} */
  public long latencyThresholdMs() {
    return slowRequests.spikeMs();
  }

  /**
   * Sets when requests of clients of Redis count as spikes: LATENCY tells them.
   *
   * @param ms where they took so many milliseconds; 0 for never
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withLatencyThresholdMs(long ms) {
    return with(copy -> copy.slowRequests = slowRequests.withSpikeMs(ms));
  }

  SlowRequests slowRequests() {
    return slowRequests;
  }

  /**
   * {@return the name of the table behind the server, or nothing for the best that is installed}
   */
  public Optional<String> table() {
    return Optional.ofNullable(table);
  }

  /**
   * Chooses the table behind the server.
   *
   * @param table a {@link io.fkvs.store.StoreProvider#name()}
   * @return the changed copy
   */
  public ServerConfig withTable(String table) {
    return with(copy -> copy.table = Objects.requireNonNull(table, "table"));
  }

  /** {@return the directory in which everything is kept, or nothing where memory alone holds it} */
  public Optional<Path> dataDirectory() {
    return Optional.ofNullable(dataDirectory);
  }

  /**
   * Sets the directory in which the server keeps everything, so that it is there after a restart.
   * Where it is not there or empty, the server begins with nothing. It is for one server alone.
   *
   * @param directory the directory
   * @return the changed copy
   */
  public ServerConfig withDataDirectory(Path directory) {
    return with(copy -> copy.dataDirectory = Objects.requireNonNull(directory, "directory"));
  }

  /** {@return when what is kept in the data directory is synced} */
  public SyncChoice sync() {
    return sync;
  }

  /**
   * Sets when what is kept in the data directory is synced. Has no effect without one.
   *
   * @param sync the choice, by default {@link SyncChoice#EVERY_SECOND}
   * @return the changed copy
   */
  public ServerConfig withSync(SyncChoice sync) {
    return with(copy -> copy.sync = Objects.requireNonNull(sync, "sync"));
  }

  /** Changes how the durable store is opened, for tests. */
  ServerConfig withDurability(UnaryOperator<DurableOptions> durability) {
    return with(copy -> copy.durability = Objects.requireNonNull(durability, "durability"));
  }

  UnaryOperator<DurableOptions> durability() {
    return durability;
  }

  /** Sets a disk in the place of the data directory, for tests. */
  ServerConfig withDisk(Disk disk) {
    return with(copy -> copy.disk = Objects.requireNonNull(disk, "disk"));
  }

  Optional<Disk> disk() {
    return Optional.ofNullable(disk);
  }

  /** Whether what the server holds outlives it. */
  boolean isDurable() {
    return dataDirectory != null || disk != null;
  }

  /** The same for memory alone. */
  ServerConfig withoutData() {
    return with(
        copy -> {
          copy.dataDirectory = null;
          copy.disk = null;
        });
  }

  /** {@return the bound on the memory that the table reserves; {@link Long#MAX_VALUE} for none} */
  public long maxMemoryBytes() {
    return maxMemoryBytes;
  }

  /**
   * Bounds the memory that the table reserves. By default there is no bound, because only the
   * program around an embedded server knows what else needs memory; {@code bin/fkvs-server} derives
   * one from the machine (see {@link MemoryPlan}).
   *
   * @param maxMemoryBytes bytes, at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withMaxMemoryBytes(long maxMemoryBytes) {
    checkRange("max-memory", maxMemoryBytes, 1, Long.MAX_VALUE);
    return with(copy -> copy.maxMemoryBytes = maxMemoryBytes);
  }

  /** {@return what the server does with an entry that the bound on the table has no room for} */
  public EvictionPolicy eviction() {
    return eviction;
  }

  /**
   * Sets what the server does with an entry that the {@linkplain #withMaxMemoryBytes bound on the
   * table} has no room for. A server that evicts is a cache. It does not start with a {@linkplain
   * #withDataDirectory data directory}, nor with a table that cannot evict.
   *
   * @param eviction the policy, by default {@link EvictionPolicy#NONE}
   * @return the changed copy
   */
  public ServerConfig withEviction(EvictionPolicy eviction) {
    return with(copy -> copy.eviction = Objects.requireNonNull(eviction, "eviction"));
  }

  /**
   * Sets the same by name.
   *
   * @param policyName {@code noeviction} or {@code allkeys-lfu}
   * @return the changed copy
   * @throws IllegalArgumentException if there is no such policy
   */
  public ServerConfig withEviction(String policyName) {
    return withEviction(EvictionPolicy.of(policyName));
  }

  /**
   * {@return the bound on the memory that all clients hold together, in bytes; by default {@value
   * #DEFAULT_MAX_CLIENT_MEMORY_BYTES}, or four times {@link #maxValueBytes()} where that is more}
   */
  public long maxClientMemoryBytes() {
    return maxClientMemoryBytes == NOT_SET
        ? Math.max(
            DEFAULT_MAX_CLIENT_MEMORY_BYTES,
            (long) VALUES_IN_CLIENT_MEMORY * maxValueBytes * threads)
        : maxClientMemoryBytes;
  }

  /**
   * Bounds the memory that all clients hold together: what they have sent in part, and the replies
   * that they have not read. It is never passed. Clients that need more than is left wait and are
   * not read from; where none of them gets it for 5 seconds, the client that holds most is dropped.
   * A quarter is kept for clients with small requests. A server does not start where the bound is
   * less than twice {@link #maxValueBytes()} and 8 MiB: the largest request and reply have to find
   * room. Where there are several {@linkplain #withThreads loops}, each has an equal part, in which
   * that must fit.
   *
   * @param maxClientMemoryBytes bytes, at least 8 MiB
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withMaxClientMemoryBytes(long maxClientMemoryBytes) {
    checkRange(
        "max-client-memory",
        maxClientMemoryBytes,
        Limits.LEAST_CLIENT_MEMORY_BYTES,
        Long.MAX_VALUE);
    return with(copy -> copy.maxClientMemoryBytes = maxClientMemoryBytes);
  }

  /** Whether {@link #withMaxMemoryBytes} has set a bound. */
  boolean boundsMemory() {
    return maxMemoryBytes != Long.MAX_VALUE;
  }

  /** Whether {@link #withMaxClientMemoryBytes} has set a bound, in place of the default. */
  boolean setsClientMemory() {
    return maxClientMemoryBytes != NOT_SET;
  }

  /** The least memory with which a value of the greatest length can be received and sent. */
  long leastClientMemoryBytes() {
    return threads * (2L * maxValueBytes + Limits.LEAST_CLIENT_MEMORY_BYTES);
  }

  /**
   * Makes sure that a value of the greatest length can be received and sent.
   *
   * @throws IllegalArgumentException if it cannot
   */
  void checkClientMemory() {
    long leastBytes = leastClientMemoryBytes();
    if (maxClientMemoryBytes() < leastBytes) {
      throw new IllegalArgumentException(
          "max-client-memory is too small for max-value-size: max-client-memory="
              + maxClientMemoryBytes()
              + ", max-value-size="
              + maxValueBytes
              + ", threads="
              + threads
              + ", least="
              + leastBytes);
    }
  }

  /** {@return how many event loops serve the clients} */
  public int threads() {
    return threads;
  }

  /**
   * Sets how many event loops serve the clients, each on a thread of its own that may use a core. A
   * client is served by one of them, the one that had the fewest clients when it came; all work on
   * the same keys. One loop needs no locks. Several share a table of many shards, each behind a
   * lock, and the memory of clients in equal parts.
   *
   * @param threads from 1, the default, to {@value #MAX_THREADS}
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withThreads(int threads) {
    checkRange("threads", threads, 1, MAX_THREADS);
    return with(copy -> copy.threads = threads);
  }

  /** {@return how the server takes part in a cluster, or nothing where it is alone} */
  public Optional<Replication> replication() {
    return Optional.ofNullable(replication);
  }

  /**
   * Makes the server a member of a cluster. It has one event loop, evicts nothing, and keeps its
   * data as the cluster does. Its values are no longer than what the members can agree on.
   *
   * @param replication how
   * @return the changed copy
   */
  public ServerConfig withReplication(Replication replication) {
    return with(
        copy -> {
          copy.replication = replication;
          copy.maxValueBytes = Math.min(maxValueBytes, replication.maxValueBytes());
        });
  }

  /** The same alone. */
  ServerConfig withoutReplication() {
    return with(copy -> copy.replication = null);
  }

  /**
   * Makes sure that a member of a cluster does what all do.
   *
   * @throws IllegalArgumentException if it could not
   */
  void checkReplication() {
    if (replication == null) {
      return;
    }
    if (threads > 1) {
      throw new IllegalArgumentException(
          "a member of a cluster has one thread: threads=" + threads);
    }
    if (isDurable()) {
      throw new IllegalArgumentException("a member of a cluster has no data directory of its own");
    }
    if (maxValueBytes > replication.maxValueBytes()) {
      throw new IllegalArgumentException(
          "the members of a cluster cannot agree on so long values: maxValueBytes="
              + maxValueBytes
              + ", most="
              + replication.maxValueBytes());
    }
    if (eviction != EvictionPolicy.NONE) {
      throw new IllegalArgumentException(
          "a member of a cluster evicts nothing: eviction=" + eviction.policyName());
    }
  }

  /** For tests: has each of several loops work on what a function makes of its store. */
  ServerConfig withFaces(UnaryOperator<Store> faces) {
    return with(copy -> copy.faces = faces);
  }

  UnaryOperator<Store> faces() {
    return faces;
  }

  /** What the clients of one loop may hold together. */
  long maxClientMemoryBytesEach() {
    return maxClientMemoryBytes() / threads;
  }

  /** {@return the length of the longest value that the server takes, in bytes} */
  public int maxValueBytes() {
    return maxValueBytes;
  }

  /**
   * Bounds the length of a value.
   *
   * @param maxValueBytes bytes, in the bounds of {@link StoreConfig#withMaxValueBytes}
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withMaxValueBytes(long maxValueBytes) {
    checkRange(
        "max-value-size", maxValueBytes, Decimal.MAX_LENGTH, StoreConfig.LARGEST_MAX_VALUE_BYTES);
    return with(copy -> copy.maxValueBytes = (int) maxValueBytes);
  }

  /** {@return how many clients may be connected at a time} */
  public int maxClients() {
    return maxClients;
  }

  /**
   * Sets how many clients may be connected at a time; the server refuses more. One more may come
   * over loopback or the Unix socket, to look after a server that is full.
   *
   * @param maxClients the number, at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public ServerConfig withMaxClients(int maxClients) {
    checkRange("max-clients", maxClients, 1, Integer.MAX_VALUE);
    return with(copy -> copy.maxClients = maxClients);
  }

  /** {@return how long a client may send nothing, zero for any length} */
  public Duration idleTimeout() {
    return idleTimeout;
  }

  /**
   * Sets how long a client may send nothing while no reply is on its way to it; then the server
   * drops it. A part of a request counts as something sent when it comes, not while the rest is
   * awaited. The server notices up to 100 milliseconds late.
   *
   * @param idleTimeout the time, rounded up to whole milliseconds; zero, the default, for any
   *     length
   * @return the changed copy
   * @throws IllegalArgumentException if the time is negative or longer than 2^31 - 1 seconds
   */
  public ServerConfig withIdleTimeout(Duration idleTimeout) {
    checkRange("timeout", idleTimeout.getSeconds(), 0, Integer.MAX_VALUE);
    return with(copy -> copy.idleTimeout = idleTimeout);
  }

  /** {@return how long a request may take to arrive, zero for any length} */
  public Duration requestTimeout() {
    return requestTimeout;
  }

  /**
   * Sets how long a request may take to arrive, from its first bytes to its last; then the server
   * drops the client. A large one may take longer while it comes at 16 KB a second or more. The
   * server notices up to 100 milliseconds late. The time does not run while the server itself takes
   * no more from the client.
   *
   * @param requestTimeout the time, rounded up to whole milliseconds; zero for any length
   * @return the changed copy
   * @throws IllegalArgumentException if the time is negative or longer than 2^31 - 1 seconds
   */
  public ServerConfig withRequestTimeout(Duration requestTimeout) {
    checkRange("request-timeout", requestTimeout.getSeconds(), 0, Integer.MAX_VALUE);
    return with(copy -> copy.requestTimeout = requestTimeout);
  }

  /** {@return how long the server may practise before it listens, zero for not at all} */
  public Duration warmUp() {
    return warmUp;
  }

  /**
   * Sets how long the server may practise on a table of its own before it listens, so that the JVM
   * has compiled what serves requests when the first one comes. It stops earlier once the JVM has
   * nothing more to compile. A program that starts as a server wants about 2 seconds; zero, the
   * default, suits one that embeds a server, or tests.
   *
   * @param warmUp the most time; what is under way then, some tens of milliseconds, is finished
   * @return the changed copy
   * @throws IllegalArgumentException if the time is negative or longer than an hour
   */
  public ServerConfig withWarmUp(Duration warmUp) {
    checkRange("warmup", warmUp.getSeconds(), 0, MAX_WARM_UP_SECONDS);
    return with(copy -> copy.warmUp = warmUp);
  }

  /** {@return how the server asks the system for input and output} */
  public TransportChoice transport() {
    return transport;
  }

  /**
   * Sets how the server asks the system for input and output.
   *
   * @param transport the choice, by default {@link TransportChoice#NIO}
   * @return the changed copy
   */
  public ServerConfig withTransport(TransportChoice transport) {
    return with(copy -> copy.transport = Objects.requireNonNull(transport, "transport"));
  }

  /** {@return what tells the server the time at which entries expire} */
  public InstantSource clock() {
    return clock;
  }

  /**
   * Sets what tells the server the time at which entries expire. It is read by the server's thread,
   * about once for every batch of requests. Where it is set back, entries live longer by as much;
   * where it is set forward, they expire earlier. Time limits of clients do not go by it, nor do
   * sweeps: they measure time that has passed.
   *
   * @param clock the clock
   * @return the changed copy
   */
  public ServerConfig withClock(InstantSource clock) {
    return with(copy -> copy.clock = Objects.requireNonNull(clock, "clock"));
  }

  LongSupplier nanoClock() {
    return nanoClock;
  }

  /** Sets what measures the time that passes, in nanoseconds: for tests. */
  ServerConfig withNanoClock(LongSupplier nanoClock) {
    return with(copy -> copy.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock"));
  }

  /** A changed copy. All fields hold what is immutable, so a shallow copy shares nothing. */
  private ServerConfig with(Consumer<ServerConfig> change) {
    try {
      ServerConfig copy = (ServerConfig) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  private static void checkRange(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be " + least + " to " + most + ": " + name + "=" + value);
    }
  }
}
