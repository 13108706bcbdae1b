package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.client.FkvsConnectionException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;

/** Reads commands from a person, with history and completion, until told to leave. */
final class Prompt {
  private final Session session;
  private final Terminal terminal;
  private final String text;
  private final LineReader reader;

  /**
   * Creates a prompt.
   *
   * @param session runs what is typed
   * @param terminal where the person sits
   * @param server what to call the server
   * @param historyFile where to keep what was typed
   */
  Prompt(Session session, Terminal terminal, String server, Path historyFile) {
    this.session = session;
    this.terminal = terminal;
    text = server + "> ";
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("fkvs-cli")
            .parser(plainParser())
            .completer(new CommandCompleter())
            .variable(LineReader.HISTORY_FILE, historyFile)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .build();
  }

  /** The line is parsed by our own rules; this one only finds the word to complete. */
  private static DefaultParser plainParser() {
    DefaultParser parser = new DefaultParser();
    parser.setEscapeChars(null);
    parser.setQuoteChars(new char[0]);
    return parser;
  }

  /** Runs what is typed until the person leaves. */
  void run() throws IOException {
    while (true) {
      String line;
      try {
        line = reader.readLine(text);
      } catch (UserInterruptException e) {
        continue;
      } catch (EndOfFileException e) {
        return;
      }
      if (!runLine(line)) {
        return;
      }
    }
  }

  private boolean runLine(String line) throws IOException {
    try {
      List<byte[]> words = CommandLineParser.parse(line.getBytes(UTF_8));
      if (Session.isQuit(words)) {
        return false;
      }
      String failure = words.isEmpty() ? null : session.run(words);
      if (failure != null) {
        tell(failure);
      }
    } catch (CommandSyntaxException e) {
      tell(e.getMessage());
    } catch (FkvsConnectionException e) {
      tell(e.getMessage() + "; the next command connects again");
    }
    return true;
  }

  private void tell(String failure) {
    terminal.writer().println("(error) " + failure);
    terminal.flush();
  }
}
