package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code docs/operations.md} names every flag and every key of the configuration, and no other. */
class OperationsPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "operations.md");
  private static final Path SETTINGS = Path.of("src/main/java/io/fkvs/server/app/Settings.java");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\|([^|]*)\\|([^|]*)\\|([^|]*)\\|[^|]*\\|$");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  /** The words in backticks of a column of the page's first table with four. */
  private static Set<String> column(int column) throws IOException {
    Set<String> names = new TreeSet<>();
    for (MatchResult row : ROW.matcher(Files.readString(PAGE)).results().toList()) {
      NAME.matcher(row.group(column)).results().map(name -> name.group(1)).forEach(names::add);
    }
    return names;
  }

  @Test
  void shouldNameEveryFlag() throws IOException {
    Set<String> flags = new TreeSet<>();
    for (OptionSpec option : new CommandLine(new FkvsServer()).getCommandSpec().options()) {
      flags.addAll(Set.of(option.names()));
    }
    assertEquals(flags, column(1));
  }

  @Test
  void shouldNameEveryKey() throws IOException {
    Set<String> keys = new TreeSet<>();
    Pattern cases = Pattern.compile("case (\"[a-z-]+\"(?:, \"[a-z-]+\")*) ->");
    for (MatchResult found : cases.matcher(Files.readString(SETTINGS)).results().toList()) {
      for (String quoted : found.group(1).split(", ")) {
        keys.add(quoted.substring(1, quoted.length() - 1));
      }
    }
    keys.removeAll(Set.of("true", "false"));
    assertEquals(keys, column(2));
  }

  @Test
  void shouldTellTheDefaults() throws IOException {
    ServerConfig defaults = ServerConfig.defaults();
    Set<String> told = column(3);
    Set<String> expected =
        Set.of(
            defaults.bind(),
            Integer.toString(defaults.port()),
            defaults.transport().toString(),
            Integer.toString(defaults.maxClients()),
            Long.toString(new Settings().server().warmUp().toSeconds()),
            Long.toString(defaults.requestTimeout().toSeconds()),
            defaults.table().orElse("swiss"),
            (defaults.maxValueBytes() >> 20) + "m",
            "true",
            "false");
    assertEquals(new TreeSet<>(expected), told);
  }
}
