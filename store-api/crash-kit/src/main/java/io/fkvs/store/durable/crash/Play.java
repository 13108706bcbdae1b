package io.fkvs.store.durable.crash;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.PutCondition;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.durable.CorruptException;
import io.fkvs.store.durable.DiskFullException;
import io.fkvs.store.durable.DurableDirectory;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.SyncPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Plays lives, one after the other, each on what the crash of the one before has left, and compares
 * what comes back with what was done.
 */
final class Play {
  /** So short that bases are written all the time. */
  private static final long COMPACTION_BYTES = 600;

  private final BiFunction<SimulatedDisk, DurableOptions, Opened> opener;
  private final DurableOptions options;
  private SimulatedDisk disk = new SimulatedDisk();
  private long clockMs = 1_000_000;

  private Opened opened;
  private Model model = new Model(Map.of());

  /** What was stored after each step since the last crash, and the frame that it was in. */
  private final List<Map<String, Model.Entry>> states = new ArrayList<>(List.of(Map.of()));

  private final List<Long> sequences = new ArrayList<>(List.of(0L));

  /** The first state that may come back. */
  private int acknowledged;

  /** The snapshots that were written, and what they must hold. */
  private final Map<String, Map<String, Model.Entry>> snapshots = new HashMap<>();

  private int snapshotCount;

  Play(BiFunction<SimulatedDisk, DurableOptions, Opened> opener, DurableOptions options) {
    this.opener = opener;
    this.options = options;
  }

  void play(List<Life> lives) {
    for (Life life : lives) {
      play(life);
      disk.crash();
      closeInVain();
      noteDurable();
      opened = null;
      disk = life.fault() == Life.Fault.KILL ? disk.afterKill() : disk.afterCrash(life.seed());
      clockMs -= life.clockBackMs();
    }
    open(options);
    compare();
    checkSnapshots();
    close();
  }

  private void play(Life life) {
    prepare(life);
    try {
      open(options.withSyncPolicy(life.policy()));
      compare();
      for (Step step : life.steps()) {
        play(step, life);
      }
    } catch (DurableException e) {
      boolean isExpected = disk.hasCrashed() || life.hasFailure();
      if (!isExpected || e instanceof CorruptException) {
        throw e;
      }
      checkDead(life);
    }
  }

  private void prepare(Life life) {
    switch (life.fault()) {
      case CRASH, KILL -> disk.crashAfter(life.changes());
      case BROKEN -> disk.failAfter(life.changes(), new IOException("Input/output error"));
      case FULL -> disk.failAfter(life.changes(), new IOException("No space left on device"));
    }
  }

  /** After a failure every method throws, and a full disk is told from a broken one. */
  private void checkDead(Life life) {
    boolean isOpen = opened != null && !opened.store().isClosed();
    if (!isOpen || !life.hasFailure()) {
      return;
    }
    for (Runnable call :
        List.<Runnable>of(
            () -> opened.store().get("a"),
            () -> opened.store().put("a", "1"),
            () -> opened.store().size(),
            () -> opened.sync())) {
      try {
        call.run();
        throw new AssertionError("a call works after a failure");
      } catch (DurableException e) {
        if (e instanceof DiskFullException != (life.fault() == Life.Fault.FULL)) {
          throw new AssertionError("a full disk is not told from a broken one", e);
        }
      }
    }
  }

  private void open(DurableOptions how) {
    StoreConfig config = how.config().withClock(() -> Instant.ofEpochMilli(clockMs));
    opened = opener.apply(disk, how.withConfig(config).withCompaction(0.1, COMPACTION_BYTES));
  }

  private void close() {
    opened.store().close();
  }

  /** What happens to a store whose disk is gone does not matter. */
  private void closeInVain() {
    if (opened != null) {
      try {
        opened.store().close();
      } catch (DurableException e) {
        // The disk has crashed.
      }
    }
  }

  // ---- steps

  private void play(Step step, Life life) {
    switch (step) {
      case Step.Change change -> {
        model.apply(change, opened.store().nowMs());
        states.add(model.state());
        sequences.add(Long.MAX_VALUE);
        call(change);
        done(life);
      }
      case Step.Group(List<Step.Change> changes) -> playGroup(changes, life);
      case Step.Fill(int count) -> {
        for (int i = 0; i < count; i++) {
          play(new Step.Put(PutCondition.ALWAYS, "key" + i, "filled", 0), life);
        }
      }
      case Step.Wait(long ms) -> clockMs += ms;
      case Step.Sync() -> {
        opened.sync();
        acknowledgeAll();
      }
      case Step.Compact() -> {
        opened.compact();
        acknowledgeAll();
      }
      case Step.Work(int entries) -> opened.work(entries);
      case Step.Snapshot() -> {
        takeSnapshot(life);
      }
      case Step.Reopen() -> {
        opened.store().close();
        acknowledgeAll();
        opened = null;
        open(options.withSyncPolicy(life.policy()));
        compare();
      }
    }
    noteDurable();
  }

