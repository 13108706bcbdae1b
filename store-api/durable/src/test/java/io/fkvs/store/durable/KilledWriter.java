package io.fkvs.store.durable;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A program that puts numbers until it is killed, and says each that was acknowledged. */
final class KilledWriter {
  static final int KEYS = 500;

  private KilledWriter() {}

  /** Runs with a directory, a policy, a kind and the first number; and {@code none} for no base. */
  public static void main(String[] arguments) {
    DurableOptions options =
        DurableOptions.defaults()
            .withSyncPolicy(SyncPolicy.valueOf(arguments[1]))
            .withCompaction(1, hasBases(arguments) ? 20_000 : Long.MAX_VALUE);
    Path directory = Path.of(arguments[0]);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
    try (io.fkvs.store.KeyValueStore store =
        arguments[2].equals("concurrent")
            ? DurableConcurrentStore.open(directory, options)
            : DurableStore.open(directory, options)) {
      for (long i = Long.parseLong(arguments[3]); ; i++) {
        store.put("key" + i % KEYS, i);
        out.println(i);
        out.flush();
      }
    }
  }

  private static boolean hasBases(String[] arguments) {
    return arguments.length < 5 || !arguments[4].equals("none");
  }
}
