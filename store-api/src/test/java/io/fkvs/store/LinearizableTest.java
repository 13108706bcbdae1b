package io.fkvs.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
  private static final int ITERATIONS = 6;
  private static final int INVOCATIONS = 100;

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
   * The operations on a key. Two keys in one shard, because the hash that would choose among more
   * is a different one in every store, and Lincheck must see the same program every time.
   */
  @Param(name = "key", gen = IntGen.class, conf = "1:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:2")
  public abstract static class Operations {
    private final ConcurrentStore store;

    Operations(Supplier<ShardLock> locks) {
      store =
          new ConcurrentStore(
              new ConcurrentStoreTest.MapStoreProvider(), StoreConfig.defaults(), 1, locks);
    }

    private static byte[] bytes(int number) {
      return Integer.toString(number).getBytes(UTF_8);
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
