package io.fkvs.server.resp;

import io.fkvs.server.protocol.Host;
import io.fkvs.server.protocol.SlowRequests;
import io.fkvs.store.Store;
import java.util.concurrent.TimeUnit;

/*
 * A clock may cost more than a short request where the system has no fast one. So short requests
 * are timed as a run (docs/decisions/0018): all that are carried out between two readings, with one
 * before the first and one behind the last of a batch. Each of a run counts as taking the same part
 * of its time. A request that may take long has a run of its own: its command says so, or how many
 * bytes it moves. So the run of short ones takes some microseconds, and where it takes longer, the
 * machine was busy elsewhere.
 *
 * Where requests count as slow of less than a millisecond, each has a run of its own.
 */

/**
 * Times commands, for SLOWLOG, LATENCY and INFO. Belongs to the thread of the event loop; allocates
 * only where a request is slow.
 */
final class CommandTimer {
  /** So many bytes take about as long to move as a hundred short requests: ten microseconds. */
  private static final int LONG_BYTES = 64 << 10;

  /** From here on a whole run of short requests is too short to be slow. */
  private static final long EXACT_BELOW_MICROS = 1000;

  private static final int NANOS_PER_MICRO = 1000;
  private static final long NANOS_PER_MS = 1_000_000;
  private static final long SECOND_MS = 1000;

  private final Host host;
  private final Store store;
  private final SlowLog slowLog;
  private final LatencyMonitor monitor;

  private SlowRequests slow;

  /** The least time that is to be remembered, {@link Long#MAX_VALUE} for none. */
  private long leastNanos;

  private boolean isEachTimed;

  /** Whether a batch has begun and no request of it. */
  private boolean isFresh;

  private long sinceNs;
  private int runLength;

  /** The commands in the run. */
  private final Command[] timed;

  private int timedCount;

  /**
   * Creates a timer.
   *
   * @param commands how many commands there are
   * @param first the timer of the first loop, which has what is remembered for all; {@code null}
   *     where this is the first one
   */
  CommandTimer(Host host, int commands, CommandTimer first) {
    this.host = host;
    store = host.store();
    slowLog = first == null ? new SlowLog() : first.slowLog;
    monitor = first == null ? new LatencyMonitor() : first.monitor;
    timed = new Command[commands];
    configure(host.slowRequests());
  }

  SlowLog slowLog() {
    return slowLog;
  }

  LatencyMonitor monitor() {
    return monitor;
  }

  /** Which requests are slow. */
  SlowRequests slow() {
    return slow;
  }

  /** Says which requests are slow from now on. */
  void configure(SlowRequests slow) {
    this.slow = slow;
    long micros = slow.slowerThanMicros();
    isEachTimed = micros >= 0 && micros < EXACT_BELOW_MICROS;
    long slowNanos = micros < 0 ? Long.MAX_VALUE : product(micros, NANOS_PER_MICRO);
    long spikeNanos = slow.spikeMs() == 0 ? Long.MAX_VALUE : product(slow.spikeMs(), NANOS_PER_MS);
    leastNanos = Math.min(slowNanos, spikeNanos);
    slowLog.trim(slow.maxCount());
  }

  private static long product(long time, long nanos) {
    return time > Long.MAX_VALUE / nanos ? Long.MAX_VALUE : time * nanos;
  }

  // ---- requests

  /** Says whether so many bytes take long to move. */
  static boolean isLong(long bytes) {
    return bytes >= LONG_BYTES;
  }

  /** A batch of requests begins. */
  void beginBatch() {
    isFresh = true;
  }

  /** The last request of a batch was carried out. */
  void endBatch(Call last) {
    if (runLength > 0) {
      endRun(last);
    }
  }

  /** A request is about to be carried out. */
  void begin(Call call) {
    if (isFresh) {
      isFresh = false;
      sinceNs = host.nanoTime();
    }
    call.isLong = isEachTimed || call.command.takesLong;
    if (call.isLong || isLong(call.request.argumentBytes())) {
      beginLong(call);
    }
  }

  /** What the request is about to do may take long. */
  void beginLong(Call call) {
    call.isLong = true;
    if (runLength > 0) {
      endRun(null);
    }
  }

  /** A request was carried out. */
  void end(Call call) {
    Command command = call.command;
    if (command.untimedCalls++ == 0) {
      timed[timedCount] = command;
      timedCount++;
    }
    runLength++;
    if (call.isLong) {
      endRun(call);
    }
  }

  /**
   * Shares the time since the last reading between the requests since then.
   *
   * @param last the last of them, {@code null} where it is not known any more
   */
  private void endRun(Call last) {
    long nowNs = host.nanoTime();
    long nanos = nowNs - sinceNs;
    sinceNs = nowNs;
    long nanosEach = nanos / runLength;
    for (int i = 0; i < timedCount; i++) {
      timed[i].times.add(nanosEach, timed[i].untimedCalls);
      timed[i].untimedCalls = 0;
    }
    if (nanos >= leastNanos && last != null) {
      remember(last, nanos);
    }
    timedCount = 0;
    runLength = 0;
  }

  private void remember(Call last, long nanos) {
    long nowSeconds = store.nowMs() / SECOND_MS;
    long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
    boolean isSlow = slow.slowerThanMicros() >= 0 && micros >= slow.slowerThanMicros();
    if (isSlow && !last.command.isNeverSlow) {
      slowLog.add(last, nowSeconds, micros, runLength, slow.maxCount());
    }
    long ms = TimeUnit.NANOSECONDS.toMillis(nanos);
    if (slow.spikeMs() > 0 && ms >= slow.spikeMs()) {
      monitor.add(
          last.command.isFast ? LatencyMonitor.FAST_COMMAND : LatencyMonitor.COMMAND,
          nowSeconds,
          ms);
    }
  }
}
