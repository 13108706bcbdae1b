package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** Runs commands that are not typed at a prompt: a line of bytes each. */
final class LineRunner {
  private final Session session;
  private final InputStream in;
  private final PrintStream errors;

  LineRunner(Session session, InputStream in, PrintStream errors) {
    this.session = session;
    this.in = in;
    this.errors = errors;
  }

  /**
   * Runs every line, those behind a failed one too.
   *
   * @return whether none failed
   */
  boolean run() throws IOException {
    boolean succeeded = true;
    byte[] line;
    for (int number = 1; (line = nextLine()) != null; number++) {
      List<byte[]> words;
      String failure;
      try {
        words = CommandLineParser.parse(line);
        if (Session.isQuit(words)) {
          break;
        }
        failure = words.isEmpty() ? null : session.run(words);
      } catch (CommandSyntaxException e) {
        failure = e.getMessage();
      }
      if (failure != null) {
        succeeded = false;
        errors.println("line " + number + ": " + failure + ": " + new String(line, UTF_8));
      }
    }
    return succeeded;
  }

  /** Bytes up to a newline or the end; {@code null} where there are no more. */
  private byte[] nextLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return null;
    }
    for (; next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toByteArray();
  }
}
