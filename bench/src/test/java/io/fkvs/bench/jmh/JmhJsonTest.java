package io.fkvs.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JmhJsonTest {
  /** As JMH 1.37 writes it, shortened. */
  private static final String RESULT =
      """
      [{
        "jmhVersion" : "1.37",
        "benchmark" : "io.fkvs.bench.table.GetBenchmark.getHit",
        "mode" : "avgt", "threads" : 1, "forks" : 2,
        "jvmArgs" : ["-Xms6g", "-Xmx6g"],
        "params" : {"keys" : "uniform", "shape" : "16+32", "size" : "10000", "table" : "swiss"},
        "primaryMetric" : {
          "score" : 25.5, "scoreError" : 1.25, "scoreUnit" : "ns/op",
          "rawData" : [[25.0, 26.0], [26.5, 26.5]]
        },
        "secondaryMetrics" : {"gc.alloc.rate.norm" : {"score" : 0.004, "scoreError" : "NaN", "rawData" : [[0.002, 0.006]]}}
      }]
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("jmh.json"), text);
  }

  @Test
  void shouldReadWhatJmhWrites() throws IOException {
    Measurement read = JmhJson.read(file(RESULT)).getFirst();
    assertEquals("GetBenchmark.getHit", read.benchmark());
    assertEquals("getHit", read.operation());
    assertEquals(
        Map.of("keys", "uniform", "shape", "16+32", "size", "10000", "table", "swiss"),
        read.params());
    assertEquals(Map.of(1, List.of(25.0, 26.0), 2, List.of(26.5, 26.5)), read.rounds());
    assertEquals(26.0, read.score());
    assertEquals(25.5, read.low());
    assertEquals(26.5, read.high());
    assertEquals(1 / 26.0, read.forkSpread());
    assertEquals(0.004, read.allocatedBytes());
    assertEquals(List.of("-Xms6g", "-Xmx6g"), read.flags());
  }

  @Test
  void shouldMergeTheForksOfEachRound() throws IOException {
    String other = fork("HashMap", 50);
    Path all = folder.resolve("all.json");
    merge(all, 1, fork("swiss", 30), other);
    merge(all, 2, fork("swiss", 10));
    merge(all, 3, other, fork("swiss", 20));
    List<Measurement> read = JmhJson.read(all);
    assertEquals(List.of("swiss", "HashMap"), read.stream().map(Measurement::table).toList());
    assertEquals(
        Map.of(1, List.of(30.0), 2, List.of(10.0), 3, List.of(20.0)), read.get(0).rounds());
    assertEquals(Map.of(1, List.of(50.0), 3, List.of(50.0)), read.get(1).rounds());
    assertEquals(20, read.get(0).score(), "the median, not the mean nor the last");
    assertEquals(10, read.get(0).low());
    assertEquals(30, read.get(0).high());
    assertEquals(4, read.get(0).allocatedBytes());
    assertEquals(List.of("-Xmx6g"), read.get(0).flags(), "JMH's own are left out");
    assertEquals(
        List.of(0.6, 0.4),
        List.of(read.get(0).ratios(read.get(1)).max(), read.get(0).ratios(read.get(1)).min()));
  }

  @Test
  void shouldAddUpTheHitsOfAllRounds() throws IOException {
    Path all = folder.resolve("all.json");
    merge(all, 1, asked(30, 70), fork("HashMap", 50));
    merge(all, 2, asked(270, 30));
    List<Measurement> read = JmhJson.read(all);
    assertEquals(0.75, read.get(0).hitRatio(), "300 of 400, not the mean of the ratios");
    assertEquals(4, read.get(0).allocatedBytes());
    assertTrue(Double.isNaN(read.get(1).hitRatio()), "nothing was counted");
  }

  /** A fork that has counted how its requests ended, in two iterations. */
  private static String asked(int hits, int misses) {
    return fork("swiss", 20)
        .replace(
            "{\"gc.alloc",
            """
            {"hits": {"rawData": [[%d, 0]]}, "misses": {"rawData": [[0, %d]]}, "gc.alloc\
            """
                .formatted(hits, misses));
  }

  private void merge(Path all, int round, String... forks) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String fork : forks) {
      files.add(Files.writeString(folder.resolve("fork" + files.size() + ".json"), fork));
    }
    Files.writeString(all, JmhJson.merged(all, files, round));
  }

  private static String fork(String table, double ns) {
    return """
    [{"benchmark": "a.GetBenchmark.getHit", "threads": 1, "params": {"table": "%s"},
      "jvmArgs": ["-XX:CompileCommandFile=/gone", "-Xmx6g"],
      "primaryMetric": {"scoreUnit": "ns/op", "rawData": [[%s]]},
      "secondaryMetrics": {"gc.alloc.rate.norm": {"rawData": [[4.0]]}}}]
    """
        .formatted(table, ns);
  }

  @Test
  void shouldFindNothingInAnEmptyResult() throws IOException {
    assertEquals(List.of(), JmhJson.read(file("[]")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[{}]", "[", "[1]", "nonsense", "[{\"benchmark\": 1}]"})
  void shouldNameAFileThatIsNoResult(String text) throws IOException {
    Path file = file(text);
    assertEquals(
        "file is no result of JMH: file=" + file,
        assertThrows(ReportException.class, () -> JmhJson.read(file)).getMessage());
  }

  @Test
  void shouldNameAFileThatIsNotThere() {
    Path absent = folder.resolve("absent");
    assertEquals(
        "results cannot be read: file=" + absent,
        assertThrows(ReportException.class, () -> JmhJson.read(absent)).getMessage());
  }
}
