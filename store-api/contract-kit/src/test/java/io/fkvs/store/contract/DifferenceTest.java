package io.fkvs.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ScanVisitor;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.mutant.MapStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a failing comparison prints. */
class DifferenceTest {
  /** A screen or two. */
  private static final int MAX_CHARS = 12_000;

  private static Map<Key, Entry> entries(int first, int end) {
    Map<Key, Entry> entries = new HashMap<>();
    for (int i = first; i < end; i++) {
      entries.put(Key.numbered(i), Entry.of(Value.of("value " + i)));
    }
    return entries;
  }

  @Test
  void shouldPrintSmallAnswersAsTheyAre() {
    assertEquals("expected 1, was null", Difference.of(1, null));
    assertEquals(
        "expected {\"n0\"=\"value 0\" RAW}, was {}", Difference.of(entries(0, 1), Map.of()));
  }

  @Test
  void shouldPrintOfLargeMapsTheDifferenceOnly() {
    Map<Key, Entry> actual = entries(0, 29_999);
    actual.put(Key.of("n7"), Entry.of(Value.of("7")));
    assertEquals(
        """
        expected 30000 entries, was 29999
          missing, 1:
            "n29999": "value 29999" RAW
          different, 1:
            "n7": expected "value 7" RAW, was "7" INT\
        """,
        Difference.of(entries(0, 30_000), actual));
  }

  @Test
  void shouldPrintTheFirstDifferencesOfMany() {
    String text = Difference.of(entries(0, 30_000), entries(15_000, 45_000));
    assertTrue(text.length() < MAX_CHARS, "length=" + text.length());
    assertTrue(text.contains("missing, 15000:") && text.contains("… 14995 more"), text);
  }

  @Test
  void shouldPrintWhatDiffersInLists() {
    List<Integer> expected = new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
    List<Integer> actual = new ArrayList<>(expected);
    actual.set(4, 50);
    assertEquals(
        "expected 13 entries, was 13\n  different, 1:\n    [4]: expected 5, was 50",
        Difference.of(expected, actual));
  }

  @Test
  void shouldBoundTheTextOfAnyAnswer() {
    List<String> longText = List.of("x".repeat(1_000_000));
    assertTrue(Difference.of(longText, "y".repeat(1_000_000)).length() < MAX_CHARS);
    assertTrue(Difference.of(new HashSet<>(longText), entries(0, 20_000)).length() < MAX_CHARS);
  }

  /** A step names itself and its place, and brings the script along where that is short. */
  @Test
  void shouldNameTheStepThatFails() {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step.PutRange(0, 20_000, 8, Long.MAX_VALUE));
    steps.add(new Step.Wait(1));
    steps.add(new Step.Scan(100));
    TestClock clock = new TestClock();
    AssertionError failure =
        assertThrows(
            AssertionError.class,
            () -> {
              try (Lockstep lockstep = new Lockstep(new Model(clock))) {
                lockstep.on(new Forgetful(clock), store -> {}).play(new Script(steps));
              }
            });
    String text = failure.getMessage();
    assertTrue(text.startsWith("step 3 of 3, scan all, 100 a call: expected 20000 entries"), text);
    assertTrue(text.length() < MAX_CHARS, "length=" + text.length());
  }

  /** Shows every other entry to a scan. */
  private static final class Forgetful extends MapStore {
    private int visited;

    Forgetful(TestClock clock) {
      super(StoreConfig.defaults().withClock(clock));
    }

    @Override
    protected long doScan(long cursor, int count, ScanVisitor visitor) {
      return super.doScan(
          cursor,
          count,
          (key, value) -> {
            if (visited++ % 2 == 0) {
              visitor.onEntry(key, value);
            }
          });
    }
  }
}
