package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Rivals;
import io.fkvs.load.report.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What our tables take of the time of those that a program would have instead: a table for each
 * pair, with the operations as rows and the sizes as columns. Any thread.
 *
 * @param title the pair
 * @param head of the table
 * @param rows of the table
 */
record Ratios(String title, List<String> head, List<List<String>> rows) {
  /** How a ratio is marked that is no difference. */
  private static final String SAME = " =";

  /** Our table, and what a program would have instead, or a variant of it. */
  private record Pair(String ours, String other) {}

  private static final List<Pair> PAIRS =
      List.of(
          new Pair("swiss", "HashMap"),
          new Pair("swiss-noflags", "HashMap"),
          new Pair("swiss-bytes", "HashMap"),
          new Pair("swiss-String", "HashMap-String"),
          new Pair("concurrent", "ConcurrentHashMap"),
          new Pair("swiss-evicting", "swiss"),
          new Pair("swiss" + Rivals.AGAIN, "swiss"),
          new Pair("concurrent" + Rivals.AGAIN, "concurrent"));

  /** The pairs of the tables that are full, which no map is. */
  private static final List<Pair> CACHES =
      List.of(
          new Pair("swiss", "Caffeine"),
          new Pair("swiss", "Caffeine-pool"),
          new Pair("concurrent", "Caffeine"),
          new Pair("concurrent", "Caffeine-pool"));

  /** The pairs that were measured. */
  static List<Ratios> of(List<Panel> panels) {
    SameAgain same = SameAgain.of(panels);
    List<Panel> caches = panels.stream().filter(Panel::isOfCaches).toList();
    return Stream.concat(
            PAIRS.stream().map(pair -> of(panels, same, pair)),
            CACHES.stream().map(pair -> of(caches, same, pair)))
        .filter(ratios -> !ratios.rows.isEmpty())
        .toList();
  }

  private static Ratios of(List<Panel> panels, SameAgain same, Pair pair) {
    Map<String, Map<Long, String>> cells = new LinkedHashMap<>();
    var sizes = new TreeSet<Long>();
    for (Panel panel : panels) {
      panel
          .ratios(pair.ours, pair.other)
          .ifPresent(
              ratios -> {
                boolean differs =
                    same.isDifferent(
                        panel,
                        panel.of(pair.ours).orElseThrow(),
                        panel.of(pair.other).orElseThrow());
                sizes.add(panel.size());
                cells
                    .computeIfAbsent(panel.operation() + panel.suffix(), k -> new LinkedHashMap<>())
                    .put(panel.size(), Figures.range(ratios) + (differs ? "" : SAME));
              });
    }
    List<String> head = new ArrayList<>(List.of("operation"));
    sizes.forEach(size -> head.add(Panel.shortSize(size)));
    List<List<String>> rows = new ArrayList<>();
    cells.forEach(
        (operation, bySize) -> {
          List<String> row = new ArrayList<>(List.of(operation));
          sizes.forEach(size -> row.add(bySize.getOrDefault(size, Figures.NONE)));
          rows.add(row);
        });
    return new Ratios(pair.ours + " ÷ " + pair.other, head, rows);
  }

  /** What a reader must know to read them. */
  static String explanation() {
    return "The median of the rounds' ratios and their range: in each round the two were measured"
        + " in turns. Below 1 the first is faster. A sign = marks where no"
        + " difference is shown: it was not so in every round, there were fewer than three,"
        + " or it is within what a table differs by from itself.";
  }
}
