package io.fkvs.history;

import static java.util.stream.Collectors.joining;

import java.util.List;

/**
 * What a check found. {@link #toString} is for people to read.
 *
 * @param outcome what it found
 * @param key the key that it is about, {@code null} where the history is linearizable
 * @param window few operations that no order explains; empty otherwise
 * @param isFromStart whether the window holds because the key was absent at first; otherwise it
 *     holds whatever the key held before
 */
public record Verdict(Outcome outcome, String key, List<Operation> window, boolean isFromStart) {
  /** What a check found. */
  public enum Outcome {
    /** On every key some order of the operations explains all answers. */
    LINEARIZABLE,
    /** On a key no order does. */
    NOT_LINEARIZABLE,
    /** The search for an order on a key took more memory than it may have. */
    UNDECIDED
  }

  static final Verdict LINEARIZABLE = new Verdict(Outcome.LINEARIZABLE, null, List.of(), false);

  /** Creates a verdict. */
  public Verdict {
    window = List.copyOf(window);
  }

  static Verdict undecided(String key) {
    return new Verdict(Outcome.UNDECIDED, key, List.of(), false);
  }

  static Verdict violation(String key, List<Operation> window, boolean isFromStart) {
    return new Verdict(Outcome.NOT_LINEARIZABLE, key, window, isFromStart);
  }

  /** {@return whether some order explains all answers} */
  public boolean isLinearizable() {
    return outcome == Outcome.LINEARIZABLE;
  }

  /** {@return whether no order does} */
  public boolean isViolation() {
    return outcome == Outcome.NOT_LINEARIZABLE;
  }

  @Override
  public String toString() {
    return switch (outcome) {
      case LINEARIZABLE -> "linearizable";
      case UNDECIDED -> "undecided, the search took too much memory: key=" + key;
      case NOT_LINEARIZABLE ->
          "not linearizable: key="
              + key
              + "\nNo order of these operations explains their answers, "
              + (isFromStart ? "from an absent key on:\n" : "whatever the key held before:\n")
              + window.stream().map(Verdict::line).collect(joining("\n"));
    };
  }

  private static String line(Operation operation) {
    String end = operation.isUnknown() ? "" : Long.toString(operation.end());
    return "  %9d..%-9s client %-3d %s -> %s"
        .formatted(
            operation.call(), end, operation.client(), operation.request(), operation.answer());
  }
}
