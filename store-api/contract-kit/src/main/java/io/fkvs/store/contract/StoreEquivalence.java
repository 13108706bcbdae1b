package io.fkvs.store.contract;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.DomainContext;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * Two tables in lockstep: the same scripts, the same answers, the same errors. Extend it, say how
 * to open the two, and run it as a test. Statistics of the scripts prove that they reach what
 * matters; a share that is too small fails the property.
 */
@net.jqwik.api.domains.Domain(Domain.class)
@net.jqwik.api.domains.Domain(DomainContext.Global.class)
@AddLifecycleHook(Depth.class)
public abstract class StoreEquivalence {
  /** For a test class of yours to extend. */
  protected StoreEquivalence() {}

  /**
   * Opens an empty store on the one table.
   *
   * @param config the configuration to obey
   * @return the store; the kit closes it
   */
  public abstract Store openFirst(StoreConfig config);

  /**
   * Opens an empty store on the other table.
   *
   * @param config the configuration to obey
   * @return the store; the kit closes it
   */
  public abstract Store openSecond(StoreConfig config);

  /**
   * Walks the one table and throws an {@link AssertionError} where its inner order is broken.
   *
   * @param store a store that {@link #openFirst} answered
   */
  public void checkFirst(Store store) {}

  /**
   * Walks the other table and throws an {@link AssertionError} where its inner order is broken.
   *
   * @param store a store that {@link #openSecond} answered
   */
  public void checkSecond(Store store) {}

  @Property
  @StatisticsReport(onFailureOnly = true)
  void shouldAnswerAlikeInAnyScript(@ForAll Script script) {
    TestClock clock = new TestClock();
    Model model = new Model(clock);
    Reached reached = new Reached(model);
    try (Lockstep lockstep = both(new Lockstep(model, reached::watch), config(clock))) {
      lockstep.play(script);
    }
    reached.collect();
  }

  @Property
  @StatisticsReport(onFailureOnly = true)
  void shouldAnswerAlikeWhateverTheHash(@ForAll HostileHash hash, @ForAll Script.Short script) {
    TestClock clock = new TestClock();
    StoreConfig config = config(clock).withKeyHash(hash);
    try (Lockstep lockstep = both(new Lockstep(new Model(clock)), config)) {
      lockstep.play(script.script());
    }
    Collisions.collect(hash, script.script());
  }

  @Example
  void shouldRefuseAlike() {
    StoreConfig config = config(new TestClock()).withMaxValueBytes(20);
    MemorySegment memory = MemorySegment.ofArray(new byte[Store.MAX_KEY_BYTES + 1]);
    try (Store first = openFirst(config);
        Store second = openSecond(config)) {
      checkAlike(first, second, Calls.onKey(memory, 0, Store.MAX_KEY_BYTES + 1));
      checkAlike(first, second, Calls.onKey(memory, Store.MAX_KEY_BYTES, 2));
      checkAlike(first, second, Calls.onKey(memory, -1, 2));
      checkAlike(first, second, Calls.onKey(memory, 0, -1));
      checkAlike(first, second, Calls.core());
      checkAlike(first, second, Map.of("close", Store::close));
      checkAlike(first, second, Calls.core());
    }
  }

  private static void checkAlike(Store first, Store second, Map<String, Consumer<Store>> calls) {
    calls.forEach((name, call) -> Check.equal(name, outcome(first, call), outcome(second, call)));
  }

  private static String outcome(Store store, Consumer<Store> call) {
    try {
      call.accept(store);
      return "done";
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private Lockstep both(Lockstep lockstep, StoreConfig config) {
    return lockstep
        .on(openFirst(config), this::checkFirst)
        .on(openSecond(config), this::checkSecond);
  }

  private static StoreConfig config(TestClock clock) {
    return StoreConfig.defaults().withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES).withClock(clock);
  }
}
