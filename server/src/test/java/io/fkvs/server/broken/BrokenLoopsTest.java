package io.fkvs.server.broken;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.Protocol;
import io.fkvs.history.CrossingCheck;
import io.fkvs.history.Linearizability;
import io.fkvs.history.OrderCheck;
import io.fkvs.history.OrderReport;
import io.fkvs.history.Recorder;
import io.fkvs.history.SocketTarget;
import io.fkvs.history.Target;
import io.fkvs.history.Workload;
import io.fkvs.store.Store;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Event loops over one store, each with one fault, asked over sockets: the history kit notices
 * every fault, and none where there is none.
 */
class BrokenLoopsTest {
  private static final int LOOPS = 3;

  /**
   * How often a fault may escape before the test fails. In 100 runs of each, on two cores, the
   * first try found it; but for a torn value (90 times, else the second or third) and what was read
   * ahead (99 times).
   */
  private static final int TRIES = 10;

  private static final Workload WORKLOAD =
      Workload.defaults().withClients(6).withRequests(250).withLongValueBytes(4_000);

  private static final OrderCheck ORDER =
      OrderCheck.defaults().withClients(3, 3).withPairs(6).withVersions(300);

  /** What a loop does wrong. */
  record Fault(String name, UnaryOperator<Store> face) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Fault> faultsOfOneKey() {
    return List.of(
        new Fault("own keys", Faults.OwnKeys::new),
        new Fault("caches last read", Faults.CachesLastRead::new),
        new Fault("delays writes", Faults.DelaysWrites::new),
        new Fault("forgets own writes", Faults.ForgetsOwnWrites::new),
        new Fault("adds without lock", Faults.AddsWithoutLock::new),
        new Fault("tears long values", Faults.TearsLongValues::new),
        new Fault("deletes for itself alone", Faults.DeletesForItselfAlone::new),
        new Fault("retries increments", Faults.RetriesIncrements::new),
        new Fault("swaps answers", Faults.SwapsAnswers::new),
        new Fault("takes without lock", Faults.TakesWithoutLock::new));
  }

  @ParameterizedTest
  @MethodSource("faultsOfOneKey")
  void shouldCatchAFaultOfOneKey(Fault fault) throws Exception {
    assertTrue(tries(fault.face, BrokenLoopsTest::isLinearizable) <= TRIES, "was not caught");
  }

  @Test
  void shouldCatchWritesThatTakeEffectInAnotherOrder() throws Exception {
    assertTrue(tries(Faults.SortsByShard::new, BrokenLoopsTest::isInOrder) <= TRIES);
  }

  @Test
  void shouldCatchReadingsThatAreOlderThanTheWritesBeforeThem() throws Exception {
    assertTrue(tries(Faults.AnswersWhatWasReadAhead::new, BrokenLoopsTest::isCrossing) <= TRIES);
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void shouldFindNoFaultWhereThereIsNone(Protocol protocol) throws Exception {
    try (SharedLoops loops = new SharedLoops(LOOPS, UnaryOperator.identity())) {
      Target target = target(loops, protocol);
      Workload workload = WORKLOAD.withRequests(400);
      assertEquals(
          "linearizable", Linearizability.check(Recorder.record(target, workload)).toString());
      for (OrderReport report : List.of(ORDER.run(target), cross(target))) {
        assertEquals(List.of(), report.faults());
        assertTrue(report.changes() > 100, report::toString);
      }
    }
  }

  /** Asks a server, and says whether all is as it should be. */
  private interface Check {
    boolean passes(Target target, int seed) throws Exception;
  }

  private static boolean isLinearizable(Target target, int seed) throws Exception {
    return !Linearizability.check(Recorder.record(target, WORKLOAD.withSeed(seed))).isViolation();
  }

  private static boolean isInOrder(Target target, int seed) throws Exception {
    return ORDER.withSeed(seed).run(target).isInOrder();
  }

  private static boolean isCrossing(Target target, int seed) throws Exception {
    return cross(target).isInOrder();
  }

  private static OrderReport cross(Target target) throws Exception {
    return CrossingCheck.run(target, "cross:", 2, 400);
  }

  /** How often a check is tried until it fails, one more than it may be where it does not. */
  private static int tries(UnaryOperator<Store> face, Check check) throws Exception {
    for (int tries = 1; tries <= TRIES; tries++) {
      try (SharedLoops loops = new SharedLoops(LOOPS, face)) {
        if (!check.passes(target(loops, Protocol.COMPACT), tries)) {
          return tries;
        }
      }
    }
    return TRIES + 1;
  }

  private static Target target(SharedLoops loops, Protocol protocol) {
    return new SocketTarget(loops.addresses(), ClientConfig.defaults().withProtocol(protocol));
  }
}
