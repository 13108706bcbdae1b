package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.StoreConfig;
import io.fkvs.store.durable.crash.SimulatedDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many threads change a store until its disk crashes. What comes back is a prefix of the log: of
 * each thread the changes up to one of them, up to one that was acknowledged or later; and nothing
 * without what its writer had seen of other threads before.
 */
class ManyThreadsCrashTest {
  private static final int THREADS = 4;
  private static final int CRASHES = 60;

  /** Keys of a thread, each put in turn; and one more, which says how far the thread is. */
  private static final int KEYS = 10;

  private static final int MOST_CHANGES = 400;

  @BeforeAll
  static void quiet() {
    Quiet.logs();
  }

  @ParameterizedTest
  @EnumSource(SyncPolicy.class)
  void shouldComeBackAsAPrefixOfWhatAllThreadsDid(SyncPolicy policy) throws Exception {
    Random random = new Random(18);
    SimulatedDisk disk = new SimulatedDisk();
    long[] counts = new long[THREADS];
    for (int crash = 0; crash < CRASHES; crash++) {
      if (random.nextInt(5) > 0) {
        disk.crashAfter(10 + random.nextInt(300));
      } else {
        disk.failAfter(10 + random.nextInt(300), new IOException("Input/output error"));
      }
      long[] acknowledged = changeUntilCrash(disk, policy, counts);
      disk.crash();
      disk = disk.afterCrash(random.nextLong());
      counts = check(disk, policy, acknowledged);
    }
  }

  private static DurableOptions options(SyncPolicy policy) {
    return DurableOptions.defaults()
        .withConfig(StoreConfig.defaults().withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES))
        .withBacklogBytes(DurableOptions.LEAST_BACKLOG_BYTES)
        .withProvider(Tables.SWISS)
        .withShardCount(8)
        .withSyncPolicy(policy)
        .withCompaction(0.5, 5_000);
  }

  /** Answers how many changes of each thread were acknowledged as durable. */
  private static long[] changeUntilCrash(SimulatedDisk disk, SyncPolicy policy, long[] counts)
      throws InterruptedException {
    long[] acknowledged = counts.clone();
    DurableConcurrentStore store;
    try {
      store = DurableConcurrentStore.open(disk, options(policy));
    } catch (DurableException e) {
      return acknowledged;
    }
    List<Throwable> faults = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int thread = t;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      change(store, policy, thread, acknowledged);
                    } catch (DurableException e) {
                      // The disk has crashed, or failed.
                    } catch (RuntimeException | Error e) {
                      synchronized (faults) {
                        faults.add(e);
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), faults);
    try {
      store.close();
    } catch (DurableException e) {
      // It could not make everything durable.
    }
    return acknowledged;
  }

  /** Each change says what its thread has seen of the others: how far they were. */
  private static void change(
      DurableConcurrentStore store, SyncPolicy policy, int thread, long[] acknowledged) {
    long next = acknowledged[thread];
    for (int i = 0; i < MOST_CHANGES; i++) {
      next++;
      long[] seen = new long[THREADS];
      for (int other = 0; other < THREADS; other++) {
        seen[other] = count(store.get("thread" + other), other);
      }
      store.put("key" + thread + "-" + next % KEYS, next);
      seen[thread] = next;
      store.put("thread" + thread, Arrays.toString(seen));
      if (policy == SyncPolicy.ALWAYS) {
        acknowledged[thread] = next;
      } else if (next % 50 == 0) {
        store.sync();
        acknowledged[thread] = next;
      }
    }
  }

  /** How far a thread was when it said so. */
  private static long count(String seen, int thread) {
    return seen == null ? 0 : seen(seen)[thread];
  }

  private static long[] seen(String text) {
    return Arrays.stream(text.substring(1, text.length() - 1).split(", "))
        .mapToLong(Long::parseLong)
        .toArray();
  }

  private static long[] check(SimulatedDisk disk, SyncPolicy policy, long[] acknowledged) {
    Map<String, String> found = new HashMap<>();
    try (DurableConcurrentStore store = DurableConcurrentStore.open(disk, options(policy))) {
      store.forEach((key, value) -> found.put(key.toUtf8(), value.toUtf8()));
    }
    long[] counts = new long[THREADS];
    for (int t = 0; t < THREADS; t++) {
      counts[t] = count(found.get("thread" + t), t);
    }
    for (int t = 0; t < THREADS; t++) {
      String place = "thread=" + t + ", found=" + found + ", acknowledged=" + acknowledged[t];
      assertTrue(counts[t] >= acknowledged[t], place);
      if (found.get("thread" + t) != null) {
        long[] seen = seen(found.get("thread" + t));
        for (int other = 0; other < THREADS; other++) {
          assertTrue(counts[other] >= seen[other], "other=" + other + ", " + place);
        }
      }
      checkKeys(found, t, counts[t], place);
    }
    return counts;
  }

  /** Each key has the last number of it, but for one that was put and not counted yet. */
  private static void checkKeys(Map<String, String> found, int thread, long count, String place) {
    for (long number = Math.max(1, count - KEYS + 1); number <= count; number++) {
      String value = found.get("key" + thread + "-" + number % KEYS);
      boolean isAhead = number == count - KEYS + 1 && Long.toString(count + 1).equals(value);
      assertTrue(isAhead || Long.toString(number).equals(value), "number=" + number + ", " + place);
    }
  }
}
