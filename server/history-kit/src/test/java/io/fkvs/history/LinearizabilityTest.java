package io.fkvs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.history.Answer.Content;
import io.fkvs.history.Answer.Sum;
import io.fkvs.history.Request.Delete;
import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.GetAndDelete;
import io.fkvs.history.Request.Increment;
import io.fkvs.history.Request.Set;
import io.fkvs.history.Verdict.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearizabilityTest {
  private static final String KEY = "k0";

  /** A few operations on one key, and whether an order explains them. */
  record Case(String name, List<Operation> operations) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, Operation... operations) {
    return new Case(name, List.of(operations));
  }

  private static Operation set(int client, String value, long call, long end) {
    return new Operation(client, new Set(KEY, value), Answer.DONE, call, end);
  }

  private static Operation get(int client, String value, long call, long end) {
    return new Operation(client, new Get(KEY), new Content(value), call, end);
  }

  private static Operation take(int client, String value, long call, long end) {
    return new Operation(client, new GetAndDelete(KEY), new Content(value), call, end);
  }

  private static Operation delete(int client, long call, long end) {
    return new Operation(client, new Delete(KEY), Answer.DONE, call, end);
  }

  private static Operation add(int client, long amount, long sum, long call, long end) {
    return new Operation(client, new Increment(KEY, amount), new Sum(sum), call, end);
  }

  private static Operation refused(int client, long call, long end) {
    return new Operation(client, new Increment(KEY, 1), Answer.REFUSED, call, end);
  }

  private static Operation unknownSet(int client, String value, long call) {
    return Operation.unknown(client, new Set(KEY, value), call);
  }

  private static Operation unknownAdd(int client, long amount, long call) {
    return Operation.unknown(client, new Increment(KEY, amount), call);
  }

  static List<Case> wrong() {
    return List.of(
        of("stale read", set(1, "a", 1, 2), set(1, "b", 3, 4), get(2, "a", 5, 6)),
        of(
            "two readers see writes in different orders",
            set(1, "a", 1, 9),
            set(2, "b", 2, 10),
            get(3, "a", 3, 4),
            get(3, "b", 5, 6),
            get(4, "b", 4, 5),
            get(4, "a", 7, 8)),
        of("new, then old", set(1, "b", 1, 9), get(2, "b", 2, 3), get(3, null, 4, 5)),
        of("lost update", set(1, "5", 1, 2), add(1, 1, 6, 3, 5), add(2, 1, 6, 4, 6)),
        of("added twice", set(1, "10", 1, 2), add(1, 1, 12, 3, 4)),
        of("overwritten sum", add(1, 1, 1, 1, 2), add(1, 1, 1, 3, 4)),
        of("value from the future", get(2, "a", 1, 2), set(1, "a", 3, 4)),
        of("value of nobody", set(1, "a", 1, 2), get(2, "aa", 3, 4)),
        of("torn value", set(1, "aaaa", 1, 5), set(2, "bbbb", 2, 6), get(3, "aabb", 3, 7)),
        of(
            "write reordered in a pipeline",
            set(1, "a", 1, 3),
            set(1, "b", 2, 4),
            get(2, "a", 5, 6)),
        of("read before the write of its pipeline", set(1, "a", 1, 3), get(1, null, 2, 4)),
        of("delete that comes back", set(1, "a", 1, 2), delete(2, 3, 4), get(2, "a", 5, 6)),
        of("delete that did nothing", set(1, "a", 1, 2), delete(1, 3, 4), add(2, 1, 2, 5, 6)),
        of("taken twice", set(1, "a", 1, 2), take(2, "a", 3, 5), take(3, "a", 4, 6)),
        of("taken and still there", set(1, "a", 1, 2), take(2, "a", 3, 4), get(3, "a", 5, 6)),
        of("number refused", set(1, "7", 1, 2), refused(1, 3, 4)),
        of("text added to", set(1, "a", 1, 2), add(1, 1, 1, 3, 4)),
        of("absent key refused", refused(1, 1, 2)),
        of(
            "unknown applied twice",
            set(1, "0", 1, 2),
            unknownAdd(2, 1, 3),
            get(3, "1", 4, 5),
            get(3, "2", 6, 7)),
        of(
            "unknown seen, then not",
            set(1, "a", 1, 2),
            unknownSet(2, "b", 3),
            get(3, "b", 4, 5),
            get(4, "a", 6, 7)),
        of("unknown seen before it was sent", get(3, "b", 1, 2), unknownSet(2, "b", 3)),
        of(
            "unknown behind a write of its own connection that it precedes",
            unknownSet(1, "b", 2),
            get(2, "b", 3, 4),
            set(2, "c", 5, 6),
            get(2, "b", 7, 8)));
  }

  static List<Case> right() {
    return List.of(
        of("nothing"),
        of("absent at first", get(1, null, 1, 2), add(1, 3, 3, 3, 4), get(2, "3", 5, 6)),
        of("old read during the write", set(1, "a", 1, 2), set(1, "b", 3, 6), get(2, "a", 4, 5)),
        of("new read during the write", set(1, "b", 3, 6), get(2, "b", 4, 5)),
        of("the same moment is no order", get(2, "a", 1, 2), set(1, "a", 2, 3)),
        of("sums in either order", add(1, 1, 3, 1, 9), add(2, 2, 2, 2, 8), get(3, "3", 10, 11)),
        of(
            "writes seen in one order",
            set(1, "a", 1, 9),
            set(2, "b", 2, 10),
            get(3, "b", 3, 4),
            get(4, "b", 4, 5),
            get(3, "a", 5, 6)),
        of("pipeline in order", set(1, "a", 1, 4), set(1, "b", 2, 5), get(1, "b", 3, 6)),
        of("number as text", set(1, "+007", 1, 2), add(1, 1, 8, 3, 4), get(1, "8", 5, 6)),
        of("not a number", set(1, "", 1, 2), refused(1, 3, 4), get(1, "", 5, 6)),
        of(
            "overflow",
            set(1, Long.toString(Long.MAX_VALUE), 1, 2),
            refused(1, 3, 4),
            add(1, -1, Long.MAX_VALUE - 1, 5, 6)),
        of("unknown never applied", unknownSet(1, "a", 1), get(2, null, 2, 3)),
        of(
            "unknown applied late",
            unknownSet(1, "a", 1),
            get(2, null, 2, 3),
            set(2, "b", 4, 5),
            get(2, "a", 6, 7)),
        of("unknown sum", unknownAdd(1, 5, 1), add(2, 1, 6, 2, 3)),
        of(
            "unknown behind the read that another one explains",
            get(1, "a", 1, 10),
            unknownSet(1, "a", 2),
            unknownSet(2, "a", 3)),
        of("unknown read", Operation.unknown(1, new Get(KEY), 1), set(2, "a", 2, 3)),
        of("taken by one", set(1, "a", 1, 2), take(2, "a", 3, 5), take(3, null, 4, 6)));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void shouldRefuseWhatNoOrderExplains(Case wrong) {
    Verdict verdict = Linearizability.check(new History(wrong.operations));
    assertEquals(Outcome.NOT_LINEARIZABLE, verdict.outcome());
    assertEquals(KEY, verdict.key());
  }

  @ParameterizedTest
  @MethodSource("right")
  void shouldAcceptWhatAnOrderExplains(Case right) {
    assertEquals(
        Verdict.LINEARIZABLE.toString(),
        Linearizability.check(new History(right.operations)).toString());
  }

  /** A wrong history is as wrong behind a long right one, and explained by no more operations. */
  @ParameterizedTest
  @MethodSource("wrong")
  void shouldFindTheFaultBehindALongHistory(Case wrong) {
    Workload noise = Workload.defaults().withKeys(4).withPrefix("k").withSeed(7);
    List<Operation> all = new ArrayList<>(known(Simulation.play(noise, 3_000, false)));
    long late = 1_000_000;
    all.add(new Operation(999, new Delete(KEY), Answer.DONE, late, late));
    for (Operation o : wrong.operations) {
      all.add(
          o.isUnknown()
              ? Operation.unknown(1000 + o.client(), o.request(), late + o.call())
              : new Operation(
                  1000 + o.client(), o.request(), o.answer(), late + o.call(), late + o.end()));
    }
    Verdict verdict = Linearizability.check(new History(all));
    assertEquals(Outcome.NOT_LINEARIZABLE, verdict.outcome());
    assertEquals(KEY, verdict.key());
    assertTrue(verdict.window().size() <= wrong.operations.size() + 1, verdict::toString);
  }

  @Test
  void shouldExplainAFaultByAsFewOperationsAsItTakes() {
    Workload hot = Workload.defaults().withKeys(1).withPrefix("k").withSeed(3);
    List<Operation> all = new ArrayList<>(known(Simulation.play(hot, 2_000, false)));
    long end = all.stream().mapToLong(Operation::end).max().orElseThrow();
    all.add(set(100, "new", end + 1, end + 2));
    all.add(get(101, "odd", end + 3, end + 4));
    all.add(get(102, "new", end + 5, end + 6));
    Verdict verdict = Linearizability.check(new History(all));
    assertEquals(List.of(all.get(all.size() - 2)), verdict.window(), verdict::toString);
    assertTrue(verdict.isFromStart());
  }

  private static List<Operation> known(History history) {
    return history.operations().stream().filter(operation -> !operation.isUnknown()).toList();
  }

  @Test
  void shouldSayWhatIsWrong() {
    List<Operation> operations =
        List.of(
            set(1, "a", 1, 2),
            set(1, "b", 3, 4),
            get(2, "b", 5, 6),
            get(12, "a", 7, 8),
            get(2, "b", 9, 10));
    assertEquals(
        """
        not linearizable: key=k0
        No order of these operations explains their answers, whatever the key held before:
                  5..6         client 2   GET k0 -> "b"
                  7..8         client 12  GET k0 -> "a"\
        """,
        Linearizability.check(new History(operations)).toString());
  }

  @Test
  void shouldPreferTheKeyWithTheShortestExplanation() {
    Operation odd = new Operation(1, new Get("z"), new Content("odd"), 20, 21);
    List<Operation> all =
        Stream.concat(wrong().getFirst().operations.stream(), Stream.of(odd)).toList();
    assertEquals(List.of(odd), Linearizability.check(new History(all)).window());
  }

  /** Any of 2^40 sums may be there; none is what was read. */
  @Test
  void shouldGiveUpWhereItWouldTakeTooLong() {
    List<Operation> all = new ArrayList<>();
    LongStream.range(0, 40).forEach(i -> all.add(unknownAdd((int) i, 2L << i, i)));
    all.add(get(100, "1", 50, 51));
    Verdict verdict = Linearizability.check(new History(all), 1 << 20);
    assertEquals(Outcome.UNDECIDED, verdict.outcome());
    assertEquals("undecided, the search took too much memory: key=k0", verdict.toString());
  }

  @Test
  void shouldCallAViolationWhatItFoundEvenIfAnotherKeyIsUndecided() {
    List<Operation> all = new ArrayList<>();
    LongStream.range(0, 40).forEach(i -> all.add(unknownAdd((int) i, 2L << i, i)));
    all.add(get(100, "1", 50, 51));
    all.add(new Operation(1, new Get("z"), new Content("odd"), 20, 21));
    assertEquals("z", Linearizability.check(new History(all), 1 << 20).key());
  }

  @Test
  void shouldRefuseOperationsThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> get(1, "a", 2, 1));
    assertThrows(IllegalArgumentException.class, () -> get(1, "a", 2, Operation.NEVER));
    assertThrows(
        IllegalArgumentException.class, () -> new Operation(1, new Get(KEY), Answer.UNKNOWN, 1, 2));
  }

  @Test
  void shouldKeepTheOrderOfOperationsOnAKey() {
    List<Operation> all = Simulation.play(Workload.defaults(), 500, true).operations();
    List<Operation> parts =
        new History(all).byKey().values().stream().flatMap(List::stream).toList();
    Comparator<Operation> byCall = Comparator.comparingLong(Operation::call);
    assertEquals(all.stream().sorted(byCall).toList(), parts.stream().sorted(byCall).toList());
  }
}
