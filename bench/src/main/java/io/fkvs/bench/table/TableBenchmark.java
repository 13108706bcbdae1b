package io.fkvs.bench.table;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one operation on a table of constant size costs, keys at random.
 *
 * <pre>
 * mvn -q -DskipTests package
 * java -cp 'bench/target/classes:bench/target/lib/*' org.openjdk.jmh.Main TableBenchmark \
 *   -p size=1000000 -p shape=16+32 -p table=swiss,chained,HashMap
 * </pre>
 *
 * {@code putRemove} puts a key that is absent and removes it again: one invocation is both.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgs = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-XX:+UseParallelGC",
      "-Xms6g",
      "-Xmx6g"
    })
public class TableBenchmark {
  /** How many keys a batch has. */
  static final int BATCH = 32;

  /** The table. */
  @Param({"swiss", "chained", "HashMap"})
  public String table;

  /** How many entries it holds. */
  @Param({"100000", "1000000", "10000000"})
  public int size;

  /** Bytes of key and value. */
  @Param({"16+32"})
  public String shape;

  private final long[] numbers = new long[BATCH];
  private Rival rival;
  private long state = 88_172_645_463_325_252L;

  /** Creates the state; JMH does. */
  public TableBenchmark() {}

  /** Fills the table. */
  @Setup
  public void fill() {
    rival = Rival.open(table, Shape.of(shape));
    for (long i = 0; i < size; i++) {
      rival.put(i);
    }
    if (rival.reservedBytes() > 0) {
      System.out.printf("reserved bytes per entry: %.1f%n", (double) rival.reservedBytes() / size);
    }
  }

  /** Gives the memory back. */
  @TearDown
  public void close() {
    rival.close();
  }

  /** A number below the size, at random (Marsaglia's xorshift). */
  private long next() {
    state ^= state << 13;
    state ^= state >>> 7;
    state ^= state << 17;
    return Math.unsignedMultiplyHigh(state, size);
  }

  /**
   * Reads a key that is there.
   *
   * @return a byte of the value
   */
  @Benchmark
  public int getHit() {
    return rival.get(next());
  }

  /**
   * Reads a key that is not there.
   *
   * @return -1
   */
  @Benchmark
  public int getMiss() {
    return rival.get(next() + size);
  }

  /**
   * Reads a batch of keys that are there; the time is that of one key.
   *
   * @return bytes of the values
   */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int getHitBatch() {
    for (int i = 0; i < BATCH; i++) {
      numbers[i] = next();
    }
    return rival.getAll(numbers);
  }

  /** Writes a key that is there. */
  @Benchmark
  public void putOverwrite() {
    rival.put(next());
  }

  /**
   * Writes a key that is not there, and removes it.
   *
   * @return true
   */
  @Benchmark
  public boolean putRemove() {
    long number = next() + size;
    rival.put(number);
    return rival.remove(number);
  }
}
