package io.fkvs.load.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The same figure from several rounds. One thread. */
public final class Sample {
  private final List<Double> sorted = new ArrayList<>();

  /** Creates one without figures. */
  public Sample() {}

  public void add(double value) {
    sorted.add(value);
    Collections.sort(sorted);
  }

  public boolean isEmpty() {
    return sorted.isEmpty();
  }

  public int size() {
    return sorted.size();
  }

  /** The middle value, or the mean of the two in the middle; not a number where there is none. */
  public double median() {
    int size = sorted.size();
    if (size == 0) {
      return Double.NaN;
    }
    return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
  }

  public double min() {
    return sorted.isEmpty() ? Double.NaN : sorted.getFirst();
  }

  public double max() {
    return sorted.isEmpty() ? Double.NaN : sorted.getLast();
  }
}
