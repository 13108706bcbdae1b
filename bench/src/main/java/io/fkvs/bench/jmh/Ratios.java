package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Rivals;
import io.fkvs.load.report.Figures;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

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

  private static final Map<String, String> PAIRS = new LinkedHashMap<>();

  static {
    PAIRS.put("swiss", "HashMap");
    PAIRS.put("swiss-noflags", "HashMap");
    PAIRS.put("swiss-bytes", "HashMap");
    PAIRS.put("swiss-String", "HashMap-String");
    PAIRS.put("concurrent", "ConcurrentHashMap");
    PAIRS.put("swiss" + Rivals.AGAIN, "swiss");
    PAIRS.put("concurrent" + Rivals.AGAIN, "concurrent");
  }

  /** The pairs that were measured. */
  static List<Ratios> of(List<Panel> panels) {
    SameAgain same = SameAgain.of(panels);
    List<Ratios> all = new ArrayList<>();
    PAIRS.forEach(
        (ours, other) -> {
          Ratios ratios = of(panels, same, ours, other);
          if (!ratios.rows.isEmpty()) {
            all.add(ratios);
          }
        });
    return all;
  }

  private static Ratios of(List<Panel> panels, SameAgain same, String ours, String other) {
    Map<String, Map<Long, String>> cells = new LinkedHashMap<>();
    var sizes = new TreeSet<Long>();
    for (Panel panel : panels) {
      panel
          .ratios(ours, other)
          .ifPresent(
              ratios -> {
                boolean differs =
                    same.isDifferent(
                        panel, panel.of(ours).orElseThrow(), panel.of(other).orElseThrow());
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
    return new Ratios(ours + " ÷ " + other, head, rows);
  }

  /** What a reader must know to read them. */
  static String explanation() {
    return "The median of the rounds' ratios and their range: in each round the two were measured"
        + " in turns. Below 1 the first is faster. A sign = marks where no"
        + " difference is shown: it was not so in every round, there were fewer than three,"
        + " or it is within what a table differs by from itself.";
  }
}
