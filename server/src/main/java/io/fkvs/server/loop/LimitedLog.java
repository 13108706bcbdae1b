package io.fkvs.server.loop;

import io.fkvs.server.limits.Limits;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * Log lines about something that clients can bring about as often as they like: one in {@link
 * Limits#CLIENT_LOG_MS}, so that a flood does not fill the disk. The next line tells how many were
 * left out. Belongs to the thread of the event loop.
 */
final class LimitedLog {
  private final Logger logger;
  private final CycleClock clock;
  private boolean hasBegun;
  private long lastMs;
  private long leftOut;

  LimitedLog(Logger logger, CycleClock clock) {
    this.logger = logger;
    this.clock = clock;
  }

  /** Logs a line, unless one was logged just before. */
  void log(Level level, Supplier<String> message) {
    if (!logger.isLoggable(level)) {
      return;
    }
    long nowMs = clock.elapsedMs();
    if (hasBegun && nowMs - lastMs < Limits.CLIENT_LOG_MS) {
      leftOut++;
      return;
    }
    logger.log(level, message.get() + (leftOut == 0 ? "" : ", leftOut=" + leftOut));
    hasBegun = true;
    lastMs = nowMs;
    leftOut = 0;
  }
}
