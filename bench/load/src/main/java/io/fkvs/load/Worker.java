package io.fkvs.load;

import com.sun.management.ThreadMXBean;
import io.fkvs.load.dialect.Dialect;
import io.fkvs.load.dialect.Operation;
import io.fkvs.load.dialect.Payload;
import io.fkvs.load.dialect.ReplyChecker;
import io.fkvs.load.dialect.ReplyPattern;
import io.fkvs.load.transport.Transport;
import io.fkvs.load.transport.TransportKind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One event loop and its share of the connections.
 *
 * <p>In a closed loop it sleeps in the transport while every connection waits for the server, so
 * the thread's processor time tells how busy the generator was. In an open loop it spins, because a
 * sleep would be late for the next batch by more than a fast server takes to answer. All phases are
 * run by one thread; no heap is allocated while one runs.
 */
final class Worker implements Transport.Listener, AutoCloseable {
  /** How long to sleep at most before looking whether the server has died. */
  private static final long TICK_MS = 100;

  /** How long after the end of its schedule an open loop still works off a backlog. */
  private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(2);

  /** Sleeps in the transport are this much shorter than the time left, for they end late. */
  private static final long SLEEP_MARGIN_NS = TimeUnit.MILLISECONDS.toNanos(2);

  /** A reply that holds a number has room for any. */
  private static final int NUMBER_REPLY_BYTES = 64;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final int index;
  private final int workers;
  private final int allConnections;
  private final Dialect dialect;
  private final long seed;
  private final Duration timeout;
  private final long tickMs;
  private final Transport transport;
  private final Connection[] connections;
  private final AtomicLong progress = new AtomicLong();

  private Phase phase;
  private RequestSource source;
  private ReplyChecker checker;
  private Tally tally;
  private Schedule schedule;
  private long phases;
  private long unsent;
  private long endNs;
  private int busy;

  /** Since when nothing has come although replies are owed, where {@link #isSilent}. */
  private long silentSinceNs;

  private boolean isSilent;

  /** The place in the schedule: the next batch is {@code row} + the index of {@code column}. */
  private long row;

  private int column;

