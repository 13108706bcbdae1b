package io.fkvs.load.compare;

import io.fkvs.load.compare.Findings.Loading;
import io.fkvs.load.report.Figures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How fast a fresh server is filled, with how much memory and what pauses. One thread. */
final class LoadingSection {
  private final Findings findings;
  private final Settings settings;
  private final List<ServerMode> modes;

  LoadingSection(Findings findings, Settings settings, List<ServerMode> modes) {
    this.findings = findings;
    this.settings = settings;
    this.modes = modes;
  }

  void write(ReportPage page) {
    page.text
        .heading(2, "Memory, and pauses while loading")
        .paragraph(
            Figures.count(settings.loadKeys()) + " keys set once, in order, at depth",
            Settings.LOAD_DEPTH + ", on a fresh server.",
            "Memory is what the resident set grew by, divided by the entries: a heap that was"
                + " large from the start hides some of it.")
        .paragraph(
            "*Worst pause* is the longest time in which no reply came to any of the connections,",
            "though replies were owed, whoever stopped: the server, the generator or the machine.",
            "*Clock* is the machine's own noise beside it: after each load, with the server idle,"
                + " a",
            "thread on the generator's processor does nothing but read the clock, for as long as",
            "the load took",
            String.format(
                Locale.ROOT,
                "but at most %.0f s, and this is its longest stop.",
                settings.noiseNs() / 1e9),
            "It cannot run beside the load, for it would stop the generator. A pause much longer",
            "than the clock's longest stops is hardly the machine's; one that is not may be"
                + " anybody's. The clock sees one processor of the two and other seconds.",
            "Both columns are the median of the rounds, and the worst.");
    List<List<String>> rows = new ArrayList<>();
    for (ServerMode mode : modes) {
      Loading entry = findings.loading(mode.name());
      if (entry != null) {
        rows.add(
            List.of(
                mode.name(),
                Figures.millions(entry.rate),
                Figures.three(entry.bytesPerEntry.median()),
                Figures.millis(entry.p9999Ns),
                Figures.millis(entry.silenceNs),
                Figures.millis(entry.stopNs)));
      }
    }
    page.text.table(
        List.of(
            "Server",
            "M SET/s",
            "bytes an entry",
            "p99.99 of latency, ms",
            "worst pause, ms",
            "clock, ms"),
        rows);
  }
}
