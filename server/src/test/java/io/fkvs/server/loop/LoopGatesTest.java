package io.fkvs.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class LoopGatesTest {
  private static final int LOOPS = 4;
  private static final int ROUNDS = 5_000;
  private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

  /**
   * What each loop has done, in plain fields: whoever is alone sees all of it, and may change it.
   */
  private final long[] done = new long[LOOPS];

  private final boolean[] works = new boolean[LOOPS];

  @Test
  void shouldLetLoopsWorkSideBySideAndEachAloneWhenItAsks() {
    LoopGates gates = new LoopGates(LOOPS);
    List<CompletableFuture<Void>> loops = new ArrayList<>();
    for (int i = 0; i < LOOPS; i++) {
      int loop = i;
      loops.add(CompletableFuture.runAsync(() -> run(gates, loop), THREADS));
    }
    loops.forEach(CompletableFuture::join);
    long sum = 0;
    for (long each : done) {
      sum += each;
    }
    assertEquals((long) LOOPS * ROUNDS + (long) LOOPS * (ROUNDS / 10) * (LOOPS - 1), sum);
  }

  private void run(LoopGates gates, int loop) {
    for (int i = 0; i < ROUNDS; i++) {
      gates.enter(loop);
      works[loop] = true;
      done[loop]++;
      works[loop] = false;
      if (i % 10 == 0) {
        gates.enterAll(loop);
        for (int other = 0; other < LOOPS; other++) {
          assertFalse(works[other]);
          done[other] += other == loop ? 0 : 1; // lost where the other one is at work
        }
        gates.leaveAll(loop);
      }
      gates.leave(loop);
    }
  }

  @Test
  void shouldKnowWhoEndsLast() {
    LoopGates gates = new LoopGates(2);
    assertFalse(gates.end());
    assertTrue(gates.end());
  }
}
