package io.fkvs.bench.jmh;

import io.fkvs.load.report.Figures;
import io.fkvs.load.report.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Two runs side by side. A table became slower if its fastest fork is slower than the slowest fork
 * before, and its median by more than the pair of one table under two names differs in either run.
 *
 * <p>All figures are times, so more is slower.
 */
final class Comparison {
  /** A measurement that both runs have, and that differs. */
  record Change(Measurement before, Measurement after) {
    double ratio() {
      return after.score() / before.score();
    }

    boolean isSlower() {
      return ratio() > 1;
    }

    @Override
    public String toString() {
      return "%s %s  %s: %s -> %s %s"
          .formatted(
              isSlower() ? "slower" : "faster",
              Figures.ratio2(isSlower() ? ratio() : 1 / ratio()),
              after.key(),
              figure(before),
              figure(after),
              after.unit());
    }

    private static String figure(Measurement measurement) {
      return Figures.three(measurement.score()) + Summary.range(measurement);
    }
  }

  private final List<Change> changes = new ArrayList<>();
  private final List<String> added = new ArrayList<>();
  private final List<String> gone = new ArrayList<>();
  private final List<String> unlike = new ArrayList<>();
  private final double limit;
  private int same;

  Comparison(RunData before, RunData after) {
    limit = Math.max(usual(before), usual(after));
    Map<String, Measurement> old = new LinkedHashMap<>();
    before.measurements().forEach(measurement -> old.put(measurement.key(), measurement));
    for (Measurement measurement : after.measurements()) {
      compare(old.remove(measurement.key()), measurement);
    }
    gone.addAll(old.keySet());
    changes.sort(Comparator.comparing(Change::ratio).reversed());
    after
        .facts()
        .facts()
        .forEach(
            (name, value) -> {
              String other = before.facts().facts().get(name);
              if (!name.equals("Commit") && !value.equals(other)) {
                unlike.add(name + ": " + other + " -> " + value);
              }
            });
  }

  private static double usual(RunData run) {
    Sample factors = SameAgain.of(Panel.of(run.measurements())).factors();
    return factors.isEmpty() ? 1 : factors.median();
  }

  private boolean isFaster(Measurement one, Measurement other) {
    return Math.min(one.rounds().size(), other.rounds().size()) >= SameAgain.LEAST_ROUNDS
        && one.high() < other.low()
        && other.score() / one.score() > limit;
  }

  private void compare(Measurement before, Measurement after) {
    if (before == null) {
      added.add(after.key());
    } else if (!before.unit().equals(after.unit())) {
      unlike.add("unit of " + after.key() + ": " + before.unit() + " -> " + after.unit());
    } else if (isFaster(before, after) || isFaster(after, before)) {
      changes.add(new Change(before, after));
    } else {
      same++;
    }
  }

  boolean hasSlower() {
    return changes.stream().anyMatch(Change::isSlower);
  }

  /** What to print. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    unlike.forEach(difference -> lines.add("unlike   " + difference));
    changes.forEach(change -> lines.add(change.toString()));
    added.forEach(key -> lines.add("only new " + key));
    gone.forEach(key -> lines.add("only old " + key));
    long slower = changes.stream().filter(Change::isSlower).count();
    lines.add(
        "%d slower, %d faster, %d without a difference, %d only new, %d only old"
            .formatted(slower, changes.size() - slower, same, added.size(), gone.size()));
    return lines;
  }
}
