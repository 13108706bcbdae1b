package io.fkvs.load.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a reader must know to judge the figures: where and with what they were measured. */
public final class Machine {
  private static final String UNKNOWN = "unknown";

  /** A command that tells a version answers within this, a build included. */
  private static final long ANSWER_LIMIT_S = 180;

  private Machine() {}

  /**
   * Gathers the facts.
   *
   * @param root the project's folder, whose commit is told
   * @param user who uses the processor cores that this process may use
   * @return names and values, in the order to show them
   */
  public static Map<String, String> facts(Path root, String user) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "Processor",
        processor()
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " of "
            + field(Path.of("/proc/cpuinfo"), "processor").count()
            + " cores for "
            + user);
    facts.put("Memory", first(field(Path.of("/proc/meminfo"), "MemTotal")));
    facts.put(
        "System",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    facts.put(
        "JDK",
        System.getProperty("java.vm.vendor")
            + ", "
            + System.getProperty("java.vm.name")
            + " "
            + System.getProperty("java.vm.version"));
    facts.put("Commit", commit(root));
    return facts;
  }

  private static String processor() {
    return first(field(Path.of("/proc/cpuinfo"), "model name"));
  }

  private static String commit(Path root) {
    String git = root.toString();
    String commit = firstLine(List.of("git", "-C", git, "rev-parse", "HEAD"));
    String changes = firstLine(List.of("git", "-C", git, "status", "--porcelain", "-uno"));
    return commit + (changes.equals(UNKNOWN) ? "" : ", with uncommitted changes");
  }

  /** The values of the lines {@code name : value} in a file of the system. */
  private static Stream<String> field(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip());
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static String first(Stream<String> values) {
    return values.findFirst().orElse(UNKNOWN);
  }

  /** The first line that a command says, or {@code unknown}. */
  public static String firstLine(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(ANSWER_LIMIT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return text.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }

  /**
   * A script's command as one would type it again, without the options that only say where
   * something lies.
   *
   * @param script its path from the project's folder
   * @param arguments what it was given, and what it added itself
   * @param places the options to leave out, each with a value
   */
  public static String typed(String script, List<String> arguments, Set<String> places) {
    List<String> command = new ArrayList<>(List.of(script));
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (places.contains(argument)) {
        i++;
      } else if (!places.contains(argument.replaceFirst("=.*", ""))) {
        command.add(argument);
      }
    }
    return typed(command);
  }

  /** A command as one would type it. */
  public static String typed(List<String> command) {
    return command.stream()
        .map(word -> word.isEmpty() ? "''" : word)
        .collect(Collectors.joining(" "));
  }
}
