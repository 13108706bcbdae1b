package io.fkvs.bench.hitratio;

import io.fkvs.load.report.Sample;
import java.util.Map;

/**
 * What came of a trace at one size.
 *
 * @param trace its name
 * @param size which of the five sizes, from 0 on
 * @param entries how many entries each cache could hold
 * @param ours hits of a hundred requests, of several stores
 * @param rivals the same of the others
 */
record Outcome(String trace, int size, long entries, Sample ours, Map<Rival, Double> rivals) {
  /** How far the store is ahead of a rival, in points of a hundred. */
  double lead(Rival rival) {
    return ours.median() - rivals.get(rival);
  }
}
