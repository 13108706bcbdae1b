package io.fkvs.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command from its flags to its folder, with measurements too short to mean anything. */
class JmhCommandTest {
  private static final String IGNORE_LOCK = "jmh.ignoreLock";

  @TempDir Path folder;

  /** Another JMH on the machine would spoil figures, of which there are none here. */
  @BeforeEach
  void shareTheMachine() {
    System.setProperty(IGNORE_LOCK, "true");
  }

  @AfterEach
  void forget() {
    System.clearProperty(IGNORE_LOCK);
  }

  private int run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--root", folder.toString()));
    all.addAll(List.of(arguments));
    return JmhCommand.execute(all.toArray(String[]::new));
  }

  private int measure(Path out, String... more) {
    List<String> all = new ArrayList<>(List.of("--quick", "--out", out.toString()));
    all.addAll(List.of("-f", "0", "-wi", "0", "-i", "2", "-r", "5ms"));
    all.addAll(List.of(more));
    return run(all.toArray(String[]::new));
  }

  @Test
  void shouldLeaveAFolderThatCanBeReportedAndComparedAgain() throws IOException {
    Path out = folder.resolve("run");
    assertEquals(0, measure(out, "-p", "table=HashMap,OHC", "-p", "size=100", "getHit$"));
    String page = Files.readString(out.resolve("index.html"));
    assertTrue(page.contains("100 entries of 16+32 bytes, uniform keys"), page);
    assertTrue(Files.readString(out.resolve("summary.md")).contains("| OHC |"));
    assertTrue(Files.readString(out.resolve("chart.svg")).contains(">OHC</text>"));
    assertEquals(2, RunFolder.existing(out).read().measurements().size());
    assertTrue(Files.size(out.resolve("jmh.log")) > 0);

    Files.delete(out.resolve("index.html"));
    assertEquals(0, run("--report", out.toString()));
    assertEquals(page, Files.readString(out.resolve("index.html")));
    assertEquals(0, run("--compare", out.toString(), out.toString()));
    assertEquals(2, measure(out, "getHit$"), "it would mix two runs");
  }

  @Test
  void shouldCountTheHitsOfCaches() throws IOException {
    Path out = folder.resolve("run");
    assertEquals(0, measure(out, "-p", "table=Caffeine", "-p", "size=1000", "getOrPut|putFull"));
    List<Measurement> found = RunFolder.existing(out).read().measurements();
    assertEquals(
        List.of("putFull", "getOrPut"), found.stream().map(Measurement::operation).toList());
    assertTrue(Double.isNaN(found.getFirst().hitRatio()));
    double hitRatio = found.getLast().hitRatio();
    assertTrue(hitRatio > 0.2 && hitRatio < 0.8, () -> "hitRatio=" + hitRatio);
    assertTrue(Files.readString(out.resolve("summary.md")).contains(" | hits |"));
  }

  @Test
  void shouldGoOnAndSayWhatFailed() throws IOException {
    Path out = folder.resolve("run");
    String[] wanted = {
      "-p", "table=HashMap", "-p", "keys=odd,uniform", "-p", "size=100", "getHit$"
    };
    assertEquals(1, measure(out, wanted));
    RunData data = RunFolder.existing(out).read();
    assertEquals(1, data.measurements().size());
    assertEquals(
        List.of(
            "GetBenchmark.getHit table=HashMap size=100 shape=16+32 keys=odd: keys must be uniform"
                + " or zipf: keys=odd"),
        data.facts().failures());
    assertTrue(Files.readString(out.resolve("index.html")).contains("Failed: GetBenchmark.getHit"));
  }

  @Test
  void shouldGoOnWhenAJvmHasNoMemoryLeft() throws IOException {
    Path out = folder.resolve("run");
    List<String> all = new ArrayList<>(List.of("--quick", "--out", out.toString()));
    all.addAll(List.of("-f", "1", "-wi", "0", "-i", "1", "-r", "5ms"));
    all.addAll(List.of("-jvmArgsAppend", "-Xms24m -Xmx24m"));
    all.addAll(List.of("-p", "table=HashMap,OHC", "-p", "size=300000", "getHit$"));
    assertEquals(1, run(all.toArray(String[]::new)));
    RunData data = RunFolder.existing(out).read();
    assertEquals(List.of("OHC"), data.measurements().stream().map(Measurement::table).toList());
    String failure = data.facts().failures().getFirst();
    assertTrue(failure.startsWith("GetBenchmark.getHit table=HashMap size=300000 "), failure);
    assertEquals(1, data.facts().failures().size());
    assertEquals(2, data.facts().done());
    assertTrue(Files.readString(out.resolve("index.html")).contains("Failed: GetBenchmark.getHit"));
  }

  @Test
  void shouldReportARunThatWasStopped() throws IOException {
    Path out = folder.resolve("run");
    assertEquals(0, measure(out, "-p", "table=HashMap,OHC", "-p", "size=100", "getHit$"));
    RunFolder stopped = RunFolder.existing(out);
    try (FileSystem zip = FileSystems.newFileSystem(out.resolve("results.zip"))) {
      Path facts = zip.getPath("run.json");
      Files.writeString(facts, Files.readString(facts).replace("\"done\": 2", "\"done\": 1"));
    }
    Files.delete(out.resolve("index.html"));
    assertEquals(1, stopped.read().facts().done());

    assertEquals(0, run("--report", out.toString()));
    assertTrue(
        Files.readString(out.resolve("index.html"))
            .contains(" minutes, not finished: 1 of 2 JVMs"));
  }

  @Test
  void shouldRefuseWhatIsNoRun() throws IOException {
    assertEquals(2, run("--report", folder.toString()));
    assertEquals(2, run("--compare", folder.toString(), folder.toString()));
    assertEquals(2, run("--compare", folder.toString()));
    assertEquals(2, run("--quick", "nothing-like-this"));
    Path results = folder.resolve("results.zip");
    Files.writeString(results, "{");
    assertEquals(2, run("--report", folder.toString()), "it is no archive");
    Files.delete(results);
    try (FileSystem zip = FileSystems.newFileSystem(results, Map.of("create", "true"))) {
      Files.writeString(zip.getPath("run.json"), "{");
    }
    assertEquals(2, run("--report", folder.toString()));
    assertFalse(Files.exists(folder.resolve("index.html")));
  }
}
