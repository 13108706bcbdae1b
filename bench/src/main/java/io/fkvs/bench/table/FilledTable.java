package io.fkvs.bench.table;

import io.fkvs.bench.load.KeyChoice;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A table of constant size and the numbers of the keys to ask it for: what the benchmarks share.
 *
 * <p>{@code bin/fkvs-jmh} runs them all and reports. One of them by hand, after {@code mvn -q
 * -DskipTests package}:
 *
 * <pre>
 * java -cp 'bench/target/classes:bench/target/lib/*' org.openjdk.jmh.Main GetBenchmark \
 *   -p size=1000000 -p shape=16+32 -p table=swiss,chained,HashMap
 * </pre>
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
      "--sun-misc-unsafe-memory-access=allow",
      "-XX:+UseParallelGC",
      "-Xms6g",
      "-Xmx6g"
    })
public abstract class FilledTable {
  /** The skew that key-value benchmarks have used since YCSB (Cooper et al., 2010). */
  private static final double ZIPF_EXPONENT = 0.99;

  /** How many Zipf numbers are drawn beforehand: more would not change how skewed they are. */
  private static final int ZIPF_DRAWS = 1 << 21;

  private static final long SEED = 88_172_645_463_325_252L;

  /** The table. */
  @Param({"swiss", "chained", "HashMap"})
  public String table;

  /** How many entries it holds. */
  @Param({"100000", "1000000", "10000000"})
  public int size;

  /** Bytes of key and value. */
  @Param({"16+32"})
  public String shape;

  /** Which keys are asked for: {@code uniform} or {@code zipf}. */
  @Param({"uniform"})
  public String keys;

  /** The table under measurement. */
  Rival rival;

  private int[] zipf;
  private int draw;
  private long state = SEED;

  /** Fills the table. */
  @Setup
  public void fill() {
    zipf = drawn();
    rival = Rivals.open(table, Shape.of(shape), size);
    for (int i = 0; i < size; i++) {
      put(i);
    }
    if (rival.size() != size) {
      throw new IllegalStateException("table lost entries: size=" + rival.size());
    }
  }

  /** Makes one entry. */
  void put(int number) {
    rival.put(number, (byte) number);
  }

  /** Gives the memory back. */
  @TearDown
  public void close() {
    rival.close();
  }

  /** A random number of 64 bits (Marsaglia's xorshift). */
  final long random() {
    long x = state;
    x ^= x << 13;
    x ^= x >>> 7;
    x ^= x << 17;
    state = x;
    return x;
  }

  /** The number of a key that is there. */
  final int next() {
    int[] zipf = this.zipf;
    return zipf == null
        ? (int) Math.unsignedMultiplyHigh(random(), size)
        : zipf[draw++ & ZIPF_DRAWS - 1];
  }

  /** Zipf numbers cost more than a lookup, so they are drawn beforehand and read in order. */
  private int[] drawn() {
    if (keys.equals("uniform")) {
      return null;
    }
    if (!keys.equals("zipf")) {
      throw new IllegalArgumentException("keys must be uniform or zipf: keys=" + keys);
    }
    long[] numbers = new long[ZIPF_DRAWS];
    KeyChoice.zipf(size, ZIPF_EXPONENT).sequence(SEED, 0, 1).fill(numbers, 0, numbers.length);
    int[] drawn = new int[ZIPF_DRAWS];
    java.util.Arrays.setAll(drawn, i -> (int) numbers[i]);
    return drawn;
  }
}
