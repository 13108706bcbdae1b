package io.fkvs.store.durable.crash;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.DurableStore;
import io.fkvs.store.durable.SyncPolicy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * What a durable store promises of a crash: what comes back is what was there at some moment, and
 * everything that was acknowledged before is in it. Extend it to check your own table under a
 * {@link DurableStore}, or another store that is durable on a {@link SimulatedDisk}.
 *
 * <pre>{@code
 * class MyCrashTest extends CrashContract {
 *   @Override
 *   public DurableOptions options() {
 *     return super.options().withProvider(new MyTableProvider());
 *   }
 * }
 * }</pre>
 *
 * <p>A script is random, and so are the crash and what it leaves. Where the store has no thread of
 * its own, a script that fails is played again with the same outcome, and shrinks.
 */
@AddLifecycleHook(Depth.class)
public abstract class CrashContract {
  /** For a test class of yours to extend. */
  protected CrashContract() {}

  /**
   * How the store is opened, but for the policy and the clock.
   *
   * @return the options; the best table that is installed, without a thread, unless overridden
   */
  public DurableOptions options() {
    StoreConfig config = StoreConfig.defaults().withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES);
    return DurableOptions.defaults()
        .withConfig(config)
        .withBacklogBytes(DurableOptions.LEAST_BACKLOG_BYTES)
        .withoutThread();
  }

  /**
   * Opens the store under test.
   *
   * @param disk where its files are
   * @param options how
   * @return the store
   */
  public Opened open(SimulatedDisk disk, DurableOptions options) {
    return Opened.of(DurableStore.open(disk, options));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void shouldComeBackAsItWasWithAllThatWasAcknowledged(@ForAll("lives") List<Life> lives) {
    new Play(this::open, options()).play(lives);
  }

  /**
   * A crash loses changes, others are made in their place, and then the disk shows behind these, in
   * the room of the file, what was there before: frames that are whole, and whose numbers follow.
   */
  @Example
  void shouldNotTakeForItsOwnWhatAnotherFileHasHeld() {
    DurableOptions patient = options().withSyncPolicy(SyncPolicy.NEVER);
    SimulatedDisk disk = new SimulatedDisk();
    Opened before = open(disk, patient);
    before.store().put("before", "1");
    before.store().close();
    SimulatedDisk lost = changed(disk, patient, "lost", 9);
    SimulatedDisk kept = changed(disk, patient, "kept", 1);
    for (String name : kept.names()) {
      byte[] old = lost.content(name);
      byte[] content = kept.content(name);
      if (disk.content(name) == null && old != null && old.length > content.length) {
        System.arraycopy(content, 0, old, 0, content.length);
        kept.setContent(name, old);
      }
    }
    Opened after = open(kept, patient);
    try (KeyValueStore store = after.store()) {
      Map<String, String> found = new TreeMap<>();
      store.forEach((key, value) -> found.put(key.toUtf8(), value.toUtf8()));
      if (!found.equals(Map.of("before", "1", "kept0", "1"))) {
        throw new AssertionError("what a crash had lost came back: found=" + found);
      }
    }
  }

  /** What a killed process leaves that has made some changes, all of one length. */
  private SimulatedDisk changed(SimulatedDisk disk, DurableOptions how, String key, int changes) {
    SimulatedDisk changed = disk.copy();
    Opened opened = open(changed, how);
    for (int i = 0; i < changes; i++) {
      opened.store().put(key + i, "1");
    }
    opened.sync();
    return changed.afterKill().copy();
  }

  /**
   * A process is killed amid a base, and the next one's disk crashes while it opens the store: what
   * the first one has renamed, and not synced, may be as it was, and what the second one has
   * deleted may be gone.
   */
  @Example
  void shouldComeBackWhenACrashFollowsAKilledProcess() {
    new KillThenCrash(this::open, options()).play();
  }

  /**
   * A sync fails, and the process ends, but not the machine: it shows the next process what it was
   * to write, and what another sync does not bring to the disk. Then the machine crashes.
   */
  @Example
  void shouldNotShowWhatAFailedSyncHasKeptFromTheDisk() {
    new FailThenCrash(this::open, options()).play();
  }

  /** A base shows changes that were made during its scan: it is named when the log has them. */
  @Example
  void shouldComeBackAsAPrefixWhateverBasesContain() {
    new CrashAmidBases(this::open, options()).play();
  }

  // ---- scripts

  @Provide
  Arbitrary<List<Life>> lives() {
    return life().list().ofMinSize(1).ofMaxSize(4);
  }

  private static Arbitrary<Life> life() {
    return Combinators.combine(
            Arbitraries.frequency(
                Tuple.of(5, Life.Fault.CRASH),
                Tuple.of(2, Life.Fault.KILL),
                Tuple.of(1, Life.Fault.BROKEN),
                Tuple.of(1, Life.Fault.FULL)),
            Arbitraries.of(SyncPolicy.class),
            steps().list().ofMaxSize(40),
            Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.integers().between(0, 60)),
                Tuple.of(2, Arbitraries.integers().between(0, 300)),
                Tuple.of(1, Arbitraries.just(Integer.MAX_VALUE))),
            Arbitraries.longs(),
            Arbitraries.of(0L, 0L, 0L, 5L, 5_000L))
        .as(Life::new);
  }

  private static Arbitrary<Step> steps() {
    return Arbitraries.frequencyOf(
        Tuple.of(30, changes().map(change -> change)),
        Tuple.of(1, Arbitraries.integers().between(10, 100).map(Step.Fill::new)),
        Tuple.of(3, changes().list().ofMinSize(1).ofMaxSize(5).map(Step.Group::new)),
        Tuple.of(3, Arbitraries.of(1L, 5L, 20L).map(Step.Wait::new)),
        Tuple.of(2, Arbitraries.just(new Step.Sync())),
        Tuple.of(1, Arbitraries.just(new Step.Compact())),
        Tuple.of(2, Arbitraries.integers().between(1, 5).map(Step.Work::new)),
        Tuple.of(1, Arbitraries.just(new Step.Snapshot())),
        Tuple.of(1, Arbitraries.just(new Step.Reopen())));
  }

  private static Arbitrary<Step.Change> changes() {
    Arbitrary<String> keys =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.of("a", "b", "c", "d", "e")),
            Tuple.of(2, Arbitraries.integers().between(0, 100).map(i -> "key" + i)));
    Arbitrary<String> values =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.of("1", "22", "x", "")),
            Tuple.of(2, Arbitraries.integers().between(1, 700).map("v"::repeat)));
    Arbitrary<PutCondition> conditions = Arbitraries.of(PutCondition.class);
    Arbitrary<Long> ttls = Arbitraries.of(0L, 0L, 0L, 1L, 10L, 30L, 1_000L, -1L);
    return Arbitraries.frequencyOf(
        Tuple.of(12, Combinators.combine(conditions, keys, values, ttls).as(Step.Put::new)),
        Tuple.of(
            6,
            Combinators.combine(keys, Arbitraries.longs().between(-9, 9)).as(Step.Increment::new)),
        Tuple.of(4, keys.map(Step.Remove::new)),
        Tuple.of(4, Combinators.combine(keys, ttls).as(Step.Expire::new)),
        Tuple.of(2, keys.map(Step.Persist::new)),
        Tuple.of(4, Combinators.combine(keys, Arbitraries.of("1", "zz")).as(Step.Append::new)),
        Tuple.of(3, Combinators.combine(keys, values, values).as(Step.Replace::new)),
        Tuple.of(2, Combinators.combine(keys, Arbitraries.of("1", "zz")).as(Step.Extend::new)),
        Tuple.of(
            2,
            Combinators.combine(keys, Arbitraries.of(0, 1, 20), Arbitraries.of("", "1", "zz"))
                .as(Step.SetRange::new)),
        Tuple.of(2, Combinators.combine(conditions, keys, keys).as(Step.Rename::new)),
        Tuple.of(2, Combinators.combine(conditions, keys, keys).as(Step.Copy::new)),
        Tuple.of(2, Combinators.combine(keys, keys, values).as(Step.PutBoth::new)),
        Tuple.of(1, Combinators.combine(keys, keys).as(Step.RemoveBoth::new)),
        Tuple.of(1, Arbitraries.just(new Step.Clear())),
        Tuple.of(
            1,
            Combinators.combine(keys, Arbitraries.of(30_000, 280_000, 600_000))
                .as(Step.PutLong::new)));
  }
}
