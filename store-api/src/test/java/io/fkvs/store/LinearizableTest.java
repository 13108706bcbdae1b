package io.fkvs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * Lincheck goes through interleavings of the facade's code, instruction by instruction, and looks
 * for a sequential order that explains what the operations answered. Two facades that are broken on
 * purpose show that it finds what there is to be found.
 */
class LinearizableTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_000);
  private static final int SHARDS = 2;

  /** Puts the keys 1 and 3 in one shard and 2 in the other, or the like. */
  private static final ShardHash HASH =
      new ShardHash(0x9E37_79B9_7F4A_7C15L, 3 * 0x1234_5678_9ABC_DEF1L);

  private static final int ITERATIONS = 5;
  private static final int INVOCATIONS = 50;

  @Test
  void shouldBeLinearizable() {
    check(Locked.class);
  }

  @Test
  void shouldNotBeLinearizableWithoutALock() {
    assertThrows(LincheckAssertionError.class, () -> check(Unlocked.class));
  }

  @Test
  void shouldNotBeLinearizableWhenALockIsLetGoTooEarly() {
    assertThrows(LincheckAssertionError.class, () -> check(LetGo.class));
  }

  @Test
  void shouldTryKeysOfTwoShards() {
    Set<Long> shards = new HashSet<>();
    for (byte key = '1'; key <= '3'; key++) {
      shards.add(HASH.hash(MemorySegment.ofArray(new byte[] {key}), 0, 1) >>> 63);
    }
    assertEquals(SHARDS, shards.size());
  }

  private static void check(Class<?> type) {
    new ModelCheckingOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(INVOCATIONS)
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(1)
        .minimizeFailedScenario(false)
        .check(type);
  }

  /**
   * Every operation on one key, on keys of two shards, and those on several keys that are one step.
   * Their hash has no secret, for Lincheck must see the same program every time, and the clock
   * stands still. The other operations on many keys are atomic in each shard only, and not among
   * these.
   */
  @Param(name = "key", gen = IntGen.class, conf = "1:3")
  @Param(name = "value", gen = IntGen.class, conf = "1:2")
  public abstract static class Operations {
    private final ConcurrentStore store;

    Operations(Supplier<ShardLock> locks) {
      store =
          new ConcurrentStore(
              new ConcurrentStoreTest.SimpleStoreProvider(),
              StoreConfig.defaults().withClock(() -> NOW),
              SHARDS,
              locks,
              HASH);
    }

    private static MemorySegment segment(int number) {
      return MemorySegment.ofArray(bytes(number));
    }

    private static byte[] bytes(int number) {
      return bytes(Integer.toString(number));
    }

    private static byte[] bytes(String text) {
      return text.getBytes(UTF_8);
    }

    private static String text(byte[] bytes) {
      return bytes == null ? null : new String(bytes, UTF_8);
    }

    @Operation
    public String get(@Param(name = "key") int key) {
      return text(store.get(bytes(key)));
    }

    @Operation
    public void put(@Param(name = "key") int key, @Param(name = "value") int value) {
      store.put(bytes(key), bytes(value));
    }

    @Operation
    public boolean putIfAbsent(@Param(name = "key") int key, @Param(name = "value") int value) {
      return store.putIfAbsent(bytes(key), bytes(value));
    }

    @Operation
    public boolean putIfPresent(@Param(name = "key") int key, @Param(name = "value") int value) {
      return store.put(PutCondition.IF_PRESENT, bytes(key), bytes(value), Store.NO_DEADLINE);
    }

    @Operation
    public void putForAWhile(@Param(name = "key") int key, @Param(name = "value") int value) {
      store.put(bytes(key), bytes(value), Duration.ofDays(value));
    }

    @Operation
    public boolean contains(@Param(name = "key") int key) {
      return store.contains(bytes(key));
    }

    @Operation
    public boolean expire(@Param(name = "key") int key, @Param(name = "value") int days) {
      return store.expire(bytes(key), Duration.ofDays(days));
    }

    @Operation
    public boolean expireAtOnce(@Param(name = "key") int key) {
      return store.expire(bytes(key), Duration.ZERO);
    }

    @Operation
    public boolean persist(@Param(name = "key") int key) {
      return store.persist(segment(key), 0, 1);
    }

    @Operation
    public long deadline(@Param(name = "key") int key) {
      return store.deadlineMs(segment(key), 0, 1);
    }

    @Operation
    public boolean compareAndSet(
        @Param(name = "key") int key,
        @Param(name = "value") int expected,
        @Param(name = "value") int value) {
      return store.compareAndSet(bytes(key), bytes(expected), bytes(value));
    }

    @Operation
    public boolean remove(@Param(name = "key") int key) {
      return store.remove(bytes(key));
    }

    @Operation
    public boolean removeIfEqual(@Param(name = "key") int key, @Param(name = "value") int value) {
      return store.remove(bytes(key), bytes(value));
    }

    @Operation
    public long increment(@Param(name = "key") int key) {
      return store.increment(bytes(key), 1);
    }

    @Operation
    public int append(@Param(name = "key") int key, @Param(name = "value") int value) {
      return store.append(bytes(key), bytes(value));
    }

    @Operation
    public CopyOutcome rename(@Param(name = "key") int key, @Param(name = "key") int newKey) {
      return store.rename(PutCondition.ALWAYS, bytes(key), bytes(newKey));
    }

    @Operation
    public boolean putAllIfAbsent(@Param(name = "key") int key, @Param(name = "key") int other) {
      return store.putAllIfAbsent(
          List.of(Map.entry(bytes(key), bytes(1)), Map.entry(bytes(other), bytes(2))));
    }

    @Operation
    public int removeAll() {
      return store.removeAll(List.of(bytes(1), bytes(2), bytes(3)));
    }

    @Operation
    public int countPresent() {
      return store.countPresent(Batches.ofKeys(List.of("3", "2", "1")));
    }

    @Operation
    public String getAndPut(@Param(name = "key") int key, @Param(name = "value") int value) {
      return text(store.getAndPut(bytes(key), bytes(value)));
    }

    @Operation
    public String getAndRemove(@Param(name = "key") int key) {
      return text(store.getAndRemove(bytes(key)));
    }

    @Operation
    public boolean replace(@Param(name = "key") int key, @Param(name = "value") int value) {
      return store.replace(bytes(key), bytes(value));
    }

    @Operation
    public String computeIfAbsent(@Param(name = "key") int key, @Param(name = "value") int value) {
      return text(store.computeIfAbsent(bytes(key), absent -> bytes(value)));
    }

    @Operation
    public String computeIfPresent(@Param(name = "key") int key) {
      return text(store.computeIfPresent(bytes(key), (present, value) -> bytes(9)));
    }

    /** Joins the present value and the new one, so that a lost update shows. */
    @Operation
    public String merge(@Param(name = "key") int key, @Param(name = "value") int value) {
      return text(
          store.merge(
              bytes(key), bytes(value), (present, more) -> bytes(text(present) + text(more))));
    }

    @Operation
    public String compute(@Param(name = "key") int key) {
      return text(store.compute(bytes(key), value -> value == null ? bytes(1) : null));
    }
  }

  /** The facade as it is. */
  public static class Locked extends Operations {
    public Locked() {
      super(ShardLock::new);
    }
  }

  /** A facade whose locks do nothing. */
  public static class Unlocked extends Operations {
    public Unlocked() {
      super(
          () ->
              new ShardLock() {
                @Override
                void lock() {}

                @Override
                void unlock() {}
              });
    }
  }

  /** A facade whose locks let in everybody who has waited for a moment. */
  public static class LetGo extends Operations {
    public LetGo() {
      super(
          () ->
              new ShardLock() {
                @Override
                void lock() {
                  super.lock();
                  super.unlock();
                }

                @Override
                void unlock() {}
              });
    }
  }
}
