package io.fkvs.bench.jmh;

import io.fkvs.bench.table.GrowthRun;
import io.fkvs.bench.table.MemoryRun;
import io.fkvs.bench.table.Rivals;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Goes through a plan and fills a folder. What fails is told and left out, and the rest goes on.
 * One thread.
 */
final class Session {
  /** How a user's regular expressions name what JMH does not run. */
  static final String GROWTH = "GrowthRun.growth";

  static final String MEMORY = "MemoryRun.memory";

  /** One insertion or one object counted, about, for the estimate. */
  private static final double INSERTION_MS = 0.001;

  private static final double COUNTED_MS = 0.002;

  private static final int MS_PER_S = 1_000;
  private static final int S_PER_MIN = 60;

  /** What is to be done after each measurement. */
  interface Saver {
    void save() throws IOException;
  }

  /** A step of the session. */
  private interface Step {
    void run() throws IOException, RunnerException, InterruptedException;
  }

  private record Task(String name, double estimateMs, Step step) {}

  private final List<Task> tasks = new ArrayList<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private volatile boolean stopped;
  private int done;
  private final Consumer<String> progress;

  /** Plans for a folder; nothing runs yet, and without a bench nothing can. */
  Session(Plan plan, UserOptions user, Bench bench, RunFolder folder, Consumer<String> progress) {
    this.progress = progress;
    for (Case one : possible(user.narrow(plan.cases()))) {
      double estimateMs = plan.effort(one).estimateMs(one, user.options());
      tasks.add(new Task(one.toString(), estimateMs, () -> measure(bench, one, folder)));
    }
    if (user.wants(GROWTH)) {
      for (String table : possibleTables(user.narrowTables(plan.growthTables()))) {
        int count = plan.growthCount();
        tasks.add(
            new Task(
                GROWTH + " table=" + table,
                count * INSERTION_MS,
                () -> grow(bench, table, count, folder)));
      }
    }
    if (user.wants(MEMORY)) {
      for (String table : possibleTables(user.narrowTables(plan.memoryTables()))) {
        List<Integer> sizes = plan.memorySizes();
        tasks.add(
            new Task(
                MEMORY + " table=" + table,
                sizes.stream().mapToInt(size -> size).sum() * COUNTED_MS,
                () -> count(bench, table, sizes, folder)));
      }
    }
  }

  private List<Case> possible(List<Case> cases) {
    Set<String> tables =
        new LinkedHashSet<>(
            possibleTables(
                cases.stream().map(Case::table).distinct().collect(Collectors.toList())));
    return cases.stream().filter(one -> tables.contains(one.table())).toList();
  }

  private List<String> possibleTables(List<String> tables) {
    List<String> possible = new ArrayList<>();
    for (String table : tables) {
      String obstacle = table.equals(GrowthRun.CLOCK) ? null : Rivals.named(table).obstacle();
      if (obstacle == null) {
        possible.add(table);
      } else {
        leftOut.put(table, obstacle);
      }
    }
    return possible;
  }

  int count() {
    return tasks.size();
  }

  double estimateMinutes() {
    return tasks.stream().mapToDouble(Task::estimateMs).sum() / MS_PER_S / S_PER_MIN;
  }

  List<String> names() {
    return tasks.stream().map(Task::name).toList();
  }

  Map<String, String> leftOut() {
    return leftOut;
  }

  List<String> failures() {
    return failures;
  }

  /** How many measurements have been tried. */
  int done() {
    return done;
  }

  /** Ends the session after the measurement under way, which does not count. Any thread. */
  void stop() {
    stopped = true;
  }

  /** Runs everything, and saves after each measurement. */
  void run(Saver saver) throws IOException {
    leftOut.forEach((table, why) -> progress.accept("left out: " + table + ": " + why));
    double leftMs = tasks.stream().mapToDouble(Task::estimateMs).sum();
    double plannedMs = 0;
    long start = System.nanoTime();
    for (int i = 0; i < tasks.size() && !stopped; i++) {
      Task task = tasks.get(i);
      double doneMs = (System.nanoTime() - start) / 1e6;
      double pace = i == 0 ? 1 : doneMs / plannedMs; // how wrong the estimate has been so far
      progress.accept(
          "[%d/%d, about %.0f min left] %s"
              .formatted(
                  i + 1,
                  tasks.size(),
                  Math.ceil(leftMs * pace / MS_PER_S / S_PER_MIN),
                  task.name()));
      if (!run(task)) {
        return;
      }
      done++;
      saver.save();
      plannedMs += task.estimateMs();
      leftMs -= task.estimateMs();
    }
  }

  /** Runs a task, and says whether it counts: it does not where it was stopped. */
  private boolean run(Task task) {
    try {
      task.step().run();
    } catch (IOException | RunnerException | RuntimeException e) {
      if (stopped) {
        return false;
      }
      String failure = task.name() + ": " + reason(e);
      failures.add(failure);
      progress.accept("FAIL " + failure);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReportException("interrupted", e);
    }
    return true;
  }

  /** JMH says that there was an exception; what it was lies further in. */
  private static String reason(Throwable thrown) {
    Throwable inner = thrown;
    while (inner.getCause() != null || inner.getSuppressed().length > 0) {
      inner = inner.getCause() != null ? inner.getCause() : inner.getSuppressed()[0];
    }
    return inner.getMessage() == null ? inner.toString() : inner.getMessage();
  }

  private void measure(Bench bench, Case one, RunFolder folder)
      throws IOException, RunnerException {
    Path results = Files.createTempFile("fkvs-jmh", ".json");
    try {
      bench.measure(one, results);
      for (Measurement measurement : JmhJson.read(results)) {
        progress.accept("    " + figure(measurement));
      }
      folder.add(results);
    } finally {
      Files.delete(results);
    }
  }

  private static String figure(Measurement measurement) {
    return Double.isNaN(measurement.error())
        ? "%.1f %s".formatted(measurement.score(), measurement.unit())
        : "%.1f ± %.1f %s".formatted(measurement.score(), measurement.error(), measurement.unit());
  }

  private static void grow(Bench bench, String table, int count, RunFolder folder)
      throws IOException, InterruptedException {
    inFolder(
        RunFolder.GROWTH,
        folder,
        files ->
            bench.run(
                GrowthRun.class,
                flags(table),
                List.of(table, Plan.USUAL_SHAPE, Integer.toString(count), files)));
  }

  private static void count(Bench bench, String table, List<Integer> sizes, RunFolder folder)
      throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(MemoryRun.FLAGS);
    flags.addAll(flags(table));
    String list = sizes.stream().map(String::valueOf).collect(Collectors.joining(","));
    inFolder(
        RunFolder.MEMORY,
        folder,
        files -> bench.run(MemoryRun.class, flags, List.of(table, Plan.USUAL_SHAPE, list, files)));
  }

  /** What leaves its files in a folder. */
  private interface Writer {
    void write(String folder) throws IOException, InterruptedException;
  }

  /** Lets a JVM write to a folder that exists for a moment, and keeps what it wrote. */
  private static void inFolder(String kind, RunFolder folder, Writer writer)
      throws IOException, InterruptedException {
    Path files = Files.createTempDirectory("fkvs-jmh");
    try {
      writer.write(files.toString());
      folder.add(kind, files);
    } finally {
      try (DirectoryStream<Path> left = Files.newDirectoryStream(files)) {
        for (Path file : left) {
          Files.delete(file);
        }
      }
      Files.delete(files);
    }
  }

  private static List<String> flags(String table) {
    return table.equals(GrowthRun.CLOCK) ? List.of() : Rivals.named(table).flags();
  }
}
