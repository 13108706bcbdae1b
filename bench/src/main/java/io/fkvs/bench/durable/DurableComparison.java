package io.fkvs.bench.durable;

import io.fkvs.load.report.Figures;
import io.fkvs.load.report.Markdown;
import io.fkvs.load.report.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What it costs that an embedded store is durable: puts beside a store in memory, the longest call
 * while a base is written, and loading beside Redis. Each measurement has a JVM of its own; those
 * that are compared take turns, and the store in memory is measured twice. One thread.
 */
public final class DurableComparison {
  /** The store in memory under two names: what they differ by is the noise. */
  private static final List<String> STORES = List.of("memory", "memory-again", "everysec", "never");

  /**
   * How much is measured.
   *
   * @param rounds how often
   * @param sizes how many entries the stores have that take puts
   * @param loaded how many entries a base has, while it is written and when it is loaded
   */
  public record Effort(int rounds, List<Integer> sizes, int loaded) {
    /** About 15 minutes. */
    public static final Effort FULL = new Effort(3, List.of(1_000_000, 10_000_000), 10_000_000);

    /** About a minute, enough to see what is roughly so. */
    public static final Effort QUICK = new Effort(1, List.of(1_000_000), 2_000_000);

    /** Makes the list unmodifiable. */
    public Effort {
      sizes = List.copyOf(sizes);
    }
  }

  private final Path directory;
  private final int rounds;
  private final List<Integer> sizes;
  private final int loaded;
  private final Consumer<String> progress;
  private final Map<String, Sample> samples = new TreeMap<>();

  /**
   * Prepares a run.
   *
   * @param directory where the stores put their files, on the disk that is to be measured; made if
   *     need be, and emptied
   * @param effort how much is measured
   * @param progress is told what was found
   */
  public DurableComparison(Path directory, Effort effort, Consumer<String> progress) {
    this.directory = directory;
    this.rounds = effort.rounds();
    this.sizes = effort.sizes();
    this.loaded = effort.loaded();
    this.progress = progress;
  }

