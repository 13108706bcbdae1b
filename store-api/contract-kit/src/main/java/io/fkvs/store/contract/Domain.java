package io.fkvs.store.contract;

import static io.fkvs.store.Store.NO_DEADLINE;

import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.PutCondition;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Where the samples of the kit come from: keys, values, numerals and scripts. */
public final class Domain extends DomainContextBase {
  private static final int MAX_STEPS = 100;

  /** Past the 1,024 slots and a few doublings that tables like to grow by. */
  private static final int NUMBERED_KEYS = 3_000;

  private static final int SHORT_RANGE = 200;

  private static final BigInteger BORDER = BigInteger.ONE.shiftLeft(63);

  /** Few, so that steps meet: plain ones, a prefix, the empty one, binary ones, long twins. */
  private static final List<Key> MEETING =
      List.of(
          Key.of("a"),
          Key.of("b"),
          Key.of("c"),
          Key.of("d"),
          Key.of("e"),
          Key.of("ab"),
          Key.of(""),
          Key.of("n0"),
          Key.of("n1"),
          Key.of("\0"),
          Key.of("\0\0"),
          new Key(Bytes.of(new byte[] {(byte) 0x80})),
          new Key(Bytes.of(new byte[] {(byte) 0x81})),
          Key.of("sixteen bytes, a"),
          Key.of("k".repeat(299) + "1"),
          Key.of("k".repeat(299) + "2"));

  /** For jqwik. */
  public Domain() {}

  // ---- single samples

