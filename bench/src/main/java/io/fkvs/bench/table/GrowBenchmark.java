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
 * mean over all entries; {@link GrowthRun} shows the single insertions. Run it as {@link
 * FilledTable} says.
 *
 * <p>An iteration is a million entries: many small tables one after the other (give {@code -bs} a
 * million over the size), or a part of a large one, for whose growth as many iterations are needed
 * as it has millions. What opens a table, fills the one that is to be emptied, and closes it does
 * not count.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Warmup(iterations = 1)
@Measurement(iterations = 2)
public class GrowBenchmark extends TableBenchmark {
  /** How many entries an iteration puts or removes. */
  public static final int COUNT = 1_000_000;

  /** Before the first iteration of a large table, which has none to warm up. */
  private static final int REHEARSAL_COUNT = 200_000;

  /** The table of a measurement. */
  @State(Scope.Thread)
  public abstract static class Table {
    /** The table. */
    @Param({"swiss", "chained", "HashMap"})
    public String table;

    /** How many entries it grows to. */
    @Param({"1000000"})
    public int size;

    /** Bytes of key and value. */
    @Param({"16+32"})
    public String shape;

    Rival rival;

    /** The table holds the entries from the first number to below the second. */
    private int first;

    private int end;

    /** Has the first round of the young generation and the compiler behind it. */
    @Setup
    public void rehearse() {
      Eden.touch();
      if (size > COUNT) {
        open();
        put(REHEARSAL_COUNT);
        remove(REHEARSAL_COUNT);
        closeIf(true);
      }
    }

    final Kept.Content content() {
      return new Kept.Content(table, shape, size);
    }

    final void open() {
      rival = Rivals.open(table, Shape.of(shape), size);
      first = 0;
      end = 0;
    }

    /** Takes over a full table. */
    final void adopt(Rival full) {
      rival = full;
      first = 0;
      end = full == null ? 0 : size;
    }

    final void put(int count) {
      Rival rival = this.rival;
      int target = end + Math.min(count, size - end);
      for (int i = end; i < target; i++) {
        rival.put(i, (byte) i);
      }
      end = target;
    }

    final void remove(int count) {
      Rival rival = this.rival;
      int target = first + Math.min(count, end - first);
      for (int i = first; i < target; i++) {
        rival.remove(i);
      }
      first = target;
    }

    final boolean isFull() {
      return end - first == size;
    }

    /** Closes the table if it is used up. */
    final void closeIf(boolean isUsedUp) {
      if (rival != null && isUsedUp) {
        rival.close();
        rival = null;
      }
    }

    final boolean isEmpty() {
      return end == first;
    }
  }

  /** A table that grows, and starts again where it is full. */
  public static class Growing extends Table {
    /** Makes room. */
    @Setup
    public void clear() {
      Kept.clear();
    }

    /** Makes a table where there is none that can grow. */
    @Setup(Level.Invocation)
    public void renew() {
      closeIf(isFull());
      if (rival == null) {
        open();
      }
    }

    /** Leaves the table to the next benchmark if it is full. */
    @TearDown
    public void leave() {
      if (isFull()) {
        Kept.leave(content(), rival);
      } else {
        rival.close();
      }
    }
  }

  /** A table that shrinks, and starts again where it is empty. */
  public static class Shrinking extends Table {
    /** Takes the table that the benchmark before left. */
    @Setup
    public void take() {
      adopt(Kept.take(content()));
    }

    /** Fills a table where there is none that can shrink. */
    @Setup(Level.Invocation)
    public void renew() {
      closeIf(isEmpty());
      if (rival == null) {
        open();
        put(size);
      }
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
      rival.close();
    }
  }

  /** Fills the table, or puts as many entries as an iteration has. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void putGrow(Growing table) {
    table.put(COUNT);
  }

  /** Empties the table, or removes as many entries as an iteration has. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void removeShrink(Shrinking table) {
    table.remove(COUNT);
  }
}
