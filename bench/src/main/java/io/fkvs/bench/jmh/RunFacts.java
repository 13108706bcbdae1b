package io.fkvs.bench.jmh;

import java.util.List;
import java.util.Map;

/**
 * What a reader must know about a run beside its figures.
 *
 * @param mode {@code quick} or {@code full}
 * @param command as it was typed
 * @param started when, in UTC
 * @param seconds how long it took
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
    List<String> failures) {}
