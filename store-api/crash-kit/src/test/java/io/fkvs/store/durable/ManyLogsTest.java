package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.durable.crash.SimulatedDisk;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that run for moments leave a short log each time. */
class ManyLogsTest {
  private static final DurableOptions OPTIONS =
      DurableOptions.defaults()
          .withProvider(Tables.CHAINED)
          .withBacklogBytes(DurableOptions.LEAST_BACKLOG_BYTES)
          .withShardCount(2);

  /** How many of the disks that a crash can leave are looked at. */
  private static final int OUTCOMES = 3;

  @BeforeAll
  static void quiet() {
    Quiet.logs();
  }

  static Stream<BiFunction<Disk, DurableOptions, KeyValueStore>> openers() {
    return Stream.of(
        (disk, options) -> DurableStore.open(disk, options.withoutThread()),
        DurableStore::open,
        DurableConcurrentStore::open);
  }

  @ParameterizedTest
  @MethodSource("openers")
  void shouldNotGatherLogsWithoutEnd(BiFunction<Disk, DurableOptions, KeyValueStore> opener) {
    MemoryDisk disk = new MemoryDisk();
    for (int i = 1; i <= 2 * OpenStore.MOST_LOGS + 20; i++) {
      try (KeyValueStore store = opener.apply(disk, OPTIONS)) {
        assertEquals(i, store.increment("openings", 1));
      }
      List<String> names = disk.list();
      assertTrue(names.size() <= OpenStore.MOST_LOGS + 4, () -> "files=" + names);
    }
    assertTrue(disk.list().stream().anyMatch(name -> name.startsWith("base-")));
  }

  @Test
  void shouldLoseNothingWhenItCrashesWhileItReplacesThem() {
    DurableOptions always = OPTIONS.withoutThread().withSyncPolicy(SyncPolicy.ALWAYS);
    SimulatedDisk many = new SimulatedDisk();
    for (int i = 0; i < OpenStore.MOST_LOGS; i++) {
      try (DurableStore store = DurableStore.open(many, always)) {
        store.increment("openings", 1);
      }
    }
    int changes = 0;
    while (crashes(many, always, changes)) {
      changes++;
    }
    assertTrue(changes > 15, "changes=" + changes);
  }

  /** Answers whether the disk crashed before the store was open. */
  private static boolean crashes(SimulatedDisk many, DurableOptions options, int changes) {
    SimulatedDisk disk = many.copy();
    disk.crashAfter(changes);
    try {
      DurableStore.open(disk, options).close();
    } catch (CorruptException e) {
      throw e;
    } catch (DurableException e) {
      assertTrue(disk.hasCrashed(), e.getMessage());
    }
    boolean hasCrashed = disk.hasCrashed();
    disk.crash();
    for (int seed = 0; seed < OUTCOMES; seed++) {
      try (DurableStore store = DurableStore.open(disk.afterCrash(seed), options)) {
        assertEquals(OpenStore.MOST_LOGS, store.getLong("openings").orElseThrow());
      }
    }
    return hasCrashed;
  }
}