  @Provide
  Arbitrary<Key> keys() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, Arbitraries.of(MEETING)),
        Tuple.of(3, bytes(0, 40).map(Key::new)),
        Tuple.of(1, bytes(200, 1_000).map(Key::new)));
  }

  @Provide
  Arbitrary<Value> values() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, numerals().map(Numeral::value)),
        Tuple.of(4, bytes(0, 70).map(Value::new)),
        Tuple.of(1, countingValues(0, 300)),
        Tuple.of(1, countingValues(1_000, 9_000)));
  }

  @Provide
  Arbitrary<Numeral> numerals() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.longs().map(String::valueOf)),
            Tuple.of(2, Arbitraries.integers().between(-20, 20).map(String::valueOf)),
            Tuple.of(2, Arbitraries.longs().greaterOrEqual(0).map(n -> "+" + n)),
            Tuple.of(2, padded()),
            Tuple.of(4, nearBorders()),
            Tuple.of(4, almostNumbers()),
            Tuple.of(1, longDigits()),
            Tuple.of(2, oddities()))
        .map(text -> new Numeral(new Value(latin1(text))));
  }

  private static Arbitrary<String> padded() {
    return Combinators.combine(
            Arbitraries.of("", "+", "-"),
            Arbitraries.integers().between(1, 30),
            Arbitraries.longs().greaterOrEqual(0))
        .as((sign, zeros, number) -> sign + "0".repeat(zeros) + number);
  }

  private static Arbitrary<String> nearBorders() {
    return Combinators.combine(
            Arbitraries.of(BORDER, BORDER.negate(), BORDER.shiftLeft(1), BORDER.multiply(BORDER)),
            Arbitraries.integers().between(-12, 12),
            Arbitraries.of(true, false))
        .as(
            (border, distance, plus) -> {
              BigInteger number = border.add(BigInteger.valueOf(distance));
              return (plus && number.signum() > 0 ? "+" : "") + number;
            });
  }

  /** A number with one byte too many, of those that sloppy parsers take for a digit or skip. */
  private static Arbitrary<String> almostNumbers() {
    return Combinators.combine(
            Arbitraries.longs().map(String::valueOf),
            Arbitraries.of(
                "/", ":", " ", "\n", "\t", "\0", "+", "-", "a", "e", ".", "x", "_", ",", "\u00B0",
                "\u00B9", "\u00FF"),
            Arbitraries.integers().between(0, 20))
        .as(
            (digits, stray, place) -> {
              int at = Math.min(place, digits.length());
              return digits.substring(0, at) + stray + digits.substring(at);
            });
  }

  private static Arbitrary<String> longDigits() {
    return Arbitraries.strings().numeric().ofMinLength(19).ofMaxLength(400);
  }

  private static Arbitrary<String> oddities() {
    return Arbitraries.of(
        "", "+", "-", "--1", "+-1", "-+1", "++", "1-", "-0", "+0", "00", "0", "-00", "007", "+5",
        "0x10", "1e3", "1.0", "١", "NaN", "true", "null");
  }

  private static Arbitrary<Bytes> bytes(int least, int most) {
    return Arbitraries.bytes().array(byte[].class).ofMinSize(least).ofMaxSize(most).map(Bytes::of);
  }

  private static Bytes latin1(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Arbitrary<Value> countingValues(int least, int most) {
    return Combinators.combine(
            Arbitraries.integers().between(least, most), Arbitraries.integers().between(0, 255))
        .as((length, first) -> new Value(Bytes.counting(length, first)));
  }

  @Provide
  Arbitrary<Delta> amounts() {
    return deltas().map(Delta::new);
  }

  @Provide
  Arbitrary<Idle> idles() {
    return Arbitraries.of(1L, 10L, 1_000L).map(Idle::new);
  }

  // ---- scripts

  @Provide
  Arbitrary<Script> scripts() {
    return scripts(NUMBERED_KEYS);
  }

  @Provide
  Arbitrary<Script.Short> shortScripts() {
    return scripts(SHORT_RANGE).map(Script.Short::new);
  }

  private Arbitrary<Script> scripts(int numberedKeys) {
    return steps(numberedKeys)
        .list()
        .ofMaxSize(MAX_STEPS)
        .withSizeDistribution(RandomDistribution.uniform())
        .map(Script::new);
  }

  private Arbitrary<Step> steps(int numberedKeys) {
    Arbitrary<Key> keys =
        Arbitraries.frequencyOf(
            Tuple.of(3, Arbitraries.of(MEETING.subList(0, 3))),
            Tuple.of(2, Arbitraries.of(MEETING)));
    return Arbitraries.frequencyOf(
        Tuple.of(32, puts(keys)),
        Tuple.of(10, keys.map(Step.Get::new)),
        Tuple.of(3, keys.list().ofMaxSize(12).map(Step.GetBatch::new)),
        Tuple.of(4, keys.map(Step.Contains::new)),
        Tuple.of(8, keys.map(Step.Remove::new)),
        Tuple.of(12, Combinators.combine(keys, deltas()).as(Step.Increment::new)),
        Tuple.of(24, calls(keys)),
        Tuple.of(
            3,
            Combinators.combine(keys, expected(), scriptValues(), timesToLive())
                .as(Step.CompareAndSet::new)),
        Tuple.of(2, Combinators.combine(keys, expected()).as(Step.RemoveExpected::new)),
        Tuple.of(
            2, Combinators.combine(keys, Arbitraries.of(true, false)).as(Step.GetAndRemove::new)),
        Tuple.of(
            4,
            Combinators.combine(
                    keys, Arbitraries.of(Step.Update.Change.class), scriptValues(), timesToLive())
                .as(Step.Update::new)),
        Tuple.of(6, Combinators.combine(keys, timesToLive()).as(Step.Expire::new)),
        Tuple.of(
            3,
            Combinators.combine(Arbitraries.of(DeadlineCondition.class), keys, timesToLive())
                .as(Step.ExpireIf::new)),
        Tuple.of(4, Combinators.combine(keys, scriptValues()).as(Step.Append::new)),
        Tuple.of(
            3,
            Combinators.combine(keys, Arbitraries.of(0, 1, 5, 40, 300), scriptValues())
                .as(Step.SetRange::new)),
        Tuple.of(2, Combinators.combine(conditions(), keys, keys).as(Step.Copy::new)),
        Tuple.of(3, Combinators.combine(conditions(), keys, keys).as(Step.Rename::new)),
        Tuple.of(
            3,
            Combinators.combine(conditions(), batchPuts(keys).list().ofMaxSize(4))
                .as(Step.PutAll::new)),
        Tuple.of(1, keys.list().ofMaxSize(4).map(Step.RemoveAll::new)),
        Tuple.of(1, keys.list().ofMaxSize(4).map(Step.CountPresent::new)),
        Tuple.of(2, Arbitraries.longs().map(Step.RandomEntry::new)),
        Tuple.of(3, keys.map(Step.Persist::new)),
        Tuple.of(3, keys.map(Step.Deadline::new)),
        Tuple.of(1, Arbitraries.just(new Step.Clear())),
        Tuple.of(2, counts().map(Step.Scan::new)),
        Tuple.of(1, Arbitraries.just(new Step.ForEach())),
        Tuple.of(8, counts().map(Step.ScanOn::new)),
        Tuple.of(8, keys.map(Step.Hold::new)),
        Tuple.of(4, sweeps().map(Step.Sweep::new)),
        Tuple.of(8, Arbitraries.of(1L, 9L, 10L, 1_000L).map(Step.Wait::new)),
        Tuple.of(6, putRanges(numberedKeys)),
        Tuple.of(2, ranges(numberedKeys).map(Step.GetRange::new)),
        Tuple.of(5, ranges(numberedKeys).map(Step.RemoveRange::new)),
        Tuple.of(2, Arbitraries.just(new Step.RemoveRange(new Step.Range(0, 2 * numberedKeys)))),
        Tuple.of(1, Arbitraries.just(new Step.Statistics())));
  }

  private static Arbitrary<PutCondition> conditions() {
    return Arbitraries.frequency(
        Tuple.of(4, PutCondition.ALWAYS),
        Tuple.of(1, PutCondition.IF_ABSENT),
        Tuple.of(1, PutCondition.IF_PRESENT));
  }

  private Arbitrary<Step> puts(Arbitrary<Key> keys) {
    return Combinators.combine(conditions(), keys, scriptValues(), timesToLive()).as(Step.Put::new);
  }

  /** What is put together has one condition for all. */
  private Arbitrary<Step.Put> batchPuts(Arbitrary<Key> keys) {
    return Combinators.combine(keys, scriptValues(), timesToLive())
        .as((key, value, ttlMs) -> new Step.Put(PutCondition.ALWAYS, key, value, ttlMs));
  }

  private Arbitrary<Step> calls(Arbitrary<Key> keys) {
    return Combinators.combine(
            Arbitraries.of(Operation.class),
            Arbitraries.of(Form.class),
            keys,
            scriptValues(),
            expected(),
            Arbitraries.of(Computation.class))
        .as(Step.Call::new);
  }

  /** Mostly what is there, so that the expectation is met. */
  private Arbitrary<Expected> expected() {
    return Combinators.combine(Arbitraries.of(true, true, false), scriptValues()).as(Expected::new);
  }

  /** Half of them counters, and many of the same few lengths. */
  private Arbitrary<Value> scriptValues() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.integers().between(-99, 99).map(n -> Value.of("" + n))),
        Tuple.of(2, Arbitraries.of(Long.MAX_VALUE, Long.MIN_VALUE).map(n -> Value.of("" + n))),
        Tuple.of(2, Arbitraries.of("", "x", "yz", "raw", "+7", "007").map(Value::of)),
        Tuple.of(4, values()));
  }

  /** From now on; zero and less have passed already. */
  private static Arbitrary<Long> timesToLive() {
    return Arbitraries.frequency(
        Tuple.of(6, NO_DEADLINE),
        Tuple.of(1, -1L),
        Tuple.of(1, 0L),
        Tuple.of(2, 1L),
        Tuple.of(3, 10L),
        Tuple.of(2, 1_000L));
  }

  private static Arbitrary<Long> deltas() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(-10, 10),
        Arbitraries.longs(),
        Arbitraries.of(0L, 1L, -1L, Long.MAX_VALUE, Long.MIN_VALUE));
  }

  private static Arbitrary<Integer> counts() {
    return Arbitraries.of(1, 2, 7, 100, Integer.MAX_VALUE);
  }

  private static Arbitrary<Integer> sweeps() {
    return Arbitraries.of(1, 2, 16, 1_000, Integer.MAX_VALUE);
  }

  private static Arbitrary<Step.Range> ranges(int numberedKeys) {
    return Combinators.combine(
            Arbitraries.of(0, 0, 0, numberedKeys / 8, numberedKeys / 2),
            Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.integers().between(1, 40)),
                Tuple.of(
                    2,
                    Arbitraries.integers()
                        .between(1, numberedKeys)
                        .withDistribution(RandomDistribution.uniform()))))
        .as(Step.Range::new);
  }

  private static Arbitrary<Step> putRanges(int numberedKeys) {
    return Combinators.combine(
            ranges(numberedKeys),
            Arbitraries.of(0, 1, 8, 20, 60, 200),
            Arbitraries.frequency(
                Tuple.of(5, NO_DEADLINE), Tuple.of(1, 0L), Tuple.of(1, 10L), Tuple.of(1, 1_000L)))
        .as(Step.PutRange::new);
  }
}
