package io.fkvs.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/*
 * A pipe that nobody reads blocks who writes to it for ever. So a daemon thread of its own writes,
 * and nobody waits for it: what does not fit the queue is lost. From then on everything is lost until
 * the queue has been written, and then a line says how much: it stands where the lines are missing,
 * and a reader who is too slow for good still sees one such line for each queue.
 */

/**
 * Writes lines to a stream that may block, without ever blocking who has them. Any thread may call
 * any method.
 */
final class LineWriter {
  private final OutputStream stream;
  private final int capacity;
  private final Queue<String> lines = new ArrayDeque<>();
  private long lost;
  private boolean isWriting;

  /**
   * Creates a writer; {@link #start} lets it write.
   *
   * @param stream where the lines go; nobody else should write there
   * @param capacity how many lines may wait
   */
  LineWriter(OutputStream stream, int capacity) {
    this.stream = stream;
    this.capacity = capacity;
  }

  /** Begins to write, on a thread that does not keep the process from ending. */
  void start() {
    Thread.ofPlatform().name("fkvs-log").daemon().start(this::run);
  }

  /** Takes a line, with its end, or loses it. */
  synchronized void write(String line) {
    if (lost > 0 || lines.size() == capacity) {
      lost++;
    } else {
      lines.add(line);
      notifyAll();
    }
  }

  /**
   * Waits until all lines are written, but not for long.
   *
   * @return whether they are
   */
  synchronized boolean flush(long patienceMs) {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMs);
    try {
      while (isWriting || hasLines()) {
        long leftNs = endNs - System.nanoTime();
        if (leftNs <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, leftNs);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean hasLines() {
    return !lines.isEmpty() || lost > 0;
  }

  private void run() {
    try {
      while (true) {
        stream.write(next().getBytes(UTF_8));
        stream.flush();
      }
    } catch (IOException e) { // nobody will ever read it: the rest of the lines is lost
      end();
    } catch (InterruptedException e) {
      end();
      Thread.currentThread().interrupt();
    }
  }

  /** The next line to write, when there is one. */
  private synchronized String next() throws InterruptedException {
    isWriting = false;
    notifyAll();
    while (!hasLines()) {
      wait();
    }
    isWriting = true;
    if (!lines.isEmpty()) {
      return lines.remove();
    }
    String note = "log lines lost, nobody read them: lines=" + lost + System.lineSeparator();
    lost = 0;
    return note;
  }

  private synchronized void end() {
    isWriting = false;
    lines.clear();
    lost = 0;
    notifyAll();
  }
}