  Worker(
      int index,
      int workers,
      int allConnections,
      Target target,
      TransportKind kind,
      long seed,
      Duration timeout)
      throws IOException {
    this.index = index;
    this.workers = workers;
    this.allConnections = allConnections;
    this.seed = seed;
    this.timeout = timeout;
    tickMs = Math.clamp(timeout.toMillis(), 1, TICK_MS);
    dialect = target.dialect();
    transport = kind.open(this);
    connections = new Connection[(int) share(allConnections)];
    try {
      for (int i = 0; i < connections.length; i++) {
        connections[i] = new Connection(index + i * workers, target.connect(transport, timeout));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** This worker's part of a whole, so that the parts of all workers add up to it. */
  private long share(long whole) {
    return whole == Phase.UNLIMITED ? whole : (whole - index + workers - 1) / workers;
  }

  /** What carries its bytes. */
  Transport transport() {
    return transport;
  }

  /** How many replies have come in the phase under way; any thread. */
  long progress() {
    return progress.get();
  }

  /** Lays out the buffers for a phase. */
  void prepare(Phase phase) {
    this.phase = phase;
    progress.set(0);
    long phaseSeed = seed + (phases++ * workers + index);
    KeySequence keys = phase.keys().sequence(phaseSeed, index, workers);
    source = new RequestSource(dialect, phase.payload(), phase.mix(), keys, phaseSeed);
    checker = new ReplyChecker(dialect, phase.payload());
    tally = new Tally();
    int replyLength = longestReply(phase);
    for (Connection connection : connections) {
      connection.prepare(source, phase.depth(), replyLength);
    }
  }

  private int longestReply(Phase phase) {
    int main = replyLength(phase.mix().main(), phase.payload());
    return phase.mix().single()
        ? main
        : Math.max(main, replyLength(Operation.GET, phase.payload()));
  }

  private int replyLength(Operation operation, Payload payload) {
    ReplyPattern success = dialect.success(operation, payload);
    return success == null ? NUMBER_REPLY_BYTES : success.length();
  }

  /** Runs the phase that was prepared. */
  Tally run(long startNs) {
    tally.startNs = startNs;
    tally.lastReplyNs = startNs;
    isSilent = false;
    long cpuNs = THREADS.getCurrentThreadCpuTime();
    long allocatedBytes = THREADS.getCurrentThreadAllocatedBytes();
    try {
      if (phase.openLoop()) {
        runOpen(startNs);
      } else {
        runClosed(startNs);
      }
    } catch (IOException e) {
      tally.onProblem(e.getMessage() == null ? e.toString() : e.getMessage());
    }
    tally.allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - allocatedBytes;
    tally.cpuNs = THREADS.getCurrentThreadCpuTime() - cpuNs;
    tally.misses = checker.misses();
    tally.wrong = checker.wrong();
    tally.onProblem(checker.firstWrong());
    return tally;
  }

  private void runClosed(long startNs) throws IOException {
    schedule = null;
    unsent = share(phase.requests());
    endNs = phase.durationNs() == Phase.UNLIMITED ? Long.MAX_VALUE : startNs + phase.durationNs();
    busy = 0;
    for (Connection connection : connections) {
      next(connection, System.nanoTime());
    }
    while (busy > 0 && tally.problem == null) {
      watch(transport.poll(tickMs));
    }
  }

  private void runOpen(long startNs) throws IOException {
    schedule = new Schedule(phase, startNs);
    endNs = schedule.endNs() + GRACE_NS;
    busy = 0;
    row = 0;
    column = 0;
    while (tally.problem == null) {
      long nowNs = System.nanoTime();
      long nextNs = release(nowNs);
      if (busy == 0 && nextNs == Long.MAX_VALUE) {
        return;
      }
      long sleepNs = Math.min(nextNs - nowNs, TimeUnit.SECONDS.toNanos(1)) - SLEEP_MARGIN_NS;
      long sleepMs = TimeUnit.NANOSECONDS.toMillis(sleepNs);
      watch(transport.poll(Math.max(sleepMs, 0)));
    }
  }

  /** Starts what is due on idle connections, and answers when the next batch will be due. */
  private long release(long nowNs) throws IOException {
    while (connections.length > 0) {
      Connection connection = connections[column];
      long batch = row + connection.index();
      if (batch >= schedule.batches()) {
        return Long.MAX_VALUE;
      }
      long intendedNs = schedule.intendedNs(batch);
      if (intendedNs > nowNs) {
        return intendedNs;
      }
      if (++column == connections.length) {
        column = 0;
        row += allConnections;
      }
      if (connection.idle()) {
        next(connection, nowNs);
      }
    }
    return Long.MAX_VALUE;
  }

  @Override
  public void onWritable(int index) throws IOException {
    Connection connection = connections[index];
    connection.send();
    if (connection.idle()) { // all replies were faster than the news that all was sent
      goOn(connection, System.nanoTime());
    }
  }

  @Override
  public void onReadable(int index) throws IOException {
    Connection connection = connections[index];
    int replies = connection.receive(checker);
    if (replies > 0) {
      long nowNs = System.nanoTime();
      tally.onReplies(nowNs, connection.intendedNs(), replies);
      if (connection.idle()) {
        goOn(connection, nowNs);
      }
    }
  }

  private void goOn(Connection connection, long nowNs) throws IOException {
    busy--;
    next(connection, nowNs);
  }

  /** Sends the connection's next batch if there is one and its time has come. */
  private void next(Connection connection, long nowNs) throws IOException {
    if (nowNs >= endNs) {
      return;
    }
    if (schedule == null) {
      int count = (int) Math.min(phase.depth(), unsent);
      unsent -= count;
      begin(connection, count, nowNs);
      return;
    }
    long batch = connection.nextBatch();
    if (batch < schedule.batches() && schedule.intendedNs(batch) <= nowNs) {
      connection.nextBatch(batch + allConnections);
      begin(connection, schedule.count(batch), schedule.intendedNs(batch));
    }
  }

  private void begin(Connection connection, int count, long intendedNs) throws IOException {
    if (count > 0) {
      if (busy++ == 0) {
        tally.lastReplyNs = Math.max(tally.lastReplyNs, intendedNs);
      }
      tally.requests += count;
      connection.begin(count, intendedNs);
    }
  }

  private void watch(int ready) {
    if (ready > 0) {
      progress.lazySet(tally.replies);
    }
    if (ready > 0 || busy == 0) {
      isSilent = false;
    } else {
      onSilence(System.nanoTime());
    }
    if (Thread.currentThread().isInterrupted()) {
      tally.onProblem("run was interrupted");
    }
  }

  /** A connection that moves on is a sign of life, a poll that times out is not. */
  private void onSilence(long nowNs) {
    if (!isSilent) {
      isSilent = true;
      silentSinceNs = nowNs;
    } else if (nowNs - silentSinceNs >= timeout.toNanos()) {
      tally.onProblem(Transport.SILENCE + timeout + ", connectionsWaiting=" + busy);
    }
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
