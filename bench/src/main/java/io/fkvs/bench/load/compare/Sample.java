package io.fkvs.bench.load.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The same figure from several rounds. One thread. */
final class Sample {
  private final List<Double> sorted = new ArrayList<>();

  void add(double value) {
    sorted.add(value);
    Collections.sort(sorted);
  }

  boolean isEmpty() {
    return sorted.isEmpty();
  }

  /** The middle value, or the mean of the two in the middle; not a number where there is none. */
  double median() {
    int size = sorted.size();
    if (size == 0) {
      return Double.NaN;
    }
    return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
  }

  double min() {
    return sorted.isEmpty() ? Double.NaN : sorted.getFirst();
  }

  double max() {
    return sorted.isEmpty() ? Double.NaN : sorted.getLast();
  }
}
