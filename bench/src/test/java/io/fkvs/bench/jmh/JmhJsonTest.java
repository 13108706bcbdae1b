package io.fkvs.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
          "score" : 25.5, "scoreError" : ERROR, "scoreUnit" : "ns/op",
          "rawData" : [[25.0, 26.0], [25.5, 25.5]]
        },
        "secondaryMetrics" : {"gc.alloc.rate.norm" : {"score" : 0.004, "scoreError" : "NaN"}}
      }]
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("jmh.json"), text);
  }

  @Test
  void shouldReadWhatJmhWrites() throws IOException {
    Measurement read = JmhJson.read(file(RESULT.replace("ERROR", "1.25"))).getFirst();
    assertEquals("GetBenchmark.getHit", read.benchmark());
    assertEquals("getHit", read.operation());
    assertEquals(
        Map.of("keys", "uniform", "shape", "16+32", "size", "10000", "table", "swiss"),
        read.params());
    assertEquals(25.5, read.score());
    assertEquals(24.25, read.low());
    assertEquals(26.75, read.high());
    assertEquals(List.of(List.of(25.0, 26.0), List.of(25.5, 25.5)), read.forks());
    assertEquals(0, read.forkSpread());
    assertEquals(0.004, read.allocatedBytes());
    assertEquals(List.of("-Xms6g", "-Xmx6g"), read.flags());
  }

  @Test
  void shouldTakeTheRangeOfTheIterationsWhereThereIsNoError() throws IOException {
    Measurement read = JmhJson.read(file(RESULT.replace("ERROR", "\"NaN\""))).getFirst();
    assertTrue(Double.isNaN(read.error()));
    assertEquals(25.0, read.low());
    assertEquals(26.0, read.high());
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
