package io.fkvs.bench.hitratio;

import com.github.benmanes.caffeine.cache.simulator.parser.TraceFormat;
import com.github.benmanes.caffeine.cache.simulator.policy.AccessEvent;
import java.util.List;

/**
 * A recorded sequence of requests, one of those that the simulator's jar holds.
 *
 * @param format how the simulator calls its format
 * @param file its name in the jar
 */
record Trace(String format, String file) {
  private static final String FILES =
      """
      adapt-size request.trace.xz
      address gcc.trace.gz
      address gzip.trace.gz
      address mcf.trace.gz
      address swim.trace.gz
      address twolf.trace.gz
      address-penalties gcc.trace.xz
      cache2k orm-busy.trace.xz
      cache2k orm-night.trace.xz
      cache2k web07.trace.xz
      cache2k web12.trace.xz
      cloud-physics w106.trace.xz
      corda trace_vaultservice.gz
      corda trace_vaultservice_large.gz
      gradle build-cache.xz
      lirs 2_pools.trace.gz
      lirs backf.trace.gz
      lirs cpp.trace.gz
      lirs cs.trace.gz
      lirs gli.trace.gz
      lirs loop.trace.gz
      lirs multi1.trace.gz
      lirs multi2.trace.gz
      lirs multi3.trace.gz
      lirs ps.trace.gz
      lirs scan.trace.gz
      lirs sprite.trace.gz
      lirs zigzag.trace.gz
      scarab scarab-recs.trace.xz
      scarab recs.trace.20160808T073231Z.xz
      scarab prods.trace.20160808T073231Z.xz
      """;

  /** All traces of the jar. */
  static List<Trace> all() {
    return FILES
        .lines()
        .map(line -> line.split(" "))
        .map(words -> new Trace(words[0], words[1]))
        .toList();
  }

  /** How a reader knows it: the format and the first word of the file's name. */
  String name() {
    return format + " " + file.replaceFirst("^trace_", "").replaceFirst("\\..*", "");
  }

  /** The keys of its first requests. What a request weighs or costs is left out. */
  long[] keys(int limit) {
    try (var events = TraceFormat.named(format).readFiles(List.of(file)).events()) {
      return events.limit(limit).mapToLong(AccessEvent::key).toArray();
    }
  }
}
