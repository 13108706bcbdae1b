package io.fkvs.bench.hitratio;

import io.fkvs.load.report.Figures;
import io.fkvs.load.report.LinePlot;
import io.fkvs.load.report.Machine;
import io.fkvs.load.report.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes {@code docs/reports/eviction.md} and the plots beside it. One thread. */
final class EvictionReport {
  private static final String NAME = "eviction";

  /** Traces of different kinds, which are drawn. */
  private static final Set<String> DRAWN =
      Set.of(
          "cache2k orm-night",
          "cloud-physics w106",
          "corda vaultservice_large",
          "gradle build-cache",
          "lirs multi3",
          "lirs zigzag",
          "scarab prods");

  private static final double POINT = 1;

  private final Path root;
  private final Path folder;
  private final int limit;
  private final int stores;
  private final List<Outcome> outcomes;
  private final Map<String, List<Outcome>> byTrace;
  private final Markdown text = new Markdown();

  EvictionReport(Path root, int limit, int stores, List<Outcome> outcomes) {
    this.root = root;
    this.folder = root.resolve("docs").resolve("reports");
    this.limit = limit;
    this.stores = stores;
    this.outcomes = outcomes;
    this.byTrace =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(Outcome::trace, LinkedHashMap::new, Collectors.toList()));
  }

  void write() throws IOException {
    Files.createDirectories(folder.resolve(NAME));
    text.heading(1, "How often a cache hits");
    text.paragraph(
        "Written by `mvn verify -Phit-ratio`; do not edit. A store with",
        "`EvictionPolicy.LEAST_USED` is played the traces that Caffeine's simulator brings along,",
        "beside the simulator's own Caffeine, S3-FIFO, SIEVE and LRU.",
        "[Decision 17](../decisions/0017-eviction.md) says how the store chooses what goes.");
    setUp();
    means();
    traces();
    sizes();
    Files.writeString(folder.resolve(NAME + ".md"), text.toString());
  }

  // ---- what was done

  private void setUp() {
    Map<String, String> facts = Machine.facts(root, "the run");
    facts.put("Command", "`mvn verify -Phit-ratio -DskipTests -pl bench/hit-ratio -am`");
    facts.put("Simulator", "com.github.ben-manes.caffeine:simulator:3.2.4, Caffeine 3.3.1");
    facts.put("Requests", "the first " + Figures.count(limit) + " of each trace");
    facts.put(
        "Sizes",
        "five for each trace in equal ratios, from 1 % to 25 % of its different keys, but at least"
            + " 82, 126, 173, 222 and 274 entries");
    facts.put("Stores", stores + " for each figure, each with a secret of its own: the median");
    text.heading(2, "Set-up");
    text.prose(
        List.of("What", "Which"),
        facts.entrySet().stream().map(f -> List.of(f.getKey(), f.getValue())).toList());
    text.paragraph(
        "A store is bounded in bytes, the others in entries. So a bound is searched at which the",
        "store holds no more than the wanted entries, of 8 bytes for the key and 8 for the value,",
        "and each other cache may hold the most entries that any of these stores has held during",
        "the trace. The store itself holds as many only at its fullest, so what difference remains",
        "is to its disadvantage. With one segment it holds 82, 126, 173 entries and so on; less",
        "than that is not sensible. Entries count one each, whatever the trace says",
        "about weights. The hits include the time in which the caches fill.");
  }

  // ---- what came of it

  private void means() throws IOException {
    text.heading(2, "All traces");
    text.paragraph(
        "Hits of a hundred requests, the mean of all traces at each of the five sizes, and of"
            + " all.");
    List<List<String>> rows = new ArrayList<>();
    rows.add(meanRow("fkvs", o -> o.ours().median()));
    for (Rival rival : Rival.values()) {
      rows.add(meanRow(rival.label, o -> o.rivals().get(rival)));
    }
    text.table(List.of("", "smallest", "2nd", "3rd", "4th", "largest", "mean"), rows);
    plot("Mean of all traces", "mean", "size, from smallest to largest", meanTicks(), outcomes);
    findings();
  }

  private List<String> meanRow(String label, ToDoubleFunction<Outcome> figure) {
    List<String> row = new ArrayList<>(List.of(label));
    for (int i = 0; i < HitRatioRun.SIZES; i++) {
      row.add(one(mean(ofSize(outcomes, i), figure)));
    }
    row.add(one(mean(outcomes, figure)));
    return row;
  }

  private void findings() {
    double lead = mean(outcomes, o -> o.lead(Rival.CAFFEINE));
    text.paragraph(
        "The mean is %s points %s Caffeine's."
            .formatted(one(Math.abs(lead)), lead < 0 ? "below" : "above"),
        below(
            "trace",
            byTrace.entrySet().stream()
                .filter(t -> mean(t.getValue(), o -> o.lead(Rival.LRU)) < -POINT)
                .map(Map.Entry::getKey)
                .toList()),
        below(
            "size of a trace",
            outcomes.stream()
                .filter(o -> o.lead(Rival.LRU) < -POINT)
                .map(o -> o.trace() + " at " + Figures.count(o.entries()))
                .toList()));
    text.paragraph(
        "The stores with different secrets are at most %s points apart, and %s on average."
            .formatted(
                one(outcomes.stream().mapToDouble(EvictionReport::spread).max().orElse(0)),
                one(mean(outcomes, EvictionReport::spread))));
  }

  private static String below(String what, List<String> which) {
    return which.isEmpty()
        ? "On no " + what + " it is more than a point below LRU."
        : "By "
            + what
            + ", it is more than a point below LRU on: "
            + String.join(", ", which)
            + ".";
  }

  private static double spread(Outcome outcome) {
    return outcome.ours().max() - outcome.ours().min();
  }

  private void traces() throws IOException {
    text.heading(2, "Each trace");
    text.paragraph("Hits of a hundred requests, the mean of the five sizes.");
    List<List<String>> rows = new ArrayList<>();
    byTrace.forEach((trace, of) -> rows.add(row(List.of(trace), of)));
    text.table(head("trace"), rows);
    for (var trace : byTrace.entrySet()) {
      if (DRAWN.contains(trace.getKey())) {
        List<LinePlot.Tick> ticks =
            trace.getValue().stream()
                .map(o -> new LinePlot.Tick(o.entries(), Figures.count(o.entries())))
                .toList();
        String file = trace.getKey().replaceAll("[ _]", "-");
        plot(trace.getKey(), file, "entries", ticks, trace.getValue());
      }
    }
  }

  private void sizes() {
    text.heading(2, "Each size");
    text.paragraph(
        "Hits of a hundred requests. *Entries* is what each cache may hold; behind the store's",
        "figure is the range of the stores.");
    List<List<String>> rows = new ArrayList<>();
    for (Outcome o : outcomes) {
      rows.add(row(List.of(o.trace(), Figures.count(o.entries())), List.of(o)));
    }
    List<String> head = new ArrayList<>(head("trace"));
    head.add(1, "entries");
    text.table(head, rows);
  }

  private static List<String> head(String first) {
    List<String> head = new ArrayList<>(List.of(first, "fkvs"));
    for (Rival rival : Rival.values()) {
      head.add(rival.label);
    }
    head.add("to Caffeine");
    head.add("to LRU");
    return head;
  }

  private static List<String> row(List<String> first, List<Outcome> of) {
    List<String> row = new ArrayList<>(first);
    String range =
        of.size() > 1
            ? ""
            : " (%s–%s)".formatted(one(of.get(0).ours().min()), one(of.get(0).ours().max()));
    row.add(one(mean(of, o -> o.ours().median())) + range);
    for (Rival rival : Rival.values()) {
      row.add(one(mean(of, o -> o.rivals().get(rival))));
    }
    for (Rival rival : List.of(Rival.CAFFEINE, Rival.LRU)) {
      row.add(String.format(Locale.ROOT, "%+.1f", mean(of, o -> o.lead(rival))));
    }
    return row;
  }

  // ---- plots

  private static List<LinePlot.Tick> meanTicks() {
    return IntStream.rangeClosed(1, HitRatioRun.SIZES)
        .mapToObj(i -> new LinePlot.Tick(i, String.valueOf(i)))
        .toList();
  }

  /** Draws misses: the axes are logarithmic, and nobody misses never. */
  private void plot(
      String title, String file, String xLabel, List<LinePlot.Tick> ticks, List<Outcome> of)
      throws IOException {
    var plot = new LinePlot(title, xLabel, "misses of a hundred requests", ticks);
    plot.line("fkvs", points(ticks, of, o -> o.ours().median()));
    for (Rival rival : Rival.values()) {
      plot.line(rival.label, points(ticks, of, o -> o.rivals().get(rival)));
    }
    Files.writeString(folder.resolve(NAME).resolve(file + ".svg"), plot.svg());
    text.image(title, NAME + "/" + file + ".svg");
  }

  private static List<LinePlot.Point> points(
      List<LinePlot.Tick> ticks, List<Outcome> of, ToDoubleFunction<Outcome> figure) {
    List<LinePlot.Point> points = new ArrayList<>();
    for (int i = 0; i < HitRatioRun.SIZES; i++) {
      points.add(new LinePlot.Point(ticks.get(i).at(), 100 - mean(ofSize(of, i), figure)));
    }
    return points;
  }

  // ---- figures

  private static List<Outcome> ofSize(List<Outcome> outcomes, int size) {
    return outcomes.stream().filter(o -> o.size() == size).toList();
  }

  private static double mean(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
    return outcomes.stream().mapToDouble(figure).average().orElseThrow();
  }

  private static String one(double figure) {
    return String.format(Locale.ROOT, "%.1f", figure);
  }
}
