package io.fkvs.load.compare;

import io.fkvs.load.compare.TransportFindings.Row;
import io.fkvs.load.compare.TransportFindings.Side;
import io.fkvs.load.report.Figures;
import io.fkvs.load.report.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Our server on NIO against our server on io_uring. One thread. */
final class TransportsSection {
  private static final String BOTH = ", NIO / io_uring";

  private final TransportFindings findings;
  private final Settings settings;

  TransportsSection(TransportFindings findings, Settings settings) {
    this.findings = findings;
    this.settings = settings;
  }

  void write(ReportPage page) {
    page.text
        .heading(2, "Transports")
        .paragraph(
            "`fkvs-server --transport nio` and `fkvs-server --transport io_uring`, both up on the"
                + " same core,",
            "each idle while the other is loaded with GETs of "
                + Figures.count(settings.keys())
                + " random keys over the compact protocol.",
            "Each round measures a row on the one and at once on the other, in turns which first:",
            "the ratio of each round says more than the two medians.",
            "The generator uses io_uring here, unlike above: over NIO it would be busier than"
                + " either server at depth 1, and the limit of both.");
    if (findings.problem() != null) {
      String more = findings.rows().isEmpty() ? "" : "more ";
      page.text.paragraph("There are no " + more + "figures here: " + findings.problem());
    }
    if (!findings.rows().isEmpty()) {
      throughput(page);
      latency(page);
      cost(page);
    }
  }

  private void throughput(ReportPage page) {
    long faster = findings.rows().values().stream().filter(row -> row.ratio.min() > 1).count();
    long slower = findings.rows().values().stream().filter(row -> row.ratio.max() < 1).count();
    page.text
        .heading(3, "Throughput")
        .paragraph(
            "Thousand requests a second in a closed loop, median of the rounds; the ratio is the"
                + " median of the rounds' ratios, and their range.",
            "Of " + findings.rows().size() + " rows io_uring was faster in every round in",
            faster + ", and slower in every round in " + slower + ".");
    table(
        page,
        List.of("NIO, K/s", "io_uring, K/s", "io_uring / NIO"),
        row ->
            List.of(thousands(row.nio.rate), thousands(row.uring.rate), Figures.range(row.ratio)));
  }

  private void latency(ReportPage page) {
    page.text
        .heading(3, "Latency")
        .paragraph(
            "Microseconds of the same runs" + BOTH + ": median of the rounds. In a closed loop all",
            "connections ask at once, so most of a latency is the queue of the others' requests.");
    List<String> head = new ArrayList<>();
    for (double percentile : TransportFindings.PERCENTILES) {
      head.add(Figures.percentile(percentile));
    }
    table(
        page,
        head,
        row -> {
          List<String> figures = new ArrayList<>();
          for (double percentile : TransportFindings.PERCENTILES) {
            figures.add(both(row, side -> Figures.micros(side.percentilesNs.get(percentile))));
          }
          return figures;
        });
  }

  private void cost(ReportPage page) {
    page.text
        .heading(3, "What a request costs the server")
        .paragraph(
            "Processor time of the server's process in user and kernel mode, of the same runs"
                + BOTH
                + ": for a request, and over the time of the run, where 100 % is one core. The"
                + " system counts it in steps of 10 ms.",
            "System calls of all its threads for a request, from a short run of their own under"
                + " `strace -c -f`, which slows the server and makes its batches larger.");
    boolean timed = findings.sides().stream().noneMatch(side -> side.serverShare.isEmpty());
    boolean traced =
        findings.sides().stream().anyMatch(side -> !Double.isNaN(side.callsPerRequest));
    table(
        page,
        List.of(
            "µs a request" + (timed ? "" : " (not told by this system)"),
            "processor share" + (timed ? "" : " (not told by this system)"),
            "system calls a request" + (traced ? "" : " (" + untraced() + ")")),
        row ->
            List.of(
                both(row, side -> Figures.micros(side.serverNsPerRequest)),
                both(row, side -> Figures.percent(side.serverShare)),
                both(row, side -> calls(side.callsPerRequest))));
  }

  private static String untraced() {
    return SystemCalls.tracer().isEmpty() ? "strace is not installed" : "strace may not attach";
  }

  private void table(ReportPage page, List<String> head, Function<Row, List<String>> figures) {
    List<String> wholeHead = new ArrayList<>(List.of("Socket", "depth", "connections"));
    wholeHead.addAll(head);
    List<List<String>> rows = new ArrayList<>();
    findings
        .rows()
        .forEach(
            (cell, row) -> {
              List<String> line = new ArrayList<>(List.of(cell.socket().shown));
              line.add(Integer.toString(cell.depth()));
              line.add(Integer.toString(cell.connections()));
              line.addAll(figures.apply(row));
              rows.add(line);
            });
    page.text.table(wholeHead, rows);
  }

  private static String both(Row row, Function<Side, String> figure) {
    return figure.apply(row.nio) + " / " + figure.apply(row.uring);
  }

  private static String thousands(Sample rate) {
    return Figures.three(rate.median() / 1e3);
  }

  private static String calls(double calls) {
    return Double.isNaN(calls) ? Figures.NONE : Figures.three(calls);
  }
}
