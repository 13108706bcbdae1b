package io.fkvs.server.rehearsal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/*
 * When is it enough? Batch times go on getting a little better for long and jump about on a busy
 * machine; counts of compilations say nothing of the one under way, which takes longest. So the
 * compiler itself is watched: between rounds this thread naps, and what processor time the process
 * uses meanwhile is the compiler's. It naps until the compiler is done with the round, so that on
 * one core no time goes into requests that code that is soon replaced would serve. A round that
 * gives the compiler nothing to do is a quiet one; after several in a row it is enough.
 */

/**
 * Lets a {@link Rehearsal} run before a server listens, until the JVM has compiled what serves
 * requests: else the first clients wait while it does (docs/decisions/0005). Any thread.
 */
public final class WarmUp {
  /** What is practised, a little at a time. */
  public interface Round {
    /** Practises for some milliseconds. */
    void run() throws IOException;
  }

  /** Opens what is practised on. */
  public interface Opener {
    /** Opens a rehearsal, for the caller to close. */
    Rehearsal open() throws IOException;
  }

  /** Rounds without work for the compiler before it is enough: one may come between two others. */
  public static final int QUIET_ROUNDS = 6;

  /** Naps after one round: where other threads keep the process busy, it goes on nevertheless. */
  public static final int MAX_NAPS = 10;

  private static final Logger LOGGER = System.getLogger(WarmUp.class.getName());

  /** The system counts processor time in steps of 10 ms; two of them, to see one. */
  private static final long NAP_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final Duration BUSY = Duration.ofMillis(10);

  private WarmUp() {}

  /**
   * Warms up, and logs it. A failure is logged as well, and only means that the server starts cold.
   *
   * @param opener opens what is practised on
   * @param limit the most time
   */
  public static void run(Opener opener, Duration limit) {
    long startNs = System.nanoTime();
    String transport;
    try (Rehearsal rehearsal = opener.open()) {
      transport = rehearsal.loop().transport().name();
      untilQuiet(rehearsal::round, WarmUp::isCompiling, System::nanoTime, limit.toNanos());
    } catch (IOException | RuntimeException e) {
      LOGGER.log(Level.WARNING, "warm-up failed, the server starts cold", e);
      return;
    }
    System.gc(); // what the start and the rehearsal leave: now, and not amid the first requests
    long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
    LOGGER.log(Level.INFO, "warmed up: ms=" + ms + ", transport=" + transport);
  }

  /**
   * Runs rounds until they give the compiler nothing to do, or for as long as they may. After each
   * it waits for the compiler.
   *
   * @param isCompiling waits a moment and says whether the compiler was busy meanwhile
   * @return whether the compiler became quiet
   */
  public static boolean untilQuiet(
      Round round, BooleanSupplier isCompiling, LongSupplier nanoClock, long limitNs)
      throws IOException {
    long startNs = nanoClock.getAsLong();
    int quietRounds = 0;
    while (quietRounds < QUIET_ROUNDS) {
      round.run();
      int naps = 0;
      while (naps < MAX_NAPS
          && nanoClock.getAsLong() - startNs < limitNs
          && isCompiling.getAsBoolean()) {
        naps++;
      }
      if (nanoClock.getAsLong() - startNs >= limitNs) {
        return false;
      }
      quietRounds = naps == 0 ? quietRounds + 1 : 0;
    }
    return true;
  }

  /** Where the system does not tell, the compiler counts as busy: then time alone decides. */
  private static boolean isCompiling() {
    Optional<Duration> before = cpuTime();
    LockSupport.parkNanos(NAP_NS);
    Optional<Duration> after = cpuTime();
    return before.isEmpty()
        || after.isEmpty()
        || after.get().minus(before.get()).compareTo(BUSY) >= 0;
  }

  private static Optional<Duration> cpuTime() {
    return ProcessHandle.current().info().totalCpuDuration();
  }
}
