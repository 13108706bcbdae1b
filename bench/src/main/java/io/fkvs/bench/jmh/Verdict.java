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
 */
record Verdict(Panel panel, Measurement ours, Measurement rival) {
  private static final String OURS = "swiss";

  /** What we have where threads share a table. */
  private static final String OURS_SHARED = "concurrent";

  /** The verdict, where both sides were measured. */
  static Optional<Verdict> of(Panel panel) {
    Optional<Measurement> ours = panel.of(OURS).or(() -> panel.of(OURS_SHARED));
    Optional<Measurement> rival = panel.rival();
    return ours.isPresent() && rival.isPresent()
        ? Optional.of(new Verdict(panel, ours.get(), rival.get()))
        : Optional.empty();
  }

  /** The panels in which a rival is faster by more than both error bars. */
  static List<Verdict> lost(List<Panel> panels) {
    return panels.stream().flatMap(panel -> of(panel).stream()).filter(Verdict::isLost).toList();
  }

  /** In how many panels who is ahead, in a sentence. */
  static String tally(List<Panel> panels) {
    List<Verdict> all = panels.stream().flatMap(panel -> of(panel).stream()).toList();
    long won = all.stream().filter(Verdict::isWon).count();
    long lost = all.stream().filter(Verdict::isLost).count();
    long behind = all.stream().filter(v -> !v.isLost() && v.rival.score() < v.ours.score()).count();
    return "Of %d settings, ours is faster than every rival beyond the error bars in %d, and a rival"
            .formatted(all.size(), won)
        + " is faster than it in %d; in %d more a rival is ahead, but within the error bars."
            .formatted(lost, behind);
  }

  private boolean isWon() {
    return ours.high() < rival.low();
  }

  private boolean isLost() {
    return rival.high() < ours.low();
  }

  String sentence() {
    String ratio =
        Figures.ratio2(
            Math.max(ours.score(), rival.score()) / Math.min(ours.score(), rival.score()));
    String ahead = (rival.score() < ours.score() ? rival : ours).table();
    return isWon() || isLost()
        ? ahead + " is faster, " + ratio
        : ahead + " is ahead, " + ratio + ", within the error bars";
  }
}
