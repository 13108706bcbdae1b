package io.fkvs.server.loop;

import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.command.Conversation;
import io.fkvs.server.command.CycleBudget;
import io.fkvs.server.command.RequestBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which connections have their turns: those that take part in this cycle, and those
 * that go on in the next one because this one had no room for all they have. Belongs to the thread
 * of the event loop; allocates nothing but to grow its lists.
 */
final class Dispatcher {
  private final RequestBatch batch;
  private final CycleBudget serveBudget;
  private final CycleBudget sendBudget;
  private final Shortage shortage;
  private final CycleClock clock;
  private final List<Connection> active = new ArrayList<>();
  private final ArrayDeque<Connection> heldBack = new ArrayDeque<>();
  private final ArrayDeque<Connection> sending = new ArrayDeque<>();

  Dispatcher(
      RequestBatch batch,
      CycleBudget serveBudget,
      CycleBudget sendBudget,
      Shortage shortage,
      CycleClock clock) {
    this.batch = batch;
    this.serveBudget = serveBudget;
    this.sendBudget = sendBudget;
    this.shortage = shortage;
    this.clock = clock;
  }

  /** Adds a connection to those that {@link #settle} is to visit. */
  void activate(Connection connection) {
    active.add(connection);
  }

  /** Lets a connection whose requests were held back go on in the next cycle. */
  void resumeLater(Connection connection) {
    heldBack.add(connection);
  }

  /** Lets a connection that has sent its share send more in the next cycle. */
  void sendLater(Connection connection) {
    sending.add(connection);
  }

  /** Begins a cycle: what may be moved in it is as much as ever. */
  void beginCycle() {
    serveBudget.begin();
    sendBudget.begin();
  }

  /** Says whether {@link #resume} has anything to do. */
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
    for (int i = sending.size(); i > 0 && !sendBudget.isSpent(); i--) {
      sending.poll().onSendTurn();
      count++;
    }
    for (int i = heldBack.size(); i > 0 && !serveBudget.isSpent(); i--) {
      heldBack.poll().onTurn();
      batch.execute(); // so that what it takes is known before the next one goes on
      count++;
    }
    return count;
  }

  /**
   * Executes what was collected and lets the connections that took part send their replies. Where
   * the cycle had no room for all, the first that it had none for is the first to settle, and so
   * the first in the next cycle.
   */
  void settle() {
    batch.execute();
    int count = active.size();
    int first = indexOf(batch.takeFirstLeft());
    for (int i = 0; i < count; i++) {
      active.get((first + i) % count).settle();
    }
    active.clear();
  }

  private int indexOf(Conversation conversation) {
    if (conversation != null) {
      for (int i = 0; i < active.size(); i++) {
        if (active.get(i).conversation() == conversation) {
          return i;
        }
      }
    }
    return 0;
  }
}
