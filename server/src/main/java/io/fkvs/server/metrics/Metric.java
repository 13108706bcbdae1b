package io.fkvs.server.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * One figure, or several under one name that labels tell apart. Filled by one thread, then read by
 * another.
 */
public final class Metric {
  /** What a figure does. */
  public enum Kind {
    /** Rises for as long as the server runs. */
    COUNTER,

    /** Rises and falls. */
    GAUGE,

    /** Counts by size: how many were at most so large. */
    HISTOGRAM
  }

  /**
   * A number.
   *
   * @param suffix what stands behind the metric's name
   * @param labels {@code name="value"}, with commas between them; empty for none
   */
  record Sample(String suffix, String labels, double value) {}

  private final String name;
  private final Kind kind;
  private final String help;
  private final List<Sample> samples = new ArrayList<>();

  private Metric(String name, Kind kind, String help) {
    this.name = name;
    this.kind = kind;
    this.help = help;
  }

  /**
   * A metric without a number yet.
   *
   * @param help a sentence
   */
  public static Metric of(String name, Kind kind, String help) {
    return new Metric(name, kind, help);
  }

  /** Gives it a number, and answers itself. */
  public Metric with(double value) {
    return with("", value);
  }

  /** Gives it a number with labels, and answers itself. */
  public Metric with(String labels, double value) {
    return with("", labels, value);
  }

  /** Gives it a number of a histogram, and answers itself. */
  public Metric with(String suffix, String labels, double value) {
    samples.add(new Sample(suffix, labels, value));
    return this;
  }

  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  String help() {
    return help;
  }

  List<Sample> samples() {
    return samples;
  }
}
