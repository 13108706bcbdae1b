package io.fkvs.load.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps servers on a processor of their own where the system can do that.
 *
 * @param prefix what to put before a command, nothing where there is no way
 */
record Pinning(List<String> prefix) {
  /** Pins to a processor through {@code taskset} where it is installed. */
  static Pinning to(int processor) {
    return Catalogue.onPath("taskset")
        .map(path -> new Pinning(List.of(path, "-c", Integer.toString(processor))))
        .orElse(new Pinning(List.of()));
  }

  boolean possible() {
    return !prefix.isEmpty();
  }

  List<String> pinned(List<String> command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(command);
    return all;
  }
}