  /** A snapshot may fail where the store does not. */
  private void takeSnapshot(Life life) {
    String name = "snapshot-" + ++snapshotCount;
    try {
      opened.snapshot(disk, name);
    } catch (DurableException e) {
      if (disk.hasCrashed() || !life.hasFailure()) {
        throw e;
      }
      opened.store().size();
      return;
    }
    snapshots.put(name, Model.alive(states.getLast(), opened.store().nowMs()));
  }

  private void playGroup(List<Step.Change> changes, Life life) {
    if (!opened.beginGroup()) {
      changes.forEach(change -> play(change, life));
      return;
    }
    long nowMs = opened.store().nowMs();
    changes.forEach(change -> model.apply(change, nowMs));
    states.add(model.state());
    sequences.add(Long.MAX_VALUE);
    changes.forEach(this::call);
    opened.endGroup();
    done(life);
  }

  private void done(Life life) {
    sequences.set(sequences.size() - 1, opened.sequence());
    if (life.policy() == SyncPolicy.ALWAYS && options.isWaiting()) {
      acknowledgeAll();
    }
  }

  private void acknowledgeAll() {
    if (opened.durableSequence() < opened.sequence()) {
      throw new AssertionError(
          "not durable: sequence="
              + opened.sequence()
              + ", durableSequence="
              + opened.durableSequence());
    }
    acknowledged = states.size() - 1;
  }

  /** Whatever the store says is durable must come back. */
  private void noteDurable() {
    if (opened != null) {
      long durable = opened.durableSequence();
      for (int i = acknowledged; i < states.size(); i++) {
        acknowledged = sequences.get(i) <= durable ? i : acknowledged;
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void call(Step.Change change) {
    KeyValueStore store = opened.store();
    long nowMs = store.nowMs();
    switch (change) {
      case Step.Put put ->
          store.put(
              put.condition(),
              bytes(put.key()),
              bytes(put.value()),
              Model.deadline(put.ttlMs(), nowMs));
      case Step.PutLong(String key, int length) -> store.put(key, Model.longValue(length));
      case Step.Increment(String key, long delta) -> {
        try {
          store.increment(key, delta);
        } catch (NotAnIntegerException e) {
          // The model does nothing, either.
        }
      }
      case Step.Remove(String key) -> store.remove(key);
      case Step.Expire(String key, long ttlMs) -> expire(key, Model.deadline(ttlMs, nowMs));
      case Step.Persist(String key) -> store.persist(key);
      case Step.Append(String key, String more) ->
          store.compute(key, (same, old) -> Model.appended(old, more));
      case Step.Replace(String key, String expected, String value) ->
          store.replace(key, expected, value);
      case Step.Clear() -> store.clear();
    }
  }

  private void expire(String key, long deadlineMs) {
    byte[] bytes = bytes(key);
    opened
        .store()
        .expire(java.lang.foreign.MemorySegment.ofArray(bytes), 0, bytes.length, deadlineMs);
  }

  // ---- what came back

  private static Map<String, Model.Entry> content(KeyValueStore store) {
    Map<String, Model.Entry> content = new TreeMap<>();
    store.forEach(
        (key, value) ->
            content.put(key.toUtf8(), new Model.Entry(value.toUtf8(), value.deadlineMs())));
    return content;
  }

  /** Finds the state that came back, and goes on from there. */
  private void compare() {
    Map<String, Model.Entry> found = content(opened.store());
    long nowMs = opened.store().nowMs();
    for (int i = states.size() - 1; i >= acknowledged; i--) {
      if (Model.alive(states.get(i), nowMs).equals(found)) {
        Map<String, Model.Entry> state = states.get(i);
        states.clear();
        states.add(state);
        sequences.clear();
        sequences.add(opened.sequence());
        acknowledged = 0;
        model = new Model(state);
        return;
      }
    }
    throw new AssertionError(
        "what came back is no state since what was acknowledged: found="
            + found
            + ", acknowledged="
            + Model.alive(states.get(acknowledged), nowMs)
            + ", last="
            + Model.alive(states.getLast(), nowMs));
  }

  /** A snapshot that was written is there, and holds what was there when it was written. */
  private void checkSnapshots() {
    snapshots.forEach(
        (name, expected) -> {
          SimulatedDisk restored = new SimulatedDisk();
          DurableDirectory.restore(disk, name, restored);
          clockMs = 0;
          try (KeyValueStore store =
              opener
                  .apply(
                      restored,
                      options.withConfig(
                          options.config().withClock(() -> Instant.ofEpochMilli(clockMs))))
                  .store()) {
            Map<String, Model.Entry> found = content(store);
            if (!found.equals(expected)) {
              throw new AssertionError(
                  "snapshot: name=" + name + ", found=" + found + ", expected=" + expected);
            }
          }
        });
  }
}
