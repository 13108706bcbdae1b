package io.fkvs.server.app;

import io.fkvs.server.Server;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Where the program's lines go: to standard output, by a {@link LineWriter}, so that nothing waits
 * for who reads them. Whoever embeds a {@link Server} decides for himself where its log goes; so
 * does who starts the program with a logging configuration of his own.
 */
final class Logging {
  private static final String FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";

  /** Time, level, message and, where there is one, the stack trace. */
  private static final String FORMAT = "%1$tF %1$tT.%1$tL %4$s %5$s%6$s%n";

  /** Kept, because the log manager itself lets go of loggers. */
  private static final Logger ROOT = Logger.getLogger("io.fkvs");

  /** Not through {@link System#out}, whose lock the writer would hold while it is blocked. */
  private static final LineWriter OUT =
      new LineWriter(new FileOutputStream(FileDescriptor.out), Limits.LOG_LINES);

  private Logging() {}

  /**
   * Sets the log up.
   *
   * @param areEnabled whether to log more than errors
   * @param isVerbose whether to log details
   */
  static void configure(boolean areEnabled, boolean isVerbose) {
    OUT.start();
    Level level = areEnabled ? isVerbose ? Level.FINE : Level.INFO : Level.SEVERE;
    ROOT.setLevel(level);
    if (System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    System.getProperties().putIfAbsent(FORMAT_PROPERTY, FORMAT);
    LogManager.getLogManager().reset();
    Handler handler = new LineHandler();
    handler.setLevel(Level.ALL);
    ROOT.setLevel(level);
    ROOT.addHandler(handler);
  }

  /** Prints a line, or several, on standard output. */
  static void print(String text) {
    OUT.write(text + System.lineSeparator());
  }

  /** Waits a moment for the lines to be written. */
  static void flush() {
    OUT.flush(Limits.LOG_FLUSH_MS);
  }

  /** Hands each record over as the text that it is. */
  private static final class LineHandler extends Handler {
    private final Formatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord logRecord) {
      if (!isLoggable(logRecord)) {
        return;
      }
      try {
        OUT.write(formatter.format(logRecord));
      } catch (RuntimeException e) {
        reportError(null, e, ErrorManager.FORMAT_FAILURE);
      }
    }

    @Override
    public void flush() {} // the writer shows each line at once

    @Override
    public void close() {} // standard output stays open
  }
}
