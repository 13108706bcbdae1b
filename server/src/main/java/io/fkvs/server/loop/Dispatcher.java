package io.fkvs.server.loop;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.command.CommandExecutor;
import io.fkvs.server.command.Counters;
import io.fkvs.server.command.CycleBudget;
import io.fkvs.server.command.RequestBatch;
import io.fkvs.server.limits.Limits;
import io.fkvs.store.Store;
import io.fkvs.wire.Request;
import java.util.ArrayDeque;
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
public final class Dispatcher {
  private final Store store;
  private final CommandExecutor executor;
  private final BufferPool pool;
  private final CycleClock clock;
  private final Counters counters;
  private final RequestBatch batch = new RequestBatch();
  private final CycleBudget budget = new CycleBudget();
  private final Shortage shortage;
  private final List<Connection> active = new ArrayList<>();
  private final ArrayDeque<Connection> heldBack = new ArrayDeque<>();
  private final ArrayDeque<Connection> sending = new ArrayDeque<>();

  /** Who is to be the first in the next cycle, because this one had no room for it. */
  private Connection firstLeft;

  public Dispatcher(
      Store store,
      CommandExecutor executor,
      BufferPool pool,
      Shortage shortage,
      CycleClock clock,
      Counters counters) {
    this.store = store;
    this.executor = executor;
    this.pool = pool;
    this.shortage = shortage;
    this.clock = clock;
    this.counters = counters;
  }

  BufferPool pool() {
    return pool;
  }

  Shortage shortage() {
    return shortage;
  }

  CycleBudget budget() {
    return budget;
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
   * of shared-memory packet switches, Choudhury and Hahne 1998). None where there is no buffer
   * left.
   */
  long unreadLimit() {
    return pool.admits(Limits.SMALLEST_BUFFER_BYTES)
        ? Math.max(Limits.SMALLEST_BUFFER_BYTES, pool.roomBytes() / Limits.UNREAD_PART)
        : 0;
  }

  /** Adds a connection to those that {@link #settle} is to visit. */
  void activate(Connection connection) {
    active.add(connection);
  }

  /** Decodes the complete requests of a connection's input, as many as it may have answered. */
  void collect(Connection connection) {
    while (budget.mayServe() && connection.takesRequests()) {
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
    if (!budget.mayServe()) {
      left(connection);
    }
  }

  /** Begins a cycle: what may be moved in it is as much as ever. */
  void beginCycle() {
    budget.begin();
  }

  /** Lets a connection whose requests went back to it go on in the next cycle. */
  void resumeLater(Connection connection) {
    heldBack.add(connection);
  }

  /** Lets a connection that has sent its share send more in the next cycle. */
  void sendLater(Connection connection) {
    sending.add(connection);
  }

  /** Whether {@link #resume} has anything to do. */
  boolean hasHeldBack() {
    return !heldBack.isEmpty() || !sending.isEmpty() || shortage.canRelieve();
  }

  /**
   * Lets the connections go on that were told to, one after another, as many as the cycle has room
   * for. Whoever has more to do then is behind those who still wait.
   *
   * @return how many
   */
  int resume() {
    int count = shortage.relieve(clock.elapsedMs());
    for (int i = sending.size(); i > 0 && budget.maySend(); i--) {
      sending.poll().sendOn();
      count++;
    }
    for (int i = heldBack.size(); i > 0 && budget.mayServe(); i--) {
      heldBack.poll().resume();
      execute(); // so that what it takes is known before the next one goes on
      count++;
    }
    return count;
  }

  /**
   * Executes what was collected and lets the connections that took part send their replies. Where
   * the cycle had no room for all, those that it had none for come first, now and in the next.
   */
  void settle() {
    execute();
    int count = active.size();
    int first = firstLeft == null ? 0 : Math.max(0, active.indexOf(firstLeft));
    firstLeft = null;
    for (int i = 0; i < count; i++) {
      active.get((first + i) % count).settle();
    }
    active.clear();
  }

  private void execute() {
    if (!batch.isEmpty()) {
      counters.batches++;
      Connection connection = batch.execute(store, executor, budget);
      if (connection != null) {
        left(connection);
      }
    }
  }

  private void left(Connection connection) {
    if (firstLeft == null) {
      firstLeft = connection;
    }
  }
}
