package io.fkvs.bench.table;

import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A table of constant size and the numbers of the keys to ask it for: what the benchmarks share.
 * They leave the table as full as they got it, for the next benchmark of the same JVM.
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
public abstract class FilledTable extends TableBenchmark {
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

  /** Gets a table that is filled. */
  @Setup
  public void open() {
    Eden.touch();
    numbers = new Numbers(size, keys, SEED);
    rival = Kept.take(content());
    if (rival == null) {
      rival = Rivals.open(table, Shape.of(shape), size);
      fill();
    }
    if (rival.size() != size) {
      throw new IllegalStateException("table lost entries: size=" + rival.size());
    }
  }

  /** Fills the table. */
  void fill() {
    for (int i = 0; i < size; i++) {
      rival.put(i, (byte) i);
    }
  }

  /** What the table holds; a benchmark that fills it in a way of its own says so. */
  Kept.Content content() {
    return new Kept.Content(table, shape, size);
  }

  /** Leaves the table to the next benchmark. */
  @TearDown
  public void leave() {
    Kept.leave(content(), rival);
  }

  /** The number of a key that is there. */
  final int next() {
    return numbers.next();
  }
}
