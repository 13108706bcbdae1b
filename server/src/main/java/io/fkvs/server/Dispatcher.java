package io.fkvs.server;

import io.fkvs.store.Store;
import io.fkvs.wire.Request;
import java.util.ArrayList;
import java.util.List;

/**
 * Leads requests from connections to the store and back, in three steps a cycle: {@link #collect}
 * decodes what each connection received into the batch, where it lies; a full batch is executed at
 * once and the last one by {@link #settle}, which then lets every connection that took part keep
 * what it could not decode, send its replies with one write, and say whether it wants to read on.
 *
 * <p>Belongs to the thread of the event loop; allocates nothing but to grow its lists.
 */
final class Dispatcher {
  private final Store store;
  private final CommandExecutor executor;
  private final BufferPool pool;
  private final CycleClock clock;
  private final Counters counters;
  private final RequestBatch batch = new RequestBatch();
  private final List<Connection> active = new ArrayList<>();
  private List<Connection> heldBack = new ArrayList<>();
  private List<Connection> resumed = new ArrayList<>();

  Dispatcher(
      Store store, CommandExecutor executor, BufferPool pool, CycleClock clock, Counters counters) {
    this.store = store;
    this.executor = executor;
    this.pool = pool;
    this.clock = clock;
    this.counters = counters;
  }

  BufferPool pool() {
    return pool;
  }

  Counters counters() {
    return counters;
  }

  /** The time that timers go by. */
  long elapsedMs() {
    return clock.elapsedMs();
  }

  /**
   * How many bytes of replies may wait for one client: a quarter of what is left for all, so that
   * one slow reader may fall far behind and many may not exhaust the memory (the dynamic threshold
   * of shared-memory packet switches, Choudhury and Hahne 1998).
   */
  long unreadLimit() {
    return Math.max(
        Limits.UNREAD_BYTES_PER_CONNECTION, (Limits.UNREAD_BYTES - pool.lentBytes()) / 4);
  }

  /** Adds a connection to those that {@link #settle} is to visit. */
  void activate(Connection connection) {
    active.add(connection);
  }

  /** Decodes the complete requests of a connection's input, as many as it may have answered. */
  void collect(Connection connection) {
    while (connection.takesRequests()) {
      if (batch.isFull()) {
        execute();
        continue;
      }
      Request request = batch.next();
      if (!connection.decode(request)) {
        return;
      }
      batch.add(connection, connection.requestOffset());
      if (!connection.knowsNext(request)) {
        execute();
      }
    }
    connection.handBackRest();
  }

  /** Lets a connection whose requests went back to it go on in the next cycle. */
  void resumeLater(Connection connection) {
    heldBack.add(connection);
  }

  /** Whether {@link #resume} has anything to do. */
  boolean hasHeldBack() {
    return !heldBack.isEmpty();
  }

  /** Lets the connections go on that were told to. */
  int resume() {
    List<Connection> connections = heldBack;
    heldBack = resumed;
    resumed = connections;
    int count = connections.size();
    for (int i = 0; i < count; i++) {
      connections.get(i).resume();
    }
    connections.clear();
    return count;
  }

  /** Executes what was collected and lets the connections that took part send their replies. */
  void settle() {
    execute();
    for (int i = 0; i < active.size(); i++) {
      active.get(i).settle();
    }
    active.clear();
  }

  private void execute() {
    if (!batch.isEmpty()) {
      counters.batches++;
      batch.execute(store, executor);
    }
  }
}
