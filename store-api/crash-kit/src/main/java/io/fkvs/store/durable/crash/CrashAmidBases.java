package io.fkvs.store.durable.crash;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.SyncPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * Numbers its changes while one base after the other is written and nothing else is synced, lets
 * the disk crash, and looks whether a later number came back without an earlier one: a base shows
 * changes that were made during its scan.
 */
final class CrashAmidBases {
  private static final int CRASHES = 40;
  private static final int KEYS = 40;
  private static final int MOST_CHANGES = 300;
  private static final long COMPACTION_BYTES = 600;

  private final BiFunction<SimulatedDisk, DurableOptions, Opened> opener;
  private final DurableOptions options;

  CrashAmidBases(BiFunction<SimulatedDisk, DurableOptions, Opened> opener, DurableOptions options) {
    this.opener = opener;
    this.options = options.withSyncPolicy(SyncPolicy.NEVER).withCompaction(0.1, COMPACTION_BYTES);
  }

  void play() {
    Random random = new Random(16);
    for (int crash = 0; crash < CRASHES; crash++) {
      SimulatedDisk disk = new SimulatedDisk();
      Opened opened = opener.apply(disk, options);
      change(opened, 1 + random.nextInt(MOST_CHANGES));
      disk.crash();
      closeInVain(opened);
      check(disk.afterCrash(random.nextLong()));
    }
  }

  private static void change(Opened opened, int changes) {
    for (int number = 1; number <= changes; number++) {
      opened.store().put("key" + number % KEYS, Integer.toString(number));
    }
  }

  private static void closeInVain(Opened opened) {
    try {
      opened.store().close();
    } catch (DurableException e) {
      // The disk has crashed.
    }
  }

  private void check(SimulatedDisk disk) {
    Map<String, Integer> found = new HashMap<>();
    try (KeyValueStore store = opener.apply(disk, options).store()) {
      store.forEach((key, value) -> found.put(key.toUtf8(), Integer.valueOf(value.toUtf8())));
    }
    int last = found.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    Map<String, Integer> expected = new HashMap<>();
    for (int number = Math.max(1, last - KEYS + 1); number <= last; number++) {
      expected.put("key" + number % KEYS, number);
    }
    if (!found.equals(expected)) {
      throw new AssertionError(
          "a change came back without an earlier one: found=" + found + ", last=" + last);
    }
  }
}
