package io.fkvs.store.durable.crash;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.durable.CorruptException;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.SyncPolicy;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Kills a process before each change of the disk that a base needs, lets the disk crash before each
 * change that the next opening makes, and looks whether the content is there.
 */
final class KillThenCrash {
  /** How many of the disks that a crash can leave are looked at. */
  private static final int OUTCOMES = 4;

  private static final Map<String, String> CONTENT = Map.of("a", "1", "b", "2");

  private final BiFunction<SimulatedDisk, DurableOptions, Opened> opener;
  private final DurableOptions options;

  KillThenCrash(BiFunction<SimulatedDisk, DurableOptions, Opened> opener, DurableOptions options) {
    this.opener = opener;
    this.options = options.withSyncPolicy(SyncPolicy.ALWAYS);
  }

  void play() {
    SimulatedDisk disk = new SimulatedDisk();
    for (int changes = 0; isKilled(disk, changes); changes++) {
      crashAfter(disk);
      disk = new SimulatedDisk();
    }
  }

  /** Answers whether the process was killed before the base was written. */
  private boolean isKilled(SimulatedDisk disk, int changes) {
    Opened opened = opener.apply(disk, options);
    CONTENT.forEach(opened.store()::put);
    opened.sync();
    disk.crashAfter(changes);
    boolean isDead = isDying(disk, opened::compact);
    disk.crash();
    isDying(disk, opened.store()::close);
    return isDead;
  }

  private void crashAfter(SimulatedDisk killed) {
    SimulatedDisk disk = killed.afterKill();
    for (int changes = 0; crashes(disk, changes); changes++) {
      for (int seed = 0; seed < OUTCOMES; seed++) {
        check(disk.afterCrash(seed));
      }
      disk = killed.afterKill();
    }
  }

  /** Answers whether the disk crashed before the store was open. */
  private boolean crashes(SimulatedDisk disk, int changes) {
    disk.crashAfter(changes);
    return isDying(disk, () -> opener.apply(disk, options).store().close());
  }

  private static boolean isDying(SimulatedDisk disk, Runnable call) {
    try {
      call.run();
      return false;
    } catch (DurableException e) {
      if (!disk.hasCrashed() || e instanceof CorruptException) {
        throw e;
      }
      return true;
    }
  }

  private void check(SimulatedDisk disk) {
    try (KeyValueStore store = opener.apply(disk, options).store()) {
      Map<String, String> found = new TreeMap<>();
      store.forEach((key, value) -> found.put(key.toUtf8(), value.toUtf8()));
      if (!found.equals(CONTENT)) {
        throw new AssertionError("what came back is not what was there: found=" + found);
      }
    }
  }
}
