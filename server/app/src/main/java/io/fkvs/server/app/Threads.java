package io.fkvs.server.app;

import io.fkvs.server.ServerConfig;

/** How many event loops somebody asks for. */
final class Threads {
  private static final String AUTO = "auto";

  private Threads() {}

  /**
   * The number that a text means.
   *
   * @param text a number, or {@code auto} for as many as this process may use processors
   * @throws IllegalArgumentException if it is neither
   */
  static int of(String text) {
    if (text.equals(AUTO)) {
      return Math.min(Runtime.getRuntime().availableProcessors(), ServerConfig.MAX_THREADS);
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("threads must be a number or auto: threads=" + text);
    }
  }
}
