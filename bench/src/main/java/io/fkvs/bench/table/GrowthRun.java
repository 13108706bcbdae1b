package io.fkvs.bench.table;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/**
 * How long is the worst stop while a table grows? Puts entries one after the other into an empty
 * table, in a JVM of its own, and records the time of each.
 *
 * <p>A time includes what the JVM and the machine did meanwhile, collections of garbage above all,
 * and about 25 ns for the clock. The table that is named {@link #CLOCK} puts nothing: it shows what
 * the clock and the machine alone take.
 */
public final class GrowthRun {
  /** The name of the run that puts nothing. */
  public static final String CLOCK = "clock";

  /** Times beyond this, a minute, are recorded as this. */
  private static final long LONGEST_NS = 60_000_000_000L;

  /** Insertions before the first that counts, into a table that is thrown away. */
  private static final int WARMUP_COUNT = 200_000;

  private static final int DIGITS = 3;

  /**
   * What a run showed; times in nanoseconds.
   *
   * @param table the table
   * @param shape bytes of key and value
   * @param count how many entries were put
   * @param totalNs the time of all
   * @param p50Ns half of the insertions took at most this
   * @param p99Ns 99 of 100 did
   * @param p999Ns 999 of 1,000 did
   * @param p9999Ns 9,999 of 10,000 did
   * @param worstNs the longest insertion
   */
  public record Growth(
      String table,
      String shape,
      int count,
      long totalNs,
      long p50Ns,
      long p99Ns,
      long p999Ns,
      long p9999Ns,
      long worstNs) {}

  private GrowthRun() {}

  /**
   * Measures and writes {@code TABLE.hgrm} and {@code TABLE.json} to a folder.
   *
   * @param arguments table, shape, number of entries, folder
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] arguments) throws IOException {
    Shape shape = Shape.of(arguments[1]);
    int count = Integer.parseInt(arguments[2]);
    String table = arguments[0];
    grow(table, shape, Math.min(count, WARMUP_COUNT));
    long start = System.nanoTime();
    Histogram histogram = grow(table, shape, count);
    long totalNs = System.nanoTime() - start;
    Path folder = Path.of(arguments[3]);
    try (var out = new PrintStream(Files.newOutputStream(folder.resolve(table + ".hgrm")))) {
      histogram.outputPercentileDistribution(out, 1.0);
    }
    Files.writeString(
        folder.resolve(table + ".json"),
        new Gson().toJson(summary(table, shape, count, totalNs, histogram)) + "\n");
  }

  static Histogram grow(String table, Shape shape, int count) {
    var histogram = new Histogram(LONGEST_NS, DIGITS);
    if (table.equals(CLOCK)) {
      record(histogram, count);
      return histogram;
    }
    try (Rival rival = Rivals.open(table, shape, count)) {
      record(rival, histogram, count);
      if (rival.size() != count) {
        throw new IllegalStateException("table lost entries: size=" + rival.size());
      }
    }
    return histogram;
  }

  private static void record(Rival rival, Histogram histogram, int count) {
    long before = System.nanoTime();
    for (int i = 0; i < count; i++) {
      rival.put(i, (byte) i);
      long now = System.nanoTime();
      histogram.recordValue(Math.min(now - before, LONGEST_NS));
      before = System.nanoTime(); // the histogram's own time does not count
    }
  }

  private static void record(Histogram histogram, int count) {
    long before = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long now = System.nanoTime();
      histogram.recordValue(Math.min(now - before, LONGEST_NS));
      before = System.nanoTime();
    }
  }

  private static Growth summary(
      String table, Shape shape, int count, long totalNs, Histogram histogram) {
    return new Growth(
        table,
        shape.toString(),
        count,
        totalNs,
        histogram.getValueAtPercentile(50),
        histogram.getValueAtPercentile(99),
        histogram.getValueAtPercentile(99.9),
        histogram.getValueAtPercentile(99.99),
        histogram.getMaxValue());
  }
}
