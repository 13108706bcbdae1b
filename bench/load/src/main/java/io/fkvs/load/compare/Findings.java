package io.fkvs.load.compare;

import io.fkvs.load.Result;
import io.fkvs.load.dialect.Operation;
import io.fkvs.load.report.Sample;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** All that the comparison measured, in the order it was measured. One thread. */
final class Findings {
  /** Which throughput. */
  record Cell(String server, Operation operation, int depth) {}

  /** What a server did in a cell. */
  static final class Throughput {
    final Sample rate = new Sample();

    /** How busy the generator was. */
    final Sample generatorShare = new Sample();

    /** How busy the server was; empty where the system does not tell. */
    final Sample serverShare = new Sample();
  }

  /** Which latency. */
  record Rung(String server, int depth, double share) {}

  /** What a server did on a rung. */
  static final class Latency {
    final Sample wantedRate = new Sample();
    final Map<Double, Sample> percentilesNs = new TreeMap<>();
    int missed;
  }

  /** What a server did while it was loaded. */
  static final class Loading {
    final Sample rate = new Sample();
    final Sample bytesPerEntry = new Sample();
    final Sample silenceNs = new Sample();
    final Sample p9999Ns = new Sample();

    /** The longest stop of a thread that only reads the clock, right after the load. */
    final Sample stopNs = new Sample();
  }

  /** The percentiles reported; the last is the greatest value. */
  static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99, 100};

  private final Map<Cell, Throughput> throughput = new LinkedHashMap<>();
  private final Map<Rung, Latency> latency = new LinkedHashMap<>();
  private final Map<String, Loading> loading = new LinkedHashMap<>();
  private final Map<String, String> excluded = new LinkedHashMap<>();

  void add(Cell cell, Run run) {
    Result result = run.result();
    Throughput entry = throughput.computeIfAbsent(cell, c -> new Throughput());
    entry.rate.add(result.ratePerSecond());
    entry.generatorShare.add(result.busyShare());
    if (!Double.isNaN(run.serverShare())) {
      entry.serverShare.add(run.serverShare());
    }
  }

  void add(Rung rung, Result result) {
    Latency entry = latency.computeIfAbsent(rung, r -> new Latency());
    entry.wantedRate.add(result.phase().ratePerSecond());
    if (result.missedRate()) {
      entry.missed++;
    }
    Histogram latencies = result.latencies();
    for (double percentile : PERCENTILES) {
      entry
          .percentilesNs
          .computeIfAbsent(percentile, p -> new Sample())
          .add(latencies.getValueAtPercentile(percentile));
    }
  }

  void add(String server, Result result, long grownBytes, long stopNs) {
    Loading entry = loading.computeIfAbsent(server, s -> new Loading());
    entry.rate.add(result.ratePerSecond());
    entry.bytesPerEntry.add((double) grownBytes / result.replies());
    entry.silenceNs.add(result.longestSilenceNs());
    entry.p9999Ns.add(result.latencies().getValueAtPercentile(99.99));
    entry.stopNs.add(stopNs);
  }

  /** Notes why a server has no figures, or no more of them. */
  void exclude(String server, String reason) {
    excluded.putIfAbsent(server, reason);
  }

  /** A throughput; null where there is none. */
  Throughput throughput(String server, Operation operation, int depth) {
    return throughput.get(new Cell(server, operation, depth));
  }

  /** A latency; null where there is none. */
  Latency latency(String server, int depth, double share) {
    return latency.get(new Rung(server, depth, share));
  }

  /** A loading; null where there is none. */
  Loading loading(String server) {
    return loading.get(server);
  }

  Map<String, String> excluded() {
    return excluded;
  }
}
