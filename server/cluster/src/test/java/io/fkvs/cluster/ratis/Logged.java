package io.fkvs.cluster.ratis;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the members of this process log while it is open, in place of printing it. */
final class Logged extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger(Link.class.getPackageName());
  private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();

  Logged() {
    logger.addHandler(this);
    logger.setUseParentHandlers(false);
  }

  /** Waits for a message, and forgets it and those before it. */
  void await(String beginning) throws InterruptedException {
    while (!messages.take().startsWith(beginning)) {
      // It is something else.
    }
  }

  boolean has(String beginning) {
    return messages.stream().anyMatch(message -> message.startsWith(beginning));
  }

  @Override
  public void publish(LogRecord logged) {
    messages.add(logged.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.setUseParentHandlers(true);
    logger.removeHandler(this);
  }
}
