package io.fkvs.bench.table;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does an insertion cost, or a removal, while a table grows from nothing or shrinks back? The
 * mean over a million entries; {@link GrowthRun} shows the single insertions. Run it as {@link
 * FilledTable} says.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class GrowBenchmark extends TableBenchmark {
  private static final int COUNT = 1_000_000;

  /** The table of a measurement. */
  @State(Scope.Thread)
  public abstract static class Table {
    /** The table. */
    @Param({"swiss", "chained", "HashMap"})
    public String table;

    /** Bytes of key and value. */
    @Param({"16+32"})
    public String shape;

    private Rival rival;

    /** Has the first round of the young generation behind it. */
    @Setup
    public void touch() {
      Eden.touch();
    }

    /** Makes the table. */
    @Setup(Level.Invocation)
    public void open() {
      rival = Rivals.open(table, Shape.of(shape), COUNT);
    }

    /** Gives the memory back. */
    @TearDown(Level.Invocation)
    public void close() {
      rival.close();
    }

    final Rival rival() {
      return rival;
    }

    final void fill() {
      for (long i = 0; i < COUNT; i++) {
        rival.put(i, (byte) i);
      }
    }
  }

  /** A table without entries. */
  public static class Empty extends Table {}

  /** A table with a million entries. */
  public static class Full extends Table {
    @Override
    public void open() {
      super.open();
      fill();
    }
  }

  /**
   * Fills the empty table.
   *
   * @param empty the table
   */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void putGrow(Empty empty) {
    empty.fill();
  }

  /**
   * Empties the full table.
   *
   * @param full the table
   */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void removeShrink(Full full) {
    Rival rival = full.rival();
    for (long i = 0; i < COUNT; i++) {
      rival.remove(i);
    }
  }
}
