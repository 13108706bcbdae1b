package io.fkvs.store.contract;

import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ValueType;
import java.util.EnumMap;
import java.util.Map;
import net.jqwik.api.statistics.Statistics;

/**
 * What a script has reached of the cases that matter. It watches each step before it is played, and
 * feeds jqwik's statistics, whose coverage checks fail a generator that has gone astray.
 */
final class Reached {
  /** Sizes whose crossing makes tables grow or shrink. */
  private static final int LARGE = 1_024;

  private static final int SMALL = 128;

  /** A case, and the least share of scripts that must reach it: about half of the usual one. */
  enum Case {
    HIT(45),
    MISS(70),
    OVERWRITE_WITH_ANOTHER_LENGTH(60),
    OVERWRITE_WITH_THE_SAME_LENGTH(20),
    INT_TO_RAW(40),
    RAW_TO_INT(30),
    EXPIRY_BETWEEN_STEPS(40),
    EXPIRED_KEY_NAMED(20),
    INCREMENT_OF_INT(35),
    INCREMENT_OF_INT_WITH_DEADLINE(8),
    INCREMENT_OF_RAW(22),
    INCREMENT_TO_OVERFLOW(5),
    CHANGE_UNDER_A_HELD_VIEW(30),
    CHANGE_UNDER_AN_OPEN_SCAN(60),
    GROWTH_PAST_1024(28),
    SHRINKING_FROM_ABOVE_1024_TO_BELOW_128(10);

    final int leastPercent;

    Case(int leastPercent) {
      this.leastPercent = leastPercent;
    }
  }

  private final Model model;
  private final Map<Case, Boolean> reached = new EnumMap<>(Case.class);
  private boolean held;
  private boolean scanned;
  private boolean large;

  Reached(Model model) {
    this.model = model;
    for (Case each : Case.values()) {
      reached.put(each, false);
    }
  }

  private void mark(Case reachedCase, boolean isReached) {
    reached.merge(reachedCase, isReached, Boolean::logicalOr);
  }

  /** Looks at a step and at the model before the step. */
  void watch(Step step) {
    switch (step) {
      case Step.Put put -> put(put);
      case Step.Get(Key key) -> lookup(key);
      case Step.Contains(Key key) -> lookup(key);
      case Step.Increment increment -> increment(increment);
      case Step.Wait(long ms) -> mark(Case.EXPIRY_BETWEEN_STEPS, model.liveAfter(ms) < live());
      case Step.Hold(Key key) -> held = model.isLive(key);
      case Step.ScanOn scan -> scanned = true;
      case Step.PutRange put ->
          mark(Case.GROWTH_PAST_1024, live() < LARGE && put.range().count() > LARGE);
      default -> {}
    }
    if (step instanceof Step.OnKey named) {
      mark(Case.EXPIRED_KEY_NAMED, model.isGhost(named.key()));
    }
    change(step);
    size();
  }

  private int live() {
    return (int) model.sizeRange().least();
  }

  private void lookup(Key key) {
    mark(Case.HIT, model.isLive(key));
    mark(Case.MISS, !model.isLive(key));
  }

  private void put(Step.Put put) {
    Entry old = model.peek(put.key());
    if (old == null || put.condition() == PutCondition.IF_ABSENT) {
      return;
    }
    boolean sameLength = old.value().bytes().length() == put.value().bytes().length();
    ValueType type = put.value().type();
    mark(Case.OVERWRITE_WITH_ANOTHER_LENGTH, !sameLength);
    mark(Case.OVERWRITE_WITH_THE_SAME_LENGTH, sameLength);
    mark(Case.INT_TO_RAW, old.type() == ValueType.INT && type == ValueType.RAW);
    mark(Case.RAW_TO_INT, old.type() == ValueType.RAW && type == ValueType.INT);
  }

  private void increment(Step.Increment increment) {
    Entry old = model.peek(increment.key());
    Object answer = model.sum(old, increment.delta());
    boolean ofInt = old != null && !(answer instanceof Thrown);
    mark(Case.INCREMENT_OF_INT, ofInt);
    mark(Case.INCREMENT_OF_INT_WITH_DEADLINE, ofInt && old.hasDeadline());
    mark(Case.INCREMENT_OF_RAW, answer.equals(new Thrown(NotAnIntegerException.class)));
    mark(Case.INCREMENT_TO_OVERFLOW, answer.equals(new Thrown(OverflowException.class)));
  }

  private void change(Step step) {
    if (!step.isRead()) {
      mark(Case.CHANGE_UNDER_A_HELD_VIEW, held);
      mark(Case.CHANGE_UNDER_AN_OPEN_SCAN, scanned);
      held = false;
      scanned = false;
    }
  }

  private void size() {
    large |= live() > LARGE;
    if (large && live() < SMALL) {
      mark(Case.SHRINKING_FROM_ABOVE_1024_TO_BELOW_128, true);
      large = false;
    }
  }

  /** Hands what was reached to the statistics of the property that runs. */
  void collect() {
    reached.forEach(
        (each, isReached) -> {
          Statistics.label(each.name()).collect(isReached);
          if (Depth.isEnoughForStatistics()) {
            Statistics.label(each.name())
                .coverage(
                    coverage ->
                        coverage.check(true).percentage(share -> share >= each.leastPercent));
          }
        });
  }
}
