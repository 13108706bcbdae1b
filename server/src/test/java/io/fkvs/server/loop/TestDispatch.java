package io.fkvs.server.loop;

import io.fkvs.server.MutableClock;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.access.Password;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.command.RequestCounters;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.lang.foreign.MemorySegment;

/** Everything behind the transport, without one: connections on channels of the test. */
public final class TestDispatch implements AutoCloseable {
  /** The time at which its clock stands until a test moves it. */
  public static final long NOW_MS = 1_000_000;

  public static final int MAX_VALUE_BYTES = ServerConfig.DEFAULT_MAX_VALUE_BYTES;
  public static final long MAX_CLIENT_BYTES = ServerConfig.DEFAULT_MAX_CLIENT_MEMORY_BYTES;

  public final MutableClock source = new MutableClock(NOW_MS);

  public final CycleClock clock = new CycleClock(source, source);
  public final BufferPool pool;
  public final Store store;
  public final LoopContext context;
  public final LoopCounters counters;
  public final RequestCounters requestCounters;
  final Clients clients;
  final Dispatcher dispatcher;

  private final LimitedAdmission admission;

  public TestDispatch(String table) {
    this(table, TimeoutQueue.NEVER);
  }

  public TestDispatch(String table, long idleMs) {
    this(table, idleMs, TimeoutQueue.NEVER);
  }

  public TestDispatch(String table, long idleMs, long requestMs) {
    this(table, 2000, idleMs, requestMs);
  }

  public TestDispatch(String table, int maxClients, long idleMs, long requestMs) {
    this(table, maxClients, idleMs, requestMs, new BufferPool(MAX_CLIENT_BYTES));
  }

  public TestDispatch(String table, BufferPool pool) {
    this(table, 2000, TimeoutQueue.NEVER, TimeoutQueue.NEVER, pool);
  }

  /** One whose clients have to say a password. */
  public TestDispatch(String table, Password password) {
    this(
        table,
        2000,
        TimeoutQueue.NEVER,
        TimeoutQueue.NEVER,
        new BufferPool(MAX_CLIENT_BYTES),
        password);
  }

  private TestDispatch(String table, int maxClients, long idleMs, long requestMs, BufferPool pool) {
    this(table, maxClients, idleMs, requestMs, pool, null);
  }

  private TestDispatch(
      String table,
      int maxClients,
      long idleMs,
      long requestMs,
      BufferPool pool,
      Password password) {
    this.pool = pool;
    store = Store.open(table, StoreConfig.defaults().withClock(clock));
    admission = new LimitedAdmission(maxClients);
    context =
        new LoopContext(
            store,
            pool,
            clock,
            new LoopContext.Rules(
                MAX_VALUE_BYTES, idleMs, requestMs, admission, () -> "info", password));
    clients = context.clients();
    dispatcher = context.dispatcher();
    counters = context.counters();
    requestCounters = context.requestCounters();
  }

  public Connection connect(ScriptedChannel channel) {
    Connection connection = context.connect(channel);
    channel.handler(connection);
    return connection;
  }

  /** Lets a client in or turns it away, and answers which. */
  boolean admit(ScriptedChannel channel) {
    return admission.admit(channel, context);
  }

  /** Lets a connection receive bytes in a cycle of its own. */
  public void receive(Connection connection, byte[] bytes) {
    dispatcher.beginCycle();
    deliver(connection, bytes);
    dispatcher.settle();
  }

  /** Lets a connection receive bytes in a cycle that goes on. */
  public void deliver(Connection connection, byte[] bytes) {
    connection.onReceived(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  /** Runs cycles until no connection has requests that may go on. */
  public void goOn() {
    while (dispatcher.hasHeldBack()) {
      dispatcher.beginCycle();
      dispatcher.resume();
      dispatcher.settle();
    }
  }

  /** Lets time pass and the clients that ran out of it go. */
  public int pass(long ms) {
    source.advance(ms);
    clock.advance();
    return context.timeouts().expire(clock.elapsedMs())
        + context.shortage().expire(clock.elapsedMs(), clients::dropLargest);
  }

  @Override
  public void close() {
    clients.close();
    dispatcher.settle();
    pool.close();
    store.close();
  }
}
