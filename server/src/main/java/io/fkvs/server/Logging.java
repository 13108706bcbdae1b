package io.fkvs.server;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;

/**
 * Where the program's log goes: a line each on standard output. Whoever embeds a {@link Server}
 * decides for himself; so does who starts the program with a logging configuration of his own.
 */
final class Logging {
  private static final String FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";

  /** Time, level, message and, where there is one, the stack trace. */
  private static final String FORMAT = "%1$tF %1$tT.%1$tL %4$s %5$s%6$s%n";

  /** Kept, because the log manager itself lets go of loggers. */
  private static final Logger ROOT = Logger.getLogger("io.fkvs");

  private Logging() {}

  /**
   * Sets the log up.
   *
   * @param areEnabled whether to log more than errors
   * @param isVerbose whether to log details
   */
  static void configure(boolean areEnabled, boolean isVerbose) {
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

  /** Shows each line at once. */
  private static final class LineHandler extends StreamHandler {
    LineHandler() {
      super(System.out, new SimpleFormatter());
    }

    @Override
    public synchronized void publish(LogRecord logRecord) {
      super.publish(logRecord);
      flush();
    }

    @Override
    public synchronized void close() {
      flush(); // standard output stays open
    }
  }
}
