package io.fkvs.load.compare;

import io.fkvs.load.LoadSession;
import io.fkvs.load.Phase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Counts the system calls of a server with {@code strace -c -f}, which slows every one of them: the
 * run that it watches tells nothing but the count.
 */
final class SystemCalls {
  /** A count without a server, where {@code strace} is not there or may not attach. */
  static final double UNKNOWN = Double.NaN;

  private static final String ATTACHED = " attached";
  private static final String TOTAL = "total";

  /** % time, seconds, microseconds a call, calls; errors may follow. */
  private static final int CALLS_COLUMN = 3;

  private static final long STOP_LIMIT_S = 20;

  private SystemCalls() {}

  /** Where {@code strace} is, if it is installed. */
  static Optional<String> tracer() {
    return Catalogue.onPath("strace");
  }

  /**
   * Runs a phase and counts what the server calls meanwhile.
   *
   * @return system calls for each request, of all threads of the server, or {@link #UNKNOWN}
   */
  static double perRequest(ServerProcess server, LoadSession session, Phase phase)
      throws IOException {
    Optional<String> path = tracer();
    if (path.isEmpty()) {
      return UNKNOWN;
    }
    Path table = Files.createTempFile("strace-", ".txt");
    try {
      Process tracer =
          new ProcessBuilder(command(path.get(), table, server.pids()))
              .redirectErrorStream(true)
              .start();
      long replies;
      try (BufferedReader said = tracer.inputReader(StandardCharsets.UTF_8)) {
        if (!attached(said)) {
          return UNKNOWN;
        }
        replies = server.run(session, phase).result().replies();
      } finally {
        stop(tracer);
      }
      return (double) total(Files.readAllLines(table, StandardCharsets.UTF_8)) / replies;
    } finally {
      Files.delete(table);
    }
  }

  private static List<String> command(String tracer, Path table, List<Long> pids) {
    List<String> command = new ArrayList<>(List.of(tracer, "-c", "-f", "-o", table.toString()));
    pids.forEach(pid -> command.addAll(List.of("-p", pid.toString())));
    return command;
  }

  private static boolean attached(BufferedReader said) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.contains(ATTACHED)) {
        return true;
      }
    }
    return false;
  }

  /** Lets it go of the server and write its table. */
  private static void stop(Process tracer) throws IOException {
    tracer.destroy();
    try {
      if (!tracer.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
        tracer.destroyForcibly();
      }
    } catch (InterruptedException e) {
      tracer.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while system calls were counted");
    }
  }

  /** The calls in the last line of the table; none where nothing was called. */
  static long total(List<String> table) {
    for (String line : table) {
      String[] words = line.strip().split("\\s+");
      if (words[words.length - 1].equals(TOTAL)) {
        return Long.parseLong(words[CALLS_COLUMN]);
      }
    }
    return 0;
  }
}
