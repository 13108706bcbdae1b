package io.fkvs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardLockTest {
  private static final int THREADS = 4;
  private static final int TIMES = 50_000;

  private final ShardLock lock = new ShardLock();
  private long counted;

  private void count() {
    for (int i = 0; i < TIMES; i++) {
      lock.lock();
      lock.lock();
      counted++;
      lock.unlock();
      lock.unlock();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldLetInOneThreadAtATime(boolean areVirtual) throws Exception {
    try (var threads =
        areVirtual
            ? Executors.newVirtualThreadPerTaskExecutor()
            : Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        all.add(threads.submit(this::count));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertEquals((long) THREADS * TIMES, counted);
    assertEquals(2L * THREADS * TIMES, lock.version());
  }

  @Test
  void shouldBeOddWhileItIsTakenAndCountTheOutermostOnly() {
    assertEquals(0, lock.version());
    lock.lock();
    lock.lock();
    assertEquals(1, lock.version());
    lock.unlock();
    assertEquals(1, lock.version());
    lock.unlock();
    assertEquals(2, lock.version());
  }

  /** The other thread has slept before it is interrupted, and sleeps again after that. */
  @Test
  void shouldWaitWhateverItTakesAndKeepTheInterrupt() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean isIn = new AtomicBoolean();
    AtomicBoolean isInterrupted = new AtomicBoolean();
    lock.lock();
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  begun.countDown();
                  lock.lock();
                  isIn.set(true);
                  isInterrupted.set(Thread.currentThread().isInterrupted());
                  lock.unlock();
                });
    begun.await();
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    waiting.interrupt();
    while (waiting.isInterrupted()) {
      Thread.onSpinWait();
    }
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertFalse(isIn.get());
    lock.unlock();
    waiting.join();
    assertTrue(isIn.get());
    assertTrue(isInterrupted.get());
    assertEquals(4, lock.version());
  }
}
