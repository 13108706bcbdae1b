package io.fkvs.bench.jmh;

import io.fkvs.load.report.Figures;
import java.util.List;
import java.util.Optional;

/**
 * Who is faster in a panel, our table or the fastest rival, and by how much.
 *
 * @param panel the panel
 * @param ours the table {@code swiss}, or {@code concurrent} where threads share it
 * @param rival the fastest table that is not ours
 * @param same what is no difference
 */
record Verdict(Panel panel, Measurement ours, Measurement rival, SameAgain same) {
  private static final String OURS = "swiss";

  /** What we have where threads share a table. */
  private static final String OURS_SHARED = "concurrent";

  /** The verdict, where both sides were measured. */
  static Optional<Verdict> of(Panel panel, SameAgain same) {
    Optional<Measurement> ours = panel.of(OURS).or(() -> panel.of(OURS_SHARED));
    Optional<Measurement> rival = panel.rival();
    return ours.isPresent() && rival.isPresent()
        ? Optional.of(new Verdict(panel, ours.get(), rival.get(), same))
        : Optional.empty();
  }

  /** Those of all panels that have both sides. */
  static List<Verdict> of(List<Panel> panels) {
    SameAgain same = SameAgain.of(panels);
    return panels.stream().flatMap(panel -> of(panel, same).stream()).toList();
  }

  /** The panels in which a rival is faster. */
  static List<Verdict> lost(List<Panel> panels) {
    return of(panels).stream().filter(Verdict::isLost).toList();
  }

  /** In how many panels who is ahead, in a sentence. */
  static String tally(List<Panel> panels) {
    List<Verdict> all = of(panels);
    long won = all.stream().filter(Verdict::isWon).count();
    long lost = all.stream().filter(Verdict::isLost).count();
    return "Of %d settings, ours is faster than the fastest rival in %d, and a rival is faster in %d;"
            .formatted(all.size(), won, lost)
        + " in the other %d no difference is shown.".formatted(all.size() - won - lost);
  }

  private boolean isWon() {
    return same.isFaster(panel, ours, rival);
  }

  private boolean isLost() {
    return same.isFaster(panel, rival, ours);
  }

  String sentence() {
    double ratio = ours.ratios(rival).median();
    String ahead = (ratio > 1 ? rival : ours).table();
    String times = Figures.ratio2(Math.max(ratio, 1 / ratio));
    String sentence =
        isWon() || isLost()
            ? ahead + " is faster, " + times
            : "no difference shown (" + ahead + " ahead, " + times + ")";
    return panel.hasHits() ? sentence + "; hits: " + hits(ours) + ", " + hits(rival) : sentence;
  }

  /** A table that is fast, and lacks more of what is asked for, is not shown as better. */
  private static String hits(Measurement one) {
    return one.table() + " " + Summary.hits(one);
  }
}
