package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code help} prints. */
final class Help {
  static final String NAME = "help";

  private static final int USAGE_WIDTH = 28;

  private static final String RULES =
      """
      help [command]              This list, or one command.
      quit, exit                  Leaves.

      Command names may be typed in any case. Words may be quoted: between double quotes, and
      without quotes, \\n \\t \\r \\" \\\\ and \\xNN stand for bytes, and \\uNNNN for a character as
      UTF-8 (\\u00e9 is \\xc3\\xa9); between single quotes every byte stands for itself.\
      """;

  private Help() {}

  /**
   * Describes every command, or the one named.
   *
   * @throws CommandSyntaxException if it is unknown
   */
  static String text(List<byte[]> arguments) throws CommandSyntaxException {
    if (arguments.isEmpty()) {
      return Stream.of(CliCommand.values())
          .map(Help::line)
          .collect(Collectors.joining("\n", "", "\n" + RULES));
    }
    return line(CliCommand.named(new String(arguments.get(0), UTF_8)));
  }

  private static String line(CliCommand command) {
    return String.format("%-" + USAGE_WIDTH + "s%s", command.usage(), command.summary());
  }
}
