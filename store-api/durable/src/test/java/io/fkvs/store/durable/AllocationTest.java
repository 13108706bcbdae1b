package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** At steady state the log costs its users no garbage, and its thread next to none. */
class AllocationTest {
  private static final int KEYS = 1_000;
  private static final int CALLS_A_ROUND = 20_000;

  /** The compiler needs some rounds before it does without objects that never leave a method. */
  private static final int MAX_ROUNDS = 200;

  private static final int QUIET_ROUNDS = 3;

  /** What the log's thread may allocate for each call that was made, on average. */
  private static final double WORKER_BYTES_A_CALL = 1;

  @TempDir Path folder;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final ValueView view = new ValueView();
  private final MemorySegment key = Arena.global().allocate(16, 8);
  private final MemorySegment value = Arena.global().allocate(32, 8);

  @ParameterizedTest
  @EnumSource(
      value = SyncPolicy.class,
      names = {"EVERY_SECOND", "NEVER"})
  void shouldAllocateNothingInTheThreadThatChangesTheStore(SyncPolicy policy) {
    DurableOptions options =
        DurableOptions.defaults().withSyncPolicy(policy).withCompaction(1_000, Long.MAX_VALUE);
    try (DurableStore store = DurableStore.open(folder, options)) {
      List<Long> allocatedBytes = new ArrayList<>();
      int quiet = 0;
      while (quiet < QUIET_ROUNDS && allocatedBytes.size() < MAX_ROUNDS) {
        long before = threads.getCurrentThreadAllocatedBytes();
        call(store);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        allocatedBytes.add(bytes);
        quiet = bytes == 0 ? quiet + 1 : 0;
      }
      assertTrue(quiet == QUIET_ROUNDS, () -> "bytes in each round=" + allocatedBytes);
      long worker = worker();
      long before = threads.getThreadAllocatedBytes(worker);
      call(store);
      store.sync();
      long bytes = threads.getThreadAllocatedBytes(worker) - before;
      assertTrue(bytes <= WORKER_BYTES_A_CALL * CALLS_A_ROUND, () -> "worker's bytes=" + bytes);
    }
  }

  private long worker() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("fkvs-log-"))
        .findFirst()
        .orElseThrow()
        .threadId();
  }

  private void call(Store store) {
    for (int i = 0; i < CALLS_A_ROUND; i++) {
      key.set(ValueLayout.JAVA_LONG, 0, i / 4 % KEYS);
      switch (i % 4) {
        case 0 -> store.put(PutCondition.ALWAYS, key, 0, 16, value, 0, 32, Store.NO_DEADLINE);
        case 1 -> store.remove(key, 0, 16);
        case 2 -> {
          key.set(ValueLayout.JAVA_LONG, 8, 1);
          store.increment(key, 0, 16, 1);
          key.set(ValueLayout.JAVA_LONG, 8, 0);
        }
        default -> store.get(key, 0, 16, view);
      }
    }
  }
}
