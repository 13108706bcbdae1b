package io.fkvs.load.compare;

import io.fkvs.load.report.Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What the comparison of our two transports measured. One thread. */
final class TransportFindings {
  /** How a request reaches the server. */
  enum Socket {
    TCP("TCP"),
    UNIX("Unix");

    final String shown;

    Socket(String shown) {
      this.shown = shown;
    }
  }

  /** A kind of load. */
  record Cell(int depth, int connections, Socket socket) {}

  /** What one transport did in a cell. */
  static final class Side {
    final Sample rate = new Sample();
    final Map<Double, Sample> percentilesNs = new TreeMap<>();

    /** Empty, as the next, where the system does not tell. */
    final Sample serverNsPerRequest = new Sample();

    final Sample serverShare = new Sample();
    double callsPerRequest = SystemCalls.UNKNOWN;

    private void add(Run run) {
      rate.add(run.result().ratePerSecond());
      Histogram latencies = run.result().latencies();
      for (double percentile : PERCENTILES) {
        percentilesNs
            .computeIfAbsent(percentile, p -> new Sample())
            .add(latencies.getValueAtPercentile(percentile));
      }
      if (!Double.isNaN(run.serverCpuNs())) {
        serverNsPerRequest.add(run.serverNsPerRequest());
        serverShare.add(run.serverShare());
      }
    }
  }

  /** What both did in a cell. */
  static final class Row {
    final Side nio = new Side();
    final Side uring = new Side();

    /** The rate of io_uring over that of NIO in each round. */
    final Sample ratio = new Sample();
  }

  static final double[] PERCENTILES = {50, 99, 99.9, 99.99};

  private final Map<Cell, Row> rows = new LinkedHashMap<>();
  private String problem;

  /** Adds what both did in one round, in a time that is as alike as can be. */
  void add(Cell cell, Run nio, Run uring) {
    Row row = rows.computeIfAbsent(cell, c -> new Row());
    row.nio.add(nio);
    row.uring.add(uring);
    row.ratio.add(uring.result().ratePerSecond() / nio.result().ratePerSecond());
  }

  /** Notes why there are no figures, or no more of them. */
  void problem(String text) {
    problem = text;
  }

  /** Why there are no figures, or no more of them; null where there are all. */
  String problem() {
    return problem;
  }

  Map<Cell, Row> rows() {
    return rows;
  }

  /** Both sides of every cell. */
  List<Side> sides() {
    List<Side> sides = new ArrayList<>();
    rows.values().forEach(row -> sides.addAll(List.of(row.nio, row.uring)));
    return sides;
  }
}