  /**
   * Measures everything.
   *
   * @param facts what the reader must know of the machine, in order
   * @return the report, in Markdown
   * @throws IOException if a measurement fails
   */
  public String run(Map<String, String> facts) throws IOException {
    Files.createDirectories(directory);
    facts.put("Disk", Files.getFileStore(directory).type() + " " + Files.getFileStore(directory));
    var text = new Markdown().heading(1, "The durable store, measured");
    text.paragraph("Written by `bin/fkvs-jmh --durable DIR`; do not edit.");
    text.prose(
        List.of("What", "Which"),
        facts.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue())).toList());
    puts(text);
    bases(text);
    loading(text);
    verdict(text);
    return text.toString();
  }

  // ---- puts

  private void puts(Markdown text) throws IOException {
    text.heading(2, "Puts")
        .paragraph(
            "Nanoseconds a put of 16 + 32 bytes by one thread, the mean over all entries: median"
                + " of",
            rounds + " rounds, the fastest and the slowest; and the ratio to `memory` in the same",
            "round. *fresh* fills an empty store, *overwrite* puts each key again. Options are the",
            "defaults, so bases are written meanwhile.");
    for (int size : sizes) {
      for (int round = 0; round < rounds; round++) {
        for (String store : round % 2 == 0 ? STORES : STORES.reversed()) {
          measure("put", store, size);
        }
      }
      List<List<String>> rows = new ArrayList<>();
      for (String store : STORES) {
        List<String> row = new ArrayList<>(List.of(store));
        for (String what : List.of("fresh", "overwrite")) {
          Sample times = sample("put", store, size, what);
          row.add(Figures.range(times).replace(".00", ""));
          row.add(Figures.range(ratios(store, size, what)));
        }
        rows.add(row);
      }
      text.paragraph(Figures.count(size) + " entries:")
          .table(List.of("store", "fresh, ns", "ratio", "overwrite, ns", "ratio"), rows);
    }
  }

  private final Map<String, List<Double>> inOrder = new HashMap<>();

  /** Entries that were loaded a second. */
  private final Sample ours = new Sample();

  private final Sample redis = new Sample();

  private Sample ratios(String store, int size, String what) {
    // Every other round is backwards, but each has one of each store.
    List<Double> times = inOrder.get(key("put", store, size, what));
    List<Double> base = inOrder.get(key("put", "memory", size, what));
    var ratios = new Sample();
    for (int i = 0; i < times.size(); i++) {
      ratios.add(times.get(i) / base.get(i));
    }
    return ratios;
  }

  // ---- bases

  private void bases(Markdown text) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      measure("base", "everysec", loaded);
    }
    for (String suffix : List.of("Without", "With")) {
      List<String> row = new ArrayList<>(List.of(suffix.equals("With") ? "a base" : "none"));
      for (String what : List.of("p50", "p9999", "longest")) {
        row.add(Figures.millis(sample("base", "everysec", loaded, what + suffix)));
      }
      Sample memory = sample("base", "everysec", loaded, "memory" + suffix);
      row.add(Figures.three(memory.median() / (1 << 20)));
      rows.add(row);
    }
    text.heading(2, "While a base is written")
        .paragraph(
            "Milliseconds an overwrite in a store of " + Figures.count(loaded) + " entries, one",
            "every two microseconds, while a base is written and while none is; and by how many",
            "MiB the memory of the process was greater than before, at the most.")
        .table(List.of("meanwhile", "p50", "p99.99", "longest", "MiB more"), rows);
  }

  // ---- loading

  private void loading(Markdown text) throws IOException {
    measure("fill", "everysec", loaded);
    for (int round = 0; round < rounds; round++) {
      measure("load", "everysec", loaded);
    }
    loadRedis();
    for (double nanos : inOrder.get(key("load", "everysec", loaded, "load"))) {
      ours.add(loaded * 1e9 / nanos);
    }
    text.heading(2, "Loading")
        .paragraph(
            "Million entries a second, " + Figures.count(loaded) + " of 16 + 32 bytes: ours from a",
            "base, by `DurableStore.open` in a new JVM; Redis from an RDB file, by `DEBUG RELOAD",
            "NOSAVE`. The files are in the system's cache.")
        .table(
            List.of("store", "entries a second"),
            List.of(
                List.of("DurableStore", Figures.millions(ours)),
                List.of("Redis", Figures.millions(redis))));
  }

  /** What was measured before is kept where there is no Redis, or where it fails. */
  private void loadRedis() throws IOException {
    try {
      for (long nanos : RedisLoad.measure(directory, loaded, rounds)) {
        redis.add(loaded * 1e9 / nanos);
        progress.accept("Redis loads in " + nanos / 1_000_000 + " ms");
      }
    } catch (IOException e) {
      progress.accept("Redis was not measured: " + e.getMessage());
    } finally {
      Files.deleteIfExists(directory.resolve("dump.rdb"));
    }
  }

  // ---- in short

  /** What was to be reached, and what was. */
  private void verdict(Markdown text) {
    List<List<String>> rows = new ArrayList<>();
    for (int size : sizes) {
      for (String what : List.of("fresh", "overwrite")) {
        rows.add(
            List.of(
                "puts with `everysec` over those in memory, " + Figures.count(size) + ", " + what,
                "at most 1.5",
                Figures.range(ratios("everysec", size, what))));
      }
    }
    double longer = median("longestWith") - median("longestWithout");
    rows.add(List.of("longest call more while a base is written, ms", "at most 2", millis(longer)));
    double more = (median("memoryWith") - median("memoryWithout")) / (1 << 20);
    rows.add(List.of("memory more for it, MiB", "at most 64", Figures.three(more)));
    rows.add(List.of("loading, million entries a second", "at least 2", Figures.millions(ours)));
    rows.add(
        List.of(
            "loading over that of Redis",
            "at least 2",
            Figures.ratio2(ours.median() / redis.median())));
    text.heading(2, "In short").table(List.of("what", "wanted", "found"), rows);
  }

  private double median(String figure) {
    return sample("base", "everysec", loaded, figure).median();
  }

  private static String millis(double nanos) {
    return Figures.three(nanos / 1e6);
  }

  // ---- JVMs

  private static String key(String what, String store, int entries, String figure) {
    return what + " " + store + " " + entries + " " + figure;
  }

  private Sample sample(String what, String store, int entries, String figure) {
    return samples.get(key(what, store, entries, figure));
  }

  private void measure(String what, String store, int entries) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                DurableRun.class.getName(),
                what,
                store,
                Integer.toString(entries),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    var said = new StringBuilder();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line;
      while ((line = reader.readLine()) != null) {
        said.append(line).append('\n');
        int equals = line.indexOf('=');
        if (line.matches("[a-zA-Z0-9]+=-?[0-9]+")) {
          double value = Double.parseDouble(line.substring(equals + 1));
          String key = key(what, store, entries, line.substring(0, equals));
          samples.computeIfAbsent(key, k -> new Sample()).add(value);
          inOrder.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
          progress.accept(key + " " + line.substring(equals + 1));
        }
      }
    }
    try {
      if (process.waitFor() != 0) {
        throw new IOException("measurement failed: " + what + " " + store + "\n" + said);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
