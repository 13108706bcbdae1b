package io.fkvs.bench.jmh;

import io.fkvs.bench.table.Rivals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;

/**
 * What the user wants of JMH, and how it narrows the plan: regular expressions choose benchmarks
 * (and {@code growth} and {@code memory}), {@code -p} replaces values of parameters, everything
 * else goes to JMH as it is. One thread.
 */
final class UserOptions {
  /** Results and their format are ours to decide, or the report would not find them. */
  private static final List<String> OURS = List.of("-rf", "-rff", "-o");

  /** What JMH answers by itself. */
  private static final List<String> QUESTIONS = List.of("-h", "-l", "-lp", "-lprof", "-lrf");

  /** The parameters that a benchmark of ours may have. */
  private static final List<String> PARAMS = List.of(Case.TABLE, "size", "shape", "keys");

  /**
   * The options without the regular expressions, which narrow the plan: JMH would add them to the
   * one benchmark that it is given.
   */
  private static final class Given extends CommandLineOptions {
    private static final long serialVersionUID = 1L;

    Given(List<String> arguments) throws CommandLineOptionException {
      super(arguments.toArray(String[]::new));
    }

    @Override
    public List<String> getIncludes() {
      return List.of();
    }

    @Override
    public List<String> getExcludes() {
      return List.of();
    }

    List<String> includes() {
      return super.getIncludes();
    }

    List<String> excludes() {
      return super.getExcludes();
    }
  }

  private final List<String> arguments;
  private final Given options;
  private final List<Pattern> includes;
  private final List<Pattern> excludes;
  private final Map<String, Collection<String>> params = new LinkedHashMap<>();

  /**
   * Reads the options.
   *
   * @throws ReportException if JMH does not know one, or we cannot let it have it
   */
  UserOptions(List<String> arguments) {
    for (String option : OURS) {
      if (arguments.contains(option)) {
        throw new ReportException("option is not JMH's to obey here: option=" + option);
      }
    }
    this.arguments = List.copyOf(arguments);
    options = parsed(arguments);
    includes = patterns(options.includes());
    excludes = patterns(options.excludes());
    for (String name : PARAMS) {
      if (options.getParameter(name).hasValue()) {
        params.put(name, options.getParameter(name).get());
      }
    }
    params.getOrDefault(Case.TABLE, List.of()).forEach(UserOptions::checkTable);
  }

  /** Whether JMH is to answer something rather than to measure. */
  static boolean isQuestion(List<String> arguments) {
    return arguments.stream().anyMatch(QUESTIONS::contains);
  }

  private static Given parsed(List<String> arguments) {
    try {
      return new Given(arguments);
    } catch (CommandLineOptionException e) {
      throw new ReportException("JMH cannot obey: " + e.getMessage(), e);
    }
  }

  private static List<Pattern> patterns(List<String> expressions) {
    try {
      return expressions.stream().map(Pattern::compile).toList();
    } catch (PatternSyntaxException e) {
      throw new ReportException("regular expression is wrong: " + e.getMessage(), e);
    }
  }

  private static void checkTable(String name) {
    try {
      Rivals.named(name);
    } catch (IllegalArgumentException e) {
      throw new ReportException(e.getMessage(), e);
    }
  }

  /** As they were given. */
  List<String> arguments() {
    return arguments;
  }

  Options options() {
    return options;
  }

  /** The cases that the user wants of those planned, with the user's parameters. */
  List<Case> narrow(List<Case> planned) {
    Set<Case> cases = new LinkedHashSet<>();
    planned.stream()
        .filter(one -> wants(one.benchmark()))
        .forEach(one -> cases.addAll(expanded(one)));
    cases.removeIf(one -> !one.isPossible());
    return List.copyOf(cases);
  }

  private List<Case> expanded(Case planned) {
    int threads = options.getThreads().orElse(planned.threads());
    int count = threads == Threads.MAX ? Runtime.getRuntime().availableProcessors() : threads;
    List<Case> cases = List.of(new Case(planned.benchmark(), planned.params(), count));
    for (var param : params.entrySet()) {
      List<Case> more = new ArrayList<>();
      for (Case one : cases) {
        param.getValue().forEach(value -> more.add(one.with(Map.of(param.getKey(), value))));
      }
      cases = more;
    }
    return cases;
  }

  /** The tables that the user wants of those planned. */
  List<String> narrowTables(List<String> planned) {
    Collection<String> wanted = params.get(Case.TABLE);
    return wanted == null ? planned : planned.stream().filter(wanted::contains).toList();
  }

  boolean wants(String benchmark) {
    return (includes.isEmpty() || found(includes, benchmark)) && !found(excludes, benchmark);
  }

  private static boolean found(List<Pattern> patterns, String benchmark) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(benchmark).find());
  }
}
