package io.fkvs.load.compare;

import io.fkvs.load.report.LinePlot;
import io.fkvs.load.report.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page that the sections write on, and the folder beside it with their plots. One thread. */
final class ReportPage {
  final Markdown text = new Markdown();
  private final Path page;
  private final Path plots;

  ReportPage(Path page) throws IOException {
    this.page = page;
    String name = page.getFileName().toString().replaceFirst("\\.md$", "");
    plots = Files.createDirectories(page.resolveSibling(name));
  }

  /** Draws a plot where it has something to show. */
  void plot(LinePlot plot, String name) throws IOException {
    if (!plot.isEmpty()) {
      Files.writeString(plots.resolve(name + ".svg"), plot.svg());
      text.image(name, plots.getFileName() + "/" + name + ".svg");
    }
  }

  void write() throws IOException {
    Files.writeString(page, text.toString());
  }
}
