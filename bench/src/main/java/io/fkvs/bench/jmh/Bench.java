package io.fkvs.bench.jmh;

import com.google.gson.Gson;
import io.fkvs.bench.table.Rivals;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.CompilerHints;
import org.openjdk.jmh.runner.options.Options;

/** Runs single measurements, each in a JVM of its own. One thread. */
record Bench(UserOptions user, Effort effort, PrintStream log) {
  /** The heap of what JMH does not run. */
  private static final List<String> HEAP = List.of("-Xms6g", "-Xmx6g");

  /** What takes longer hangs. */
  private static final int LIMIT_MIN = 20;

  private static final String JMH_PROPERTIES = "jmh.";

  /** Measures with JMH and leaves the results in a folder; see {@link ForkMain}. */
  void measure(Fork fork, Path folder) throws IOException, InterruptedException {
    var order = new ForkMain.Order(user.arguments(), effort, fork.cases());
    if (user.options().getForkCount().orElse(1) == 0) {
      order.run(folder, log);
      return;
    }
    Path file = Files.createTempFile("fkvs-jmh", ".order");
    try {
      Files.writeString(file, new Gson().toJson(order));
      start(command(fork), ForkMain.class, List.of(file.toString(), folder.toString()));
    } finally {
      Files.delete(file);
    }
  }

  /** The JVM of a fork, with the compiler hints that JMH gives to its own. */
  List<String> command(Fork fork) {
    List<String> flags = new ArrayList<>(fork.heap());
    flags.addAll(Rivals.named(fork.table()).flags());
    List<String> command = command(flags);
    System.getProperties()
        .forEach(
            (name, value) -> {
              if (name.toString().startsWith(JMH_PROPERTIES)) {
                command.add("-D" + name + "=" + value);
              }
            });
    CompilerHints.addCompilerHints(command);
    return command;
  }

  /** Runs a main class with the flags of a table. */
  void run(Class<?> main, List<String> tableFlags, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>(HEAP);
    flags.addAll(tableFlags);
    start(command(flags), main, arguments);
  }

  /** A JVM with our flags, unless the user has others, and the user's before and after them. */
  private List<String> command(List<String> flags) {
    Options given = user.options();
    List<String> command = new ArrayList<>();
    command.add(
        given.getJvm().orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(given.getJvmArgsPrepend().orElse(List.of()));
    command.addAll(given.getJvmArgs().orElse(flags));
    command.addAll(given.getJvmArgsAppend().orElse(List.of()));
    return command;
  }

  private void start(List<String> jvm, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(jvm);
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
