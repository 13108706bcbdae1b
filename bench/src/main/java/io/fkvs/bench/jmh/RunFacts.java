package io.fkvs.bench.jmh;

import java.util.List;
import java.util.Map;

/**
 * What a reader must know about a run beside its figures.
 *
 * @param mode {@code quick} or {@code full}
 * @param command as it was typed
 * @param started when, in UTC
 * @param seconds how long it has taken
 * @param planned how many JVMs were planned; 0 in a run of before this was kept
 * @param done how many of them have been tried
 * @param facts machine, system, JDK, commit
 * @param leftOut the tables that could not be measured, and why
 * @param failures what went wrong
 */
record RunFacts(
    String mode,
    String command,
    String started,
    long seconds,
    int planned,
    int done,
    Map<String, String> facts,
    Map<String, String> leftOut,
    List<String> failures) {
  private static final int S_PER_MIN = 60;

  /** When and how long, for people. */
  String duration() {
    String length = "%s, %.1f minutes".formatted(started, (double) seconds / S_PER_MIN);
    return done == planned
        ? length
        : length + ", not finished: %,d of %,d JVMs".formatted(done, planned);
  }
}
