package io.fkvs.server.loop;

import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.command.Conversation;
import io.fkvs.server.command.CycleBudget;
import io.fkvs.server.command.Effects;
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
  private final Effects effects;
  private final CycleBudget serveBudget;
  private final CycleBudget sendBudget;
  private final Shortage shortage;
  private final CycleClock clock;
  private final List<Connection> active = new ArrayList<>();
  private final ArrayDeque<Connection> heldBack = new ArrayDeque<>();
  private final ArrayDeque<Connection> sending = new ArrayDeque<>();
  private final ArrayDeque<Connection> awaitingDisk = new ArrayDeque<>();

  /** Those with replies that may not leave before they are durable. */
  private List<Connection> awaitingDurable = new ArrayList<>();

  private List<Connection> released = new ArrayList<>();
  private long durableStep = Effects.AT_ONCE;

  Dispatcher(
      RequestBatch batch,
      Effects effects,
      CycleBudget serveBudget,
      CycleBudget sendBudget,
      Shortage shortage,
      CycleClock clock) {
    this.batch = batch;
    this.effects = effects;
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

  /** Lets a connection go on whose requests were held back because too much waits for the disk. */
  void resumeWhenDiskCaughtUp(Connection connection) {
    awaitingDisk.add(connection);
  }

  /** Lets a connection know when more is durable, until it has no replies that wait for it. */
  void awaitDurable(Connection connection) {
    awaitingDurable.add(connection);
    effects.replyWaits(true);
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
    return !heldBack.isEmpty()
        || !sending.isEmpty()
        || shortage.canRelieve()
        || awaitsDisk() && effects.haveRoom();
  }

  /** Says whether requests wait for the disk to catch up. */
  boolean awaitsDisk() {
    return !awaitingDisk.isEmpty();
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
    if (awaitsDisk() && effects.haveRoom()) {
      effects.admitAgain();
      heldBack.addAll(awaitingDisk);
      awaitingDisk.clear();
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
   *
   * @throws RuntimeException if nothing becomes durable any more; then nothing is sent
   */
  void settle() {
    batch.execute();
    long step = effects.end();
    int count = active.size();
    int first = indexOf(batch.takeFirstLeft());
    for (int i = 0; i < count; i++) {
      active.get((first + i) % count).settle(step);
    }
    active.clear();
  }

  /**
   * Sends the replies that have become durable.
   *
   * @return how many connections had waited for more to be durable
   */
  int sendDurable() {
    long durable = effects.durable();
    if (awaitingDurable.isEmpty() || durable == durableStep) {
      return 0;
    }
    durableStep = durable;
    List<Connection> waiting = awaitingDurable;
    awaitingDurable = released;
    for (int i = 0; i < waiting.size(); i++) {
      if (waiting.get(i).onDurable(durable)) {
        awaitingDurable.add(waiting.get(i));
      }
    }
    int count = waiting.size();
    waiting.clear();
    released = waiting;
    effects.replyWaits(!awaitingDurable.isEmpty());
    return count;
  }

  /** Lets go of what closed connections have left in a cycle that did not end. */
  void close() {
    for (int i = 0; i < active.size(); i++) {
      active.get(i).settle(Effects.AT_ONCE);
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
