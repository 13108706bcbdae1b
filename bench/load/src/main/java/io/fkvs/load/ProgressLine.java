package io.fkvs.load;

import java.io.Console;
import java.io.PrintStream;

/**
 * A line on standard error that tells how far a phase is, only where that is a terminal. It has a
 * thread of its own, ended by {@link #close}.
 */
final class ProgressLine implements AutoCloseable {
  private static final long PERIOD_MS = 250;
  private static final double MS_PER_SECOND = 1e3;
  private static final double NS_PER_MS = 1e6;
  private static final String ERASE = "\r\033[K";

  private final PrintStream terminal;
  private final LoadSession session;
  private final String name;
  private final Thread thread;

  private ProgressLine(PrintStream terminal, LoadSession session, String name) {
    this.terminal = terminal;
    this.session = session;
    this.name = name;
    thread =
        terminal == null ? null : Thread.ofPlatform().daemon().name("progress").start(this::run);
  }

  /** Starts the line, or one that stays silent where nobody sees it. */
  static ProgressLine start(LoadSession session, String name) {
    Console console = System.console();
    boolean seen = console != null && console.isTerminal();
    return new ProgressLine(seen ? System.err : null, session, name);
  }

  private void run() {
    long before = 0;
    long beforeNs = System.nanoTime();
    try {
      while (true) {
        Thread.sleep(PERIOD_MS);
        long replies = session.progress();
        long nowNs = System.nanoTime();
        double rate = (replies - before) * MS_PER_SECOND * NS_PER_MS / (nowNs - beforeNs);
        terminal.printf("%s%s: %,d replies, %,.0f a second", ERASE, name, replies, rate);
        terminal.flush();
        before = replies;
        beforeNs = nowNs;
      }
    } catch (InterruptedException e) {
      terminal.print(ERASE);
      terminal.flush();
    }
  }

  @Override
  public void close() {
    if (thread == null) {
      return;
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
