package io.fkvs.server.loop;

import io.fkvs.server.command.Agreement;
import io.fkvs.server.command.Effects;
import io.fkvs.server.command.Sharing;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.Transport;
import io.fkvs.store.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;

/**
 * The duty cycle of the server: let held-back requests go on, poll the transport (which sleeps
 * there only if the last cycle had nothing to do), execute the requests of all connections in
 * batches, send the replies, sweep some expired entries, and drop clients that ran out of time.
 *
 * <p>Everything the server has belongs to the thread that runs this agent. Only {@link #stop} may
 * be called from another. A cycle allocates nothing once its buffers and lists have grown.
 */
public final class EventLoop implements Agent, Transport.Listener {
  private static final Logger LOGGER = System.getLogger(EventLoop.class.getName());

  private final Transport transport;
  private final LoopContext context;
  private final Store store;
  private final Effects effects;
  private final Sharing sharing;
  private final Agreement agreement;
  private final Dispatcher dispatcher;
  private final Clients clients;
  private final CycleClock clock;
  private final Runnable dropLargest;
  private final Questions questions = new Questions();

  private volatile boolean isStopping;
  private volatile Throwable failure;
  private Runnable onFailure = () -> {};
  private boolean isClosed;
  private boolean hasWork;
  private boolean isClockRead;
  private boolean hasMoreToWrite;
  private long lastSweepMs;

  /**
   * Creates a loop; whoever runs it lets it listen first.
   *
   * @param transport what brings clients, for the loop to close
   * @param context what it works with
   */
  public EventLoop(Transport transport, LoopContext context) {
    this.transport = transport;
    this.context = context;
    store = context.store();
    effects = context.effects();
    sharing = context.sharing();
    agreement = context.agreement();
    dispatcher = context.dispatcher();
    clients = context.clients();
    clock = context.clock();
    dropLargest = clients::dropLargest;
    lastSweepMs = clock.elapsedMs();
    transport.listener(this);
  }

  /** Sets who is told when the loop fails, before it runs. */
  public void onFailure(Runnable onFailure) {
    this.onFailure = onFailure;
  }

  public Transport transport() {
    return transport;
  }

  public LoopContext context() {
    return context;
  }

  @Override
  public String roleName() {
    return "fkvs-event-loop";
  }

