package io.fkvs.bench.table;

import io.fkvs.store.ScanCursor;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What it costs to visit all entries of a store, in calls for a thousand, and to read the last byte
 * of each value: of entries inline in their slots, and of others. All take turns in one JVM, and
 * one of them is there twice, to show the noise. Prints nanoseconds an entry: the median of the
 * rounds, and the least and the most.
 *
 * <pre>
 *   java -XX:+UseParallelGC --add-modules jdk.incubator.vector
 *     --enable-native-access=ALL-UNNAMED -cp 'bench/target/classes:bench/target/lib/*'
 *     io.fkvs.bench.table.ScanRun 1000000 9
 * </pre>
 */
public final class ScanRun {
  private static final int ENTRIES_PER_CALL = 1_000;

  /** Rounds before the first that counts. */
  private static final int WARMUP_ROUNDS = 3;

  private long sum;

  /** A store that is scanned, and its times of all rounds. */
  private record Contestant(String name, Store store, double[] times) {
    static Contestant of(String name, Shape shape, int entries, int rounds) {
      long bytes = 2L * entries * (shape.keyLength() + shape.valueLength() + 100);
      Store store = Store.open("swiss", StoreConfig.defaults().withMaxBytes(bytes));
      var filled = new StoreRival(store, true, shape);
      for (int i = 0; i < entries; i++) {
        filled.put(i, (byte) i);
      }
      return new Contestant(name, store, new double[rounds]);
    }
  }

  private ScanRun() {}

  /** Takes the number of entries and of rounds. */
  public static void main(String[] arguments) {
    int entries = Integer.parseInt(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    var run = new ScanRun();
    List<Contestant> contestants = new ArrayList<>();
    for (String shape : List.of("16+32", "16+32 again", "16+64", "16+200")) {
      Shape lengths = Shape.of(shape.replace(" again", ""));
      contestants.add(Contestant.of(shape, lengths, entries, rounds));
    }
    for (int round = -WARMUP_ROUNDS; round < rounds; round++) {
      for (Contestant one : contestants) {
        long start = System.nanoTime();
        run.scan(one.store);
        double nanos = (double) (System.nanoTime() - start) / entries;
        if (round >= 0) {
          one.times[round] = nanos;
        }
      }
    }
    contestants.forEach(ScanRun::print);
    System.out.println("(" + run.sum + ")");
    contestants.forEach(one -> one.store.close());
  }

  private void scan(Store store) {
    var cursor = new ScanCursor();
    boolean hasMore;
    do {
      hasMore =
          store.scan(
              cursor, ENTRIES_PER_CALL, (key, value) -> sum += value.byteAt(value.length() - 1));
    } while (hasMore);
  }

  private static void print(Contestant one) {
    Arrays.sort(one.times);
    System.out.printf(
        "%-12s %6.1f  (%.1f to %.1f)%n",
        one.name, one.times[one.times.length / 2], one.times[0], one.times[one.times.length - 1]);
  }
}
