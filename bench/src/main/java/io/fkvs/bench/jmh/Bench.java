package io.fkvs.bench.jmh;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs single measurements: with JMH, or a main class in a JVM of its own. One thread. */
record Bench(UserOptions user, Function<Case, Effort> efforts, PrintStream log) {
  /** What every JVM gets; the same as the benchmarks' own. */
  private static final List<String> FLAGS =
      List.of(
          "--add-modules=jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Xms6g",
          "-Xmx6g");

  /** JMH gives an iteration as long: what takes longer hangs. */
  private static final int LIMIT_MIN = 10;

  /** Measures with JMH and leaves its results in a file. */
  void measure(Case measured, Path results) throws RunnerException {
    var format = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
    PrintStream error = System.err;
    System.setErr(log); // where JMH sends what its JVMs say on theirs
    try {
      new Runner(options(measured, results), format).run();
    } finally {
      System.setErr(error);
    }
  }

  Options options(Case measured, Path results) {
    Options given = user.options();
    ChainedOptionsBuilder builder =
        new OptionsBuilder()
            .parent(given)
            .include("\\." + measured.benchmark().replace(".", "\\.") + "$")
            .result(results.toString())
            .resultFormat(ResultFormatType.JSON)
            .shouldFailOnError(true)
            .addProfiler(GCProfiler.class);
    efforts.apply(measured).fill(builder, given);
    measured.params().forEach((name, value) -> builder.param(name, value));
    if (measured.threads() > 1 && !given.getThreads().hasValue()) {
      builder.threads(measured.threads());
    }
    if (!measured.flags().isEmpty()) {
      List<String> flags = new ArrayList<>(measured.flags());
      flags.addAll(given.getJvmArgsPrepend().orElse(List.of()));
      builder.jvmArgsPrepend(flags.toArray(String[]::new));
    }
    return builder.build();
  }

  /** Runs a main class with the flags of a table. */
  void run(Class<?> main, List<String> tableFlags, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(tableFlags);
    command.addAll(user.options().getJvmArgsAppend().orElse(List.of()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    Path output = Files.createTempFile("fkvs-jmh", ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_MIN, TimeUnit.MINUTES)) {
        throw new IOException("JVM does not come to an end: limitMin=" + LIMIT_MIN);
      }
      int status = process.exitValue();
      String said = Files.readString(output);
      log.println(said);
      if (status != 0) {
        throw new IOException("JVM failed: status=" + status + ", said=" + lastLine(said));
      }
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }

  private static String lastLine(String text) {
    return text.lines().filter(line -> !line.isBlank()).reduce("nothing", (a, b) -> b).strip();
  }
}
