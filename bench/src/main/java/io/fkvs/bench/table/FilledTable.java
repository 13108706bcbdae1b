package io.fkvs.bench.table;

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

  private Numbers numbers;

  /** Fills the table. */
  @Setup
  public void fill() {
    Eden.touch();
    numbers = new Numbers(size, keys, SEED);
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

  /** A random number of 64 bits. */
  final long random() {
    return numbers.random();
  }

  /** The number of a key that is there. */
  final int next() {
    return numbers.next();
  }
}
