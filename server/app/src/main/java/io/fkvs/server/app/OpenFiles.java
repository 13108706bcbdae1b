package io.fkvs.server.app;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How many files, and so connections, the system lets this process have open: with too few the JVM
 * fails here and there in ways that nobody can read. Any thread.
 */
final class OpenFiles {
  /** The limit where there is none, or where the system does not tell. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private static final Logger LOGGER = System.getLogger(OpenFiles.class.getName());
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String NAME = "Max open files";

  private OpenFiles() {}

  /**
   * Checks that the server can run, and warns where it cannot serve as many clients as it may.
   *
   * @param limit how many files the process may have open
   * @throws IOException if that is too few; the message says what would help
   */
  static void check(long limit, int maxClients) throws IOException {
    if (limit < Limits.LEAST_OPEN_FILES) {
      throw new IOException(
          "too few files may be open, raise the limit (ulimit -n, LimitNOFILE): limit="
              + limit
              + ", least="
              + Limits.LEAST_OPEN_FILES);
    }
    if (limit - Limits.LEAST_OPEN_FILES < maxClients) {
      LOGGER.log(
          Level.WARNING,
          "fewer files may be open than max-clients needs: limit="
              + limit
              + ", needed="
              + (maxClients + Limits.LEAST_OPEN_FILES));
    }
  }

  /** How many files this process may have open. */
  static long limit() {
    try {
      return limit(Files.readAllLines(LIMITS));
    } catch (IOException e) { // another system than Linux
      return UNLIMITED;
    }
  }

  /** The soft limit, the first number behind the name. */
  static long limit(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith(NAME)) {
        String soft = line.substring(NAME.length()).strip().split("\\s+")[0];
        return soft.equals("unlimited") ? UNLIMITED : Long.parseLong(soft);
      }
    }
    return UNLIMITED;
  }
}
