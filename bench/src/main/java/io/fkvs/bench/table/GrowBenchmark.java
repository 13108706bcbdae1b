package io.fkvs.bench.table;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What does an insertion cost, or a removal, while a table grows from nothing or shrinks back? The
 * mean over a million entries; {@link GrowthRun} shows the single insertions. Run it as {@link
 * FilledTable} says.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 3)
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
public class GrowBenchmark {
  private static final int COUNT = 1_000_000;

  /** The table. */
  @Param({"swiss", "chained", "HashMap"})
  public String table;

  /** Bytes of key and value. */
  @Param({"16+32"})
  public String shape;

  private Rival empty;
  private Rival full;

  /** Makes one table that is empty and one that is full. */
  @Setup(Level.Invocation)
  public void open() {
    empty = Rivals.open(table, Shape.of(shape), COUNT);
    full = Rivals.open(table, Shape.of(shape), COUNT);
    for (long i = 0; i < COUNT; i++) {
      full.put(i, (byte) i);
    }
  }

  /** Gives the memory back. */
  @TearDown(Level.Invocation)
  public void close() {
    empty.close();
    full.close();
  }

  /** Fills the empty table. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void putGrow() {
    for (long i = 0; i < COUNT; i++) {
      empty.put(i, (byte) i);
    }
  }

  /** Empties the full table. */
  @Benchmark
  @OperationsPerInvocation(COUNT)
  public void removeShrink() {
    for (long i = 0; i < COUNT; i++) {
      full.remove(i);
    }
  }
}
