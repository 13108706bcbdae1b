package io.fkvs.server.loop;

import io.fkvs.server.MutableClock;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.command.CommandExecutor;
import io.fkvs.server.command.Counters;
import io.fkvs.server.command.Protocols;
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
  public final Counters counters = new Counters();
  public final BufferPool pool;
  public final Shortage shortage;
  public final Clients clients;
  public final Store store;
  public final Dispatcher dispatcher;
  public final Protocols protocols;

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

  private TestDispatch(String table, int maxClients, long idleMs, long requestMs, BufferPool pool) {
    this.pool = pool;
    shortage = new Shortage(pool);
    clients = new Clients(maxClients, idleMs, requestMs, counters, clock);
    store = Store.open(table, StoreConfig.defaults().withClock(clock));
    protocols = new Protocols(MAX_VALUE_BYTES, pool);
    dispatcher =
        new Dispatcher(
            store,
            new CommandExecutor(store, counters, shortage, () -> "info"),
            pool,
            shortage,
            clock,
            counters);
  }

  public Connection connect(ScriptedChannel channel) {
    Connection connection = new Connection(channel, protocols, dispatcher, clients);
    channel.handler(connection);
    clients.add(connection);
    return connection;
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
    return clients.expire() + shortage.expire(clients, clock.elapsedMs());
  }

  @Override
  public void close() {
    clients.close();
    dispatcher.settle();
    pool.close();
    store.close();
  }
}
