package io.fkvs.bench.jmh;

import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The main class of a {@link Fork}: has JMH measure one case after the other within this JVM, so
 * that they can share a table. JMH itself would start a JVM for each. One thread.
 */
final class ForkMain {
  private static final String FAILURES = "failures";
  private static final Gson GSON = new Gson();

  /**
   * What to do.
   *
   * @param user the options that the user has given to JMH
   * @param effort how long, where the user does not say
   * @param cases what to measure
   */
  record Order(List<String> user, Effort effort, List<Case> cases) {
    /**
     * Measures, and leaves in a folder a file of results for each case, and what failed. The rest
     * goes on.
     */
    void run(Path folder, PrintStream log) throws IOException {
      var options = new UserOptions(user);
      var format = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
      Map<String, String> failures = new LinkedHashMap<>();
      for (int i = 0; i < cases.size(); i++) {
        Path results = folder.resolve("jmh-%03d.json".formatted(i));
        try {
          Effort each = i == 0 ? effort.ofFirst() : effort;
          new Runner(options(options, each, cases.get(i), results), format).run();
        } catch (RunnerException e) {
          failures.put(cases.get(i).toString(), reason(e));
          Files.deleteIfExists(results); // it names no result
        }
      }
      Files.writeString(folder.resolve(FAILURES), GSON.toJson(failures));
    }

    static Options options(UserOptions user, Effort effort, Case measured, Path results) {
      Options given = user.options();
      ChainedOptionsBuilder builder =
          new OptionsBuilder()
              .parent(given)
              .include("\\." + measured.benchmark().replace(".", "\\.") + "$")
              .forks(0)
              .result(results.toString())
              .resultFormat(ResultFormatType.JSON)
              .shouldFailOnError(true)
              .addProfiler(GCProfiler.class);
      effort.fill(builder, measured, given);
      measured.params().forEach((name, value) -> builder.param(name, value));
      if (measured.threads() > 1 && !given.getThreads().hasValue()) {
        builder.threads(measured.threads());
      }
      return builder.build();
    }
  }

  private ForkMain() {}

  /** Takes a file with an order and a folder for the results. */
  public static void main(String[] arguments) throws IOException {
    Order order = GSON.fromJson(Files.readString(Path.of(arguments[0])), Order.class);
    order.run(Path.of(arguments[1]), System.out);
  }

  /** What failed, by case. */
  static Map<String, String> failures(Path folder) throws IOException {
    Path file = folder.resolve(FAILURES);
    return Files.exists(file)
        ? GSON.fromJson(Files.readString(file), new TypeToken<Map<String, String>>() {})
        : Map.of();
  }

  /** JMH says that there was an exception; what it was lies further in. */
  static String reason(Throwable thrown) {
    Throwable inner = thrown;
    while (inner.getCause() != null || inner.getSuppressed().length > 0) {
      inner = inner.getCause() != null ? inner.getCause() : inner.getSuppressed()[0];
    }
    return inner.getMessage() == null ? inner.toString() : inner.getMessage();
  }
}
