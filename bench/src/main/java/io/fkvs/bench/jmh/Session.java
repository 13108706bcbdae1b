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
import org.openjdk.jmh.runner.options.Options;

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

  /** What is to be done after each JVM. */
  interface Saver {
    void save() throws IOException;
  }

  /** A step of the session. */
  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private record Task(String name, double estimateMs, Step step) {}

  private final List<Task> tasks = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();
  private final Set<String> failures = new LinkedHashSet<>();
  private volatile boolean stopped;
  private int done;
  private final Consumer<String> progress;

  /** Plans for a folder; nothing runs yet, and without a bench nothing can. */
  Session(Plan plan, UserOptions user, Bench bench, RunFolder folder, Consumer<String> progress) {
    this.progress = progress;
    List<Case> cases = possible(user.narrow(plan.cases()));
    cases.forEach(one -> names.add(one.toString()));
    takeTurns(Fork.turns(cases), plan.effort(), user.options(), bench, folder);
    if (user.wants(GROWTH)) {
      for (String table : possibleTables(user.narrowTables(plan.growthTables()))) {
        int count = plan.growthCount();
        once(
            new Task(
                GROWTH + " table=" + table,
                count * INSERTION_MS,
                () -> grow(bench, table, count, folder)));
      }
    }
    if (user.wants(MEMORY)) {
      for (String table : possibleTables(user.narrowTables(plan.memoryTables()))) {
        List<Integer> sizes = plan.memorySizes();
        once(
            new Task(
                MEMORY + " table=" + table,
                sizes.stream().mapToInt(size -> size).sum() * COUNTED_MS,
                () -> count(bench, table, sizes, folder)));
      }
    }
  }

  private void takeTurns(
      List<List<Fork>> settings, Effort effort, Options user, Bench bench, RunFolder folder) {
    int rounds = effort.rounds(user);
    for (int i = 1; i <= rounds; i++) {
      int round = i;
      for (Fork fork : Fork.round(settings, round)) {
        String name = (rounds == 1 ? "" : "round " + round + ": ") + fork;
        double estimateMs = effort.estimateMs(fork, user);
        tasks.add(new Task(name, estimateMs, () -> measure(bench, fork, round, folder)));
      }
    }
  }

  private void once(Task task) {
    tasks.add(task);
    names.add(task.name());
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

  /** How many JVMs it takes. */
  int count() {
    return tasks.size();
  }

  double estimateMinutes() {
    return tasks.stream().mapToDouble(Task::estimateMs).sum() / MS_PER_S / S_PER_MIN;
  }

  /** What is measured, each once, in order. */
  List<String> names() {
    return names;
  }

  Map<String, String> leftOut() {
    return leftOut;
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** How many JVMs have been tried. */
  int done() {
    return done;
  }

  /** Ends the session after the JVM under way, which does not count. Any thread. */
  void stop() {
    stopped = true;
  }

  /** Runs everything, and saves after each JVM. */
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
    } catch (IOException | RuntimeException e) {
      if (stopped) {
        return false;
      }
      fail(task.name(), ForkMain.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReportException("interrupted", e);
    }
    return true;
  }

  /** Notes a failure; one that comes in every round is noted once. */
  private void fail(String what, String why) {
    failures.add(what + ": " + why);
    progress.accept("FAIL " + what + ": " + why);
  }

  private void measure(Bench bench, Fork fork, int round, RunFolder folder)
      throws IOException, InterruptedException {
    inFolder(
        files -> {
          bench.measure(fork, files);
          ForkMain.failures(files).forEach(this::fail);
          folder
              .add(files, round)
              .forEach(
                  one ->
                      progress.accept(
                          "    %-16s %8.1f %s"
                              .formatted(one.operation(), one.score(), one.unit())));
        });
  }

  private static void grow(Bench bench, String table, int count, RunFolder folder)
      throws IOException, InterruptedException {
    inFolder(
        files -> {
          bench.run(
              GrowthRun.class,
              flags(table),
              List.of(table, Plan.USUAL_SHAPE, Integer.toString(count), files.toString()));
          folder.add(RunFolder.GROWTH, files);
        });
  }

  private static void count(Bench bench, String table, List<Integer> sizes, RunFolder folder)
      throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(MemoryRun.FLAGS);
    flags.addAll(flags(table));
    String list = sizes.stream().map(String::valueOf).collect(Collectors.joining(","));
    inFolder(
        files -> {
          bench.run(
              MemoryRun.class, flags, List.of(table, Plan.USUAL_SHAPE, list, files.toString()));
          folder.add(RunFolder.MEMORY, files);
        });
  }

  /** What leaves its files in a folder and keeps them elsewhere. */
  private interface Writer {
    void write(Path folder) throws IOException, InterruptedException;
  }

  /** Gives a folder that exists for a moment. */
  private static void inFolder(Writer writer) throws IOException, InterruptedException {
    Path files = Files.createTempDirectory("fkvs-jmh");
    try {
      writer.write(files);
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
