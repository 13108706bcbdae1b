package io.fkvs.bench.jmh;

import java.util.List;
import java.util.Map;

/**
 * What a reader must know about a run beside its figures.
 *
 * @param mode {@code quick} or {@code full}
 * @param command as it was typed
 * @param started when, in UTC
 * @param seconds how long it took, 0 while it has not ended
 * @param facts machine, system, JDK, commit
 * @param leftOut the tables that could not be measured, and why
 * @param failures what went wrong
 */
record RunFacts(
    String mode,
    String command,
    String started,
    long seconds,
    Map<String, String> facts,
    Map<String, String> leftOut,
    List<String> failures) {
  private static final int S_PER_MIN = 60;

  /** When and how long, for people. */
  String duration() {
    return seconds == 0
        ? started + ", not finished"
        : "%s, %.1f minutes".formatted(started, (double) seconds / S_PER_MIN);
  }
}
