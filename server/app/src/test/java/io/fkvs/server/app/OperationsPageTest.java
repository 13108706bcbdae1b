package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of {@code docs/operations.md} is that of {@link Options}, with what each is for. */
class OperationsPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "operations.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\|([^|]*)\\|([^|]*)\\|([^|]*)\\|[^|]*\\|$");

  private static String row(Option option) {
    String flags = option.hasFlag() ? names(option.flags()) : "";
    String value = option.hasFlag() && option.takesValue() ? " " + option.label() : "";
    return row(flags + value, names(option.keys()), said(option.defaultText()));
  }

  private static String row(String flags, String keys, String value) {
    return flags + " | " + keys + " | " + value;
  }

  private static String names(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  /** A value stands in backticks, what is said instead of one does not. */
  private static String said(String value) {
    return value.isEmpty() || value.equals("none") || value.contains(" ")
        ? value
        : "`" + value + "`";
  }

  @Test
  void shouldNameEveryFlagKeyAndDefault() throws IOException {
    List<String> expected = new ArrayList<>();
    expected.add(row("flag", "key in the file", "default"));
    expected.add(row("---", "---", "---"));
    expected.add(row("`-c`, `--config` FILE", "", ""));
    Options.ALL.forEach(option -> expected.add(row(option)));
    expected.add(row("`--check` DIR", "", ""));
    expected.add(row("`--repair` DIR", "", ""));
    expected.add(row("`--yes`", "", ""));
    expected.add(row("`-h`, `--help`", "", ""));
    expected.add(row("`-V`, `--version`", "", ""));

    List<String> rows = new ArrayList<>();
    for (MatchResult found : ROW.matcher(Files.readString(PAGE)).results().toList()) {
      rows.add(row(found.group(1).strip(), found.group(2).strip(), found.group(3).strip()));
    }
    assertEquals(String.join("\n", expected), String.join("\n", rows));
  }
}
