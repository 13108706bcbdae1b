package io.fkvs.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of a run. */
class RunFolderTest {
  /** The published run, whose page is made from its archive. */
  private static final Path PUBLISHED = Path.of("..", "docs", "reports", "tables");

  @TempDir Path folder;

  @Test
  void shouldMakeThePublishedPageFromThePublishedArchive() throws IOException {
    RunData data = RunFolder.existing(PUBLISHED).read();
    var page = new Page(data);
    assertEquals(Files.readString(PUBLISHED.resolve("index.html")), page.html());
    assertEquals(Files.readString(PUBLISHED.resolve("summary.md")), Summary.of(data));
    assertEquals(Files.readString(PUBLISHED.resolve("chart.svg")), page.chart().orElseThrow());
  }

  @Test
  void shouldKeepInOneFileWhatIsAdded() throws IOException {
    Path out = folder.resolve("out");
    RunFolder run = RunFolder.create(out);
    run.write(Samples.facts("x"));
    Path growth = Files.createDirectory(folder.resolve("written"));
    Files.writeString(
        growth.resolve("swiss.json"), new Gson().toJson(Samples.full().growth().getFirst()));
    Files.writeString(growth.resolve("swiss.hgrm"), "a histogram");
    run.add(RunFolder.GROWTH, growth);
    Path forks = Files.createDirectory(folder.resolve("forks"));
    Files.writeString(
        forks.resolve("jmh.json"),
        """
        [{"benchmark": "a.B.c", "threads": 1, "primaryMetric": {"rawData": [[1.0]]}}]
        """);
    assertEquals(1, run.add(forks, 1).size());
    run.add(forks, 2);

    RunData data = RunFolder.existing(out).read();
    assertEquals(Samples.facts("x"), data.facts());
    assertEquals(Samples.full().growth().subList(0, 1), data.growth());
    assertEquals(2, data.measurements().getFirst().rounds().size());
    try (var files = Files.list(out)) {
      assertEquals(
          "results.zip", files.map(file -> "" + file.getFileName()).reduce("", (a, b) -> a + b));
    }
    try (FileSystem zip = FileSystems.newFileSystem(out.resolve("results.zip"))) {
      assertEquals("a histogram", Files.readString(zip.getPath("growth", "swiss.hgrm")));
    }
  }

  @Test
  void shouldKeepTheArchiveBeforeWhenAChangeFails() throws IOException {
    RunFolder run = RunFolder.create(folder);
    run.write(Samples.facts("x"));
    Path broken = Files.createDirectory(folder.resolve("broken"));
    Files.writeString(broken.resolve("jmh.json"), "{");
    assertThrows(RuntimeException.class, () -> run.add(broken, 1));
    assertEquals(Samples.facts("x"), RunFolder.existing(folder).read().facts());
    run.write(Samples.facts("y"));
    assertEquals(Samples.facts("y"), RunFolder.existing(folder).read().facts());
  }

  @Test
  void shouldNameAnArchiveThatIsNone() throws IOException {
    Path file = Files.writeString(folder.resolve("results.zip"), "nonsense");
    String message =
        assertThrows(ReportException.class, () -> RunFolder.existing(folder).read()).getMessage();
    assertEquals("results cannot be read: file=" + file, message);
    assertTrue(Files.exists(file));
    assertFalse(Files.exists(folder.resolve("results.zip.part")));
  }
}
