package io.fkvs.bench.table;

import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * What does an operation cost a thread while others work on the same table? Run it as {@link
 * FilledTable} says, with {@code -t 4} for four threads.
 */
public class ThreadsBenchmark extends TableBenchmark {
  /** The table that the threads share. */
  @State(Scope.Benchmark)
  public static class Shared {
    /** The table. */
    @Param({"concurrent", "ConcurrentHashMap", "Caffeine", "OHC"})
    public String table;

    /** How many entries it holds. */
    @Param({"1000000"})
    public int size;

    /** Bytes of key and value. */
    @Param({"16+32"})
    public String shape;

    /** Which keys are asked for: {@code uniform} or {@code zipf}. */
    @Param({"uniform"})
    public String keys;

    private Supplier<Rival> handles;
    private Rival first;

    /** Fills the table. */
    @Setup
    public void fill() {
      Eden.touch();
      handles = Rivals.share(table, Shape.of(shape));
      first = handles.get();
      for (int i = 0; i < size; i++) {
        first.put(i, (byte) i);
      }
    }

    /** Gives the memory back. */
    @TearDown
    public void close() {
      first.close();
    }
  }

  /** What each thread has for itself. */
  @State(Scope.Thread)
  public static class Own {
    private Rival rival;
    private Numbers numbers;

    /** Opens a way to the table. */
    @Setup
    public void open(Shared shared, ThreadParams thread) {
      rival = shared.handles.get();
      numbers = new Numbers(shared.size, shared.keys, KeyMaterial.word(thread.getThreadIndex(), 0));
    }
  }

  /** Reads a key that is there. */
  @Benchmark
  public int getHit(Own own) {
    return own.rival.get(own.numbers.next());
  }

  /** Reads 95 times of 100, overwrites 5 times. */
  @Benchmark
  public int mixed95(Own own) {
    return own.numbers.mixed(own.rival, Numbers.READS_95);
  }

  /** Reads as often as it overwrites. */
  @Benchmark
  public int mixed50(Own own) {
    return own.numbers.mixed(own.rival, Numbers.READS_50);
  }
}