  /**
   * Runs one cycle.
   *
   * @throws AgentTerminationException if the loop is to end: it was asked to, or it failed. What a
   *     request or a client does wrong never gets here, so what does has left the loop in a state
   *     that nobody knows
   */
  @Override
  public int doWork() {
    if (isStopping) {
      throw new AgentTerminationException(true);
    }
    try {
      int work = cycle(hasWork ? 0 : waitMs());
      hasWork = work > 0;
      return work;
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
      throw new AgentTerminationException(true);
    }
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
      LOGGER.log(Level.ERROR, "event loop failed, the server stops", cause);
      onFailure.run();
    }
  }

  /** How long to sleep where nothing comes. The log says when it is durable, not when it writes. */
  private long waitMs() {
    return hasMoreToWrite || dispatcher.awaitsDisk() ? 1 : Limits.TICK_MS;
  }

  private int cycle(long timeoutMs) throws IOException {
    isClockRead = false;
    sharing.enter();
    sharing.giveWay();
    dispatcher.beginCycle();
    int work = 0;
    if (agreement.isNeeded()) {
      readClock();
      work += agreement.follow();
    }
    if (dispatcher.hasHeldBack()) {
      readClock();
      work += dispatcher.resume();
    }
    work += poll(work > 0 ? 0 : timeoutMs);
    readClock();
    dispatcher.settle();
    agreement.propose();
    work += dispatcher.sendDurable();
    hasMoreToWrite = effects.work(work == 0);
    sweep();
    work += context.timeouts().expire(clock.elapsedMs());
    work += context.shortage().expire(clock.elapsedMs(), dropLargest);
    context.latencies().endCycle(clock.endCycle());
    work += answer();
    return work + (dispatcher.hasHeldBack() ? 1 : 0);
  }

  private int answer() {
    if (questions.areNone()) {
      return 0;
    }
    sharing.beginAlone();
    try {
      return questions.answer();
    } finally {
      sharing.endAlone();
    }
  }

  /** Comes back in with the first event, or when there was none. */
  private int poll(long timeoutMs) throws IOException {
    if (timeoutMs > 0) {
      sharing.leave();
    }
    int events = transport.poll(timeoutMs);
    sharing.enter();
    return events;
  }

  /** Once a cycle; after a sleep, so that nobody sees the time from before it. */
  private void readClock() {
    if (!isClockRead) {
      clock.advance();
      isClockRead = true;
    }
  }

  private void sweep() {
    long elapsedMs = clock.elapsedMs() - lastSweepMs;
    if (elapsedMs <= 0 || !sharing.sweeps()) {
      return;
    }
    lastSweepMs = clock.elapsedMs();
    long places = Math.min(elapsedMs, Limits.SWEEP_PLACES) * Limits.SWEEP_PLACES_PER_MS;
    context.counters().sweptKeys += store.sweep((int) Math.min(places, Limits.SWEEP_PLACES));
  }

  @Override
  public void onEvents() {
    sharing.enter();
    readClock();
  }

  @Override
  public Channel.Handler onAccepted(Channel channel) {
    if (!context.admission().admit(channel, context)) {
      return null;
    }
    try {
      return context.connect(channel);
    } catch (RuntimeException | Error e) {
      context.admission().onFailed();
      throw e;
    }
  }

  @Override
  public void onVanished() {
    context.admission().onVanished();
  }

  @Override
  public void onDelivered() {
    dispatcher.settle();
  }

  /**
   * Has something done on the loop's thread, between two cycles, while no other loop works; never
   * where the loop has ended. Any thread.
   */
  public void ask(Runnable question) {
    questions.ask(question);
    transport.wakeUp();
  }

  /**
   * Says whether clients are served: the loop was not told to stop, nor has it failed. Any thread.
   */
  public boolean isServing() {
    return !isStopping && failure == null;
  }

  /** Says whether the loop ended because it failed. Any thread. */
  public boolean hasFailed() {
    return failure != null;
  }

  /** Why the loop ended, {@code null} where it did not fail. Any thread. */
  public Throwable failure() {
    return failure;
  }

  /** Asks the loop to finish the replies in flight and to close. Any thread. */
  public void stop() {
    isStopping = true;
    transport.wakeUp();
  }

  /** Finishes the replies in flight, closes the clients and gives everything back. */
  @Override
  public void onClose() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      if (!effects.haveFailed()) {
        finishReplies();
      }
    } catch (IOException e) {
      LOGGER.log(Level.ERROR, "transport failed while the server stopped", e);
    } catch (RuntimeException e) {
      fail(e);
    } finally {
      sharing.enter();
      clients.close();
      transport.close();
      dispatcher.close();
      context.pool().close();
      effects.close();
      if (sharing.leaveForGood()) {
        closeStore();
      }
    }
  }

  private void closeStore() {
    try {
      store.close();
    } catch (RuntimeException e) {
      fail(e); // not everything is durable
    }
  }

  private void finishReplies() throws IOException {
    transport.stopAccepting();
    cycle(0);
    clients.end();
    long startNs = System.nanoTime();
    while (clients.haveReplies() && !hasPassed(startNs, Limits.STOP_MS)) {
      cycle(1);
    }
    startNs = System.nanoTime();
    while (clients.count() > 0 && !hasPassed(startNs, Limits.STOP_LINGER_MS)) {
      cycle(1);
    }
  }

  private static boolean hasPassed(long startNs, long timeMs) {
    return System.nanoTime() - startNs >= TimeUnit.MILLISECONDS.toNanos(timeMs);
  }
}
