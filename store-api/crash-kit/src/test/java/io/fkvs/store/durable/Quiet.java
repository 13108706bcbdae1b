package io.fkvs.store.durable;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps thousands of torn tails out of the output of the tests. */
final class Quiet {
  /** Held, because nothing else does. */
  private static final Logger LOGGER = Logger.getLogger("io.fkvs.store.durable");

  private Quiet() {}

  static void logs() {
    LOGGER.setLevel(Level.SEVERE);
  }
}
