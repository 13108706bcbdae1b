package io.fkvs.load.compare;

import java.util.Locale;

/**
 * How much one kind of run is repeated, and how long each takes.
 *
 * @param rounds how often, interleaved with all others of the kind
 * @param warmupNs how long the load runs before it is measured
 * @param measureNs how long it is measured
 */
record Effort(int rounds, long warmupNs, long measureNs) {
  Effort withRounds(int rounds) {
    return new Effort(rounds, warmupNs, measureNs);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d × %.2f s, interleaved, each after %.2f s of warm-up",
        rounds,
        measureNs / 1e9,
        warmupNs / 1e9);
  }
}
