package io.fkvs.store.durable.crash;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.durable.CorruptException;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.SyncPolicy;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Lets each change of the disk fail that a store makes, ends the process, and opens the store again
 * on the same machine, which may show what the failure has kept from the disk. Whatever the store
 * then shows must be there after a crash.
 */
final class FailThenCrash {
  /** How many of the disks that a crash can leave are looked at. */
  private static final int OUTCOMES = 3;

  private final BiFunction<SimulatedDisk, DurableOptions, Opened> opener;
  private final DurableOptions options;

  FailThenCrash(BiFunction<SimulatedDisk, DurableOptions, Opened> opener, DurableOptions options) {
    this.opener = opener;
    this.options = options.withSyncPolicy(SyncPolicy.ALWAYS);
  }

  void play() {
    for (int changes = 0; fails(changes); changes++) {}
  }

  /** Answers whether the store made so many changes of the disk that one of them failed. */
  private boolean fails(int changes) {
    SimulatedDisk disk = new SimulatedDisk();
    Opened opened = opener.apply(disk, options);
    opened.store().put("a", "1");
    opened.sync();
    disk.failAfter(changes, new IOException("Input/output error"));
    boolean hasFailed = isFailing(() -> change(opened)) | isFailing(opened.store()::close);
    openAndCrash(disk.afterKill());
    return hasFailed;
  }

  private static void change(Opened opened) {
    opened.store().put("b", "2");
    opened.sync();
    opened.compact();
    opened.store().put("c", "3");
    opened.sync();
  }

  private static boolean isFailing(Runnable call) {
    try {
      call.run();
      return false;
    } catch (DurableException e) {
      if (e instanceof CorruptException) {
        throw e;
      }
      return true;
    }
  }

  private void openAndCrash(SimulatedDisk disk) {
    Opened opened = opener.apply(disk, options);
    Map<String, String> shown = content(opened.store());
    if (!"1".equals(shown.get("a"))) {
      throw new AssertionError("what was acknowledged is lost: found=" + shown);
    }
    disk.crash();
    isFailing(opened.store()::close);
    for (int seed = 0; seed < OUTCOMES; seed++) {
      try (KeyValueStore store = opener.apply(disk.afterCrash(seed), options).store()) {
        Map<String, String> found = content(store);
        if (!found.equals(shown)) {
          throw new AssertionError(
              "what was shown after a failure is lost: shown=" + shown + ", found=" + found);
        }
      }
    }
  }

  private static Map<String, String> content(KeyValueStore store) {
    Map<String, String> content = new TreeMap<>();
    store.forEach((key, value) -> content.put(key.toUtf8(), value.toUtf8()));
    return content;
  }
}
