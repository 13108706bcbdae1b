package io.fkvs.server.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes the names of commands, and shows what arguments each takes, behind the name too. */
final class CommandCompleter implements Completer {
  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    String first = line.wordIndex() == 0 ? "" : line.words().get(0).toLowerCase(Locale.ROOT);
    boolean isName = line.wordIndex() == 0 || line.wordIndex() == 1 && first.equals(Help.NAME);
    if (isName) {
      for (CliCommand command : CliCommand.values()) {
        candidates.add(candidate(command.name(), command.usage(), command.summary()));
      }
    }
    if (line.wordIndex() == 0) {
      candidates.add(candidate(Help.NAME, "help [command]", "Describes the commands."));
      candidates.add(candidate("quit", "quit", "Leaves."));
    } else if (!isName) {
      hint(first).ifPresent(usage -> reader.printAbove(usage));
    }
  }

  private static Optional<String> hint(String name) {
    try {
      return Optional.of(CliCommand.named(name).usage());
    } catch (CommandSyntaxException e) {
      return Optional.empty();
    }
  }

  private static Candidate candidate(String name, String usage, String summary) {
    return new Candidate(name, usage, null, summary, null, null, true);
  }
}
