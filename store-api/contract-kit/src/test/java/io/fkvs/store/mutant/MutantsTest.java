package io.fkvs.store.mutant;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.Depth;
import io.fkvs.store.contract.StoreContract;
import io.fkvs.store.contract.StoreEquivalence;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.TestAbortedException;

/**
 * The kit is tested too: it passes the stores that are right and catches each that is broken. Each
 * class below takes its share of the stores, so that two JVMs share the work.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract sealed class MutantsTest permits MutantsFirstTest, MutantsSecondTest {
  private static final List<Class<?>> SHARES = List.of(MutantsTest.class.getPermittedSubclasses());

  /** Fewer than usual: a fault that takes more luck to find needs a law of its own. */
  static final int TRIES = 20;

  /** How many properties have to catch a mutant before the rest are spared. */
  private static final int ENOUGH = 1;

  /** At least so many properties must have run, or nothing is proven. */
  static final int CONTRACT_PROPERTIES = 120;

  /** No failure of any law prints more than some screens, however much is stored. */
  private static final int MAX_MESSAGE = 30_000;

  private static final int EQUIVALENCE_PROPERTIES = 3;

  /** The laws for faults that all others take seconds to let pass; each is tried first. */
  private static final Map<String, String> FIRST_LAW =
      Map.ofEntries(
          entry(
              "a refused put has moved the old value away from under a view",
              "shouldShowTheSameBytesOrBeStaleAfterARefusedCall"),
          entry("a refused put leaves a reservation", "shouldHoldAnyBoundToTheByteInAnyScript"),
          entry(
              "a scan's number cannot be rounded down",
              "shouldVisitEverythingWhenCursorsAreRoundedDown"),
          entry("a store belongs to nobody after each call", "shouldRefuseAnotherThread"),
          entry("a store cannot be handed over", "shouldBelongToWhoComesAfterAHandOver"),
          entry(
              "a sweep begins its chain anew with each entry that it removes",
              "shouldSweepAFloodInPieces"),
          entry("closing one store empties another", "shouldNotDisturbAnotherStoreWhenClosed"),
          entry(
              "hash bits are shared between the directory's index and the group's",
              "shouldProbeLittleWhenTheHashIsDecent"),
          entry(
              "persist gives the room of the deadline back twice",
              "shouldHoldAnyBoundToTheByteInAnyScript"),
          entry("removals give no room back", "shouldMakeRoomOfTheExpiredBeforeItRefuses"),
          entry("the bound on memory is passed by a byte", "shouldFillUpToTheByteAndNoFurther"),
          entry("the live bytes ignore overwrites", "shouldHoldAnyBoundToTheByteInAnyScript"),
          entry(
              "the scan goes by place and misses a moved key",
              "shouldVisitTheLivingWhileAFloodIsSwept"));

  /** The store that {@link Victim} opens; the properties of a run take turns on one thread. */
  static Function<StoreConfig, Store> factory;

  static Outcome outcome;

  /** The contract on the store of the moment; no test by itself, for its name says none. */
  @AddLifecycleHook(StopWhenCaught.class)
  static final class Victim extends StoreContract {
    @Override
    public Store open(StoreConfig config) {
      return factory.apply(config);
    }
  }

  @BeforeEach
  void lowerTheDepth() {
    System.setProperty(Depth.TRIES, Integer.toString(TRIES));
  }

  @AfterEach
  void restoreTheDepth() {
    System.clearProperty(Depth.TRIES);
  }

  /** The stores of this class: dealt out one by one, so that each has one class that tries it. */
  private List<Mutant> share(List<Mutant> all) {
    return IntStream.range(0, all.size())
        .filter(i -> i % SHARES.size() == SHARES.indexOf(getClass()))
        .mapToObj(all::get)
        .toList();
  }

  private static List<Mutant> allBroken() {
    return Stream.of(
            MapMutants.all(),
            TableMutants.all(),
            EdgeMutants.all(),
            OwnerMutants.all(),
            MapOperationMutants.all(),
            ManyKeysMutants.all())
        .flatMap(List::stream)
        .toList();
  }

  List<Mutant> broken() {
    return share(allBroken());
  }

  @ParameterizedTest
  @MethodSource("broken")
  void shouldCatchABrokenStore(Mutant mutant) {
    String law = FIRST_LAW.get(mutant.fault());
    if (law == null || !isCaughtBy(law, mutant)) {
      run(mutant, Victim.class, CONTRACT_PROPERTIES);
    }
    System.out.println(mutant + ": caught by " + outcome.failed);
    assertFalse(outcome.failed.isEmpty(), () -> "the kit lets pass: " + mutant);
    assertTrue(outcome.longest < MAX_MESSAGE, () -> "length of a message: " + outcome.longest);
  }

  private static boolean isCaughtBy(String law, Mutant mutant) {
    Method method =
        Stream.of(Victim.class.getMethods())
            .filter(candidate -> candidate.getName().equals(law))
            .findAny()
            .orElseThrow(() -> new AssertionError("no such law: " + law));
    run(mutant, selectMethod(Victim.class, method), 1);
    return !outcome.failed.isEmpty();
  }

  @Test
  void shouldKnowFirstLawsOfBrokenStoresOnly() {
    Set<String> faults = allBroken().stream().map(Mutant::fault).collect(Collectors.toSet());
    FIRST_LAW.keySet().forEach(fault -> assertTrue(faults.contains(fault), fault));
  }

  /** One of each kind: lockstep plays the same scripts, so that a few show that it looks. */
  List<Mutant> brokenInKind() {
    List<String> kinds =
        List.of(
            "typed INT",
            "an increment drops the deadline",
            "split loses",
            "by their hash only",
            "counts positions");
    return share(
        allBroken().stream()
            .filter(mutant -> kinds.stream().anyMatch(mutant.fault()::contains))
            .toList());
  }

  @ParameterizedTest
  @MethodSource("brokenInKind")
  void shouldTellABrokenStoreFromARightOneInLockstep(Mutant mutant) {
    run(mutant, Pair.class, EQUIVALENCE_PROPERTIES);
    assertFalse(outcome.failed.isEmpty(), () -> "lockstep lets pass: " + mutant);
  }

  /** A right store and the store of the moment, side by side. */
  @AddLifecycleHook(StopWhenCaught.class)
  static final class Pair extends StoreEquivalence {
    @Override
    public Store openFirst(StoreConfig config) {
      return new MapStore(config);
    }

    @Override
    public Store openSecond(StoreConfig config) {
      return factory.apply(config);
    }
  }

  /** Spares the properties that are left once a few have failed. */
  static final class StopWhenCaught implements AroundPropertyHook {
    @Override
    public PropertyExecutionResult aroundProperty(
        PropertyLifecycleContext context, PropertyExecutor property) {
      if (outcome.failed.size() >= ENOUGH) {
        throw new TestAbortedException("the mutant was caught");
      }
      return property.execute();
    }

    @Override
    public PropagationMode propagateTo() {
      return PropagationMode.ALL_DESCENDANTS;
    }
  }

  static void run(Mutant mutant, Class<?> kit, int properties) {
    run(mutant, selectClass(kit), properties);
  }

  private static void run(Mutant mutant, DiscoverySelector laws, int properties) {
    factory = mutant.factory();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(laws)
            .configurationParameter("jqwik.shrinking.default", "OFF")
            .configurationParameter("jqwik.reporting.usejunitplatform", "true")
            .configurationParameter("jqwik.database", "")
            .build();
    outcome = new Outcome();
    LauncherFactory.create().execute(request, outcome);
    assertTrue(outcome.finished >= properties, "properties that ran: " + outcome.finished);
  }

  static final class Outcome implements TestExecutionListener {
    final List<String> failed = new ArrayList<>();
    int finished;
    int longest;

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (test.isTest()) {
        finished++;
        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
          add(test.getDisplayName(), result.getThrowable().orElseThrow());
        }
      }
    }

    /** What {@link StopWhenCaught} spared fails for jqwik, too, and says nothing of the store. */
    private void add(String property, Throwable failure) {
      if (!(failure instanceof TestAbortedException)) {
        failed.add(property);
        longest = Math.max(longest, failure.toString().length());
      }
    }
  }
}
