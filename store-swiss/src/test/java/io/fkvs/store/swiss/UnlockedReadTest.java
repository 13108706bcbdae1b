package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.HoldingStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * Single entries are read under no lock, while others change the table. What is read is what the
 * key had at one moment, as if the lock had been taken. Assertions see to it that nothing is
 * touched but chunks that are there ({@link Memory#isReserved}).
 */
class UnlockedReadTest {
  private static final StoreConfig CONFIG =
      StoreConfig.defaults().withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES);

  private static final int RANGE = 3_000;

  /** The length of the longest value that goes through all tests. */
  private static final int LONGEST = 197;

  /** Keys of all lengths that are compared in ways of their own. */
  private static byte[] key(int number) {
    return (Integer.toString(number) + "x".repeat(number % 37)).getBytes(UTF_8);
  }

  /** Its length follows from its bytes, which are all the same: a mixture of two shows. */
  private static byte[] value(int stamp) {
    byte[] value = new byte[1 + stamp % LONGEST];
    Arrays.fill(value, (byte) stamp);
    return value;
  }

  private static void checkWhole(byte[] value) {
    assertArrayEquals(value(value[0] & 0xFF), value);
  }

  private static HoldingStore over(ConcurrentStore shared) {
    return new HoldingStore(shared, shared);
  }

  private static boolean read(HoldingStore store, byte[] key, ValueView view) {
    return store.read(MemorySegment.ofArray(key), 0, key.length, view);
  }

  // ---- what is read

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void shouldReadWhatIsThere(
      @ForAll @IntRange(max = 5) int shardBits,
      @ForAll @IntRange(min = 5, max = 8) int slotBits,
      @ForAll long seed) {
    Random random = new Random(seed);
    StoreConfig config =
        CONFIG.withSlotBytes(1 << slotBits).withClock(() -> Instant.ofEpochMilli(1));
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", config, 1 << shardBits);
        Arena arena = Arena.ofConfined()) {
      byte[][] model = new byte[RANGE][];
      for (int i = 0; i < RANGE; i++) {
        int number = random.nextInt(RANGE);
        switch (random.nextInt(5)) {
          case 0 -> {
            shared.remove(key(number));
            model[number] = null;
          }
          case 1 -> {
            model[number] = Integer.toString(random.nextInt()).getBytes(UTF_8);
            shared.put(key(number), model[number], Duration.ofMillis(5));
          }
          default -> {
            model[number] =
                random.nextBoolean()
                    ? Long.toString(random.nextLong()).getBytes(UTF_8)
                    : value(random.nextInt(256)).clone();
            if (random.nextInt(20) == 0) {
              model[number] = new byte[random.nextInt(400)];
            }
            shared.put(key(number), model[number]);
          }
        }
      }
      HoldingStore holding = over(shared);
      ValueView view = new ValueView();
      MemorySegment target = arena.allocate(500);
      for (int number = 0; number < RANGE; number++) {
        byte[] expected = model[number];
        MemorySegment key = MemorySegment.ofArray(key(number));
        int length = key(number).length;
        assertArrayEquals(expected, shared.get(key(number)));
        assertEquals(expected != null, shared.contains(key(number)));
        assertEquals(
            expected == null ? Store.ABSENT : expected.length,
            shared.get(key, 0, length, target, 3));
        assertEquals(expected != null, holding.read(key, 0, length, view));
        if (expected != null) {
          assertArrayEquals(expected, view.toByteArray());
          ValueType type = view.type();
          assertEquals(shared.deadlineMs(key, 0, length), view.deadlineMs());
          holding.get(key, 0, length, view);
          assertEquals(type, view.type());
          assertEquals(
              0,
              Arrays.compare(
                  expected, target.asSlice(3, expected.length).toArray(ValueLayout.JAVA_BYTE)));
        }
        holding.release();
      }
    }
  }

  /** A value that does not fit is not copied, as under the lock. */
  @Example
  void shouldTellTheLengthOfWhatDoesNotFit() {
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", CONFIG, 2)) {
      shared.put(key(1), value(40)); // 41 bytes
      byte[] target = new byte[50];
      byte[] key = key(1);
      MemorySegment memory = MemorySegment.ofArray(target);
      assertEquals(41, shared.get(MemorySegment.ofArray(key), 0, key.length, memory, 10));
      assertArrayEquals(new byte[50], target);
      assertEquals(41, shared.get(MemorySegment.ofArray(key), 0, key.length, memory, 9));
      assertEquals(40, target[49]);
    }
  }

  // ---- no lock

  /** While a callback looks at a value, another thread changes it; the view stays what it was. */
  @Example
  void shouldHoldNoLockWhileAValueIsShown() {
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", CONFIG, 1)) {
      for (int number : List.of(0, 3, 7, 9, 16, 30)) {
        byte[] key = key(number);
        shared.put(key, value(1));
        boolean isThere =
            shared.get(
                MemorySegment.ofArray(key),
                0,
                key.length,
                new ValueView(),
                view -> {
                  OtherThread.run(() -> shared.put(key, value(2)));
                  assertArrayEquals(value(1), view.toByteArray());
                });
        assertTrue(isThere);
        assertArrayEquals(value(2), shared.get(key));
      }
    }
  }

  @Example
  void shouldHoldNothingThatWasOnlyRead() {
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", CONFIG, 1)) {
      HoldingStore store = over(shared);
      ValueView view = new ValueView();
      store.put(key(1), value(1)); // takes the lock of the only shard
      store.release();
      assertTrue(read(store, key(1), view));
      OtherThread.run(() -> shared.put(key(1), value(2)));
      assertArrayEquals(value(1), view.toByteArray());
      assertFalse(read(store, key(2), view));
      assertTrue(read(store, key(1), view));
      assertArrayEquals(value(2), view.toByteArray());
      store.release();
    }
  }

  /** What it has changed itself, and still holds, it reads as well. */
  @Example
  void shouldReadWhatItHolds() {
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", CONFIG, 4)) {
      HoldingStore store = over(shared);
      ValueView view = new ValueView();
      for (int i = 0; i < 200; i++) {
        store.put(key(i % 20), value(i));
        assertTrue(read(store, key(i % 20), view));
        assertArrayEquals(value(i), view.toByteArray());
        assertEquals(i >= 19, read(store, key(19), view));
      }
      store.holdAll();
      assertTrue(read(store, key(3), view));
      assertArrayEquals(value(183), view.toByteArray());
      store.release();
    }
  }

  // ---- while others change everything

  /** Four ways to read. */
  private static IntFunction<byte[]> reader(ConcurrentStore shared, HoldingStore holding, int way) {
    ValueView view = new ValueView();
    byte[] target = new byte[LONGEST];
    AtomicInteger calls = new AtomicInteger();
    return number -> {
      byte[] key = key(number);
      MemorySegment memory = MemorySegment.ofArray(key);
      if (way == 0) {
        return shared.get(key);
      }
      if (way == 1) {
        int length = shared.get(memory, 0, key.length, MemorySegment.ofArray(target), 0);
        return length == Store.ABSENT ? null : Arrays.copyOf(target, length);
      }
      if (way == 2) {
        byte[][] seen = new byte[1][];
        shared.get(memory, 0, key.length, view, value -> seen[0] = value.toByteArray());
        return seen[0];
      }
      byte[] seen = read(holding, key, view) ? view.toByteArray() : null;
      if (calls.incrementAndGet() % 64 == 0) {
        holding.release();
      }
      return seen;
    };
  }

  private static void readUntil(AtomicBoolean isEnded, ConcurrentStore shared, int way) {
    Random random = new Random(way);
    HoldingStore holding = over(shared);
    IntFunction<byte[]> reader = reader(shared, holding, way);
    while (!isEnded.get()) {
      byte[] value = reader.apply(random.nextInt(RANGE));
      if (value != null) {
        checkWhole(value);
      }
    }
    holding.release();
  }

  /** Nobody sees one of several changes that are one step before the step has ended. */
  @Property(tries = 4)
  void shouldSeeNothingOfAStepThatIsUnderWay(@ForAll @IntRange(max = 3) int way)
      throws InterruptedException {
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", CONFIG, 8)) {
      HoldingStore changing = over(shared);
      changing.put(key(1), value(1));
      KeyBatch keys = new KeyBatch(2);
      for (int i = 1; i <= 2; i++) {
        keys.add(MemorySegment.ofArray(key(i)), 0, key(i).length);
      }
      changing.hold(keys);
      changing.put(key(1), value(2));
      AtomicReference<byte[]> seen = new AtomicReference<>();
      Thread reader =
          Thread.ofPlatform()
              .start(
                  () -> {
                    HoldingStore own = over(shared);
                    seen.set(reader(shared, own, way).apply(1));
                    own.release();
                  });
      while (reader.isAlive() && reader.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      assertNull(seen.get());
      changing.put(key(2), value(2));
      changing.release();
      reader.join();
      assertArrayEquals(value(2), seen.get());
    }
  }

  /** Entries are overwritten, tables grow, shrink and give chunks back; and they are cleared. */
  @Example
  void shouldReadWholeValuesWhileOthersWrite() throws InterruptedException {
    AtomicBoolean isEnded = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", CONFIG.withSlotBytes(256), 1)) {
      Thread[] readers = new Thread[4];
      for (int i = 0; i < readers.length; i++) {
        int way = i;
        readers[i] =
            Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, e) -> failure.compareAndSet(null, e))
                .start(() -> readUntil(isEnded, shared, way));
      }
      for (int round = 0; round < 12; round++) {
        for (int i = 0; i < 2 * RANGE; i++) {
          shared.put(key(i % (i % 2 == 0 ? RANGE : 8)), value((i + round) % 256));
        }
        for (int i = 0; i < RANGE && round % 3 != 0; i++) {
          shared.remove(key(i));
        }
        if (round % 3 == 0) {
          shared.clear();
        }
      }
      isEnded.set(true);
      for (Thread thread : readers) {
        thread.join();
      }
    }
    assertNull(failure.get(), () -> failure.get().toString());
  }

  /**
   * Of two threads that each put one key and then read the other's, one at least sees what the
   * other has put: a read must not pass the put before it (Dekker's test).
   */
  @Property(tries = 2)
  void shouldNotReadBeforeWhatWasPutBefore(@ForAll boolean isHolding) throws InterruptedException {
    int rounds = 100_000;
    try (ConcurrentStore shared = ConcurrentStore.open("swiss", CONFIG, 16)) {
      AtomicInteger[] turns = {new AtomicInteger(-1), new AtomicInteger(-1)};
      boolean[][] sawOther = new boolean[2][rounds];
      Thread[] threads = new Thread[2];
      for (int i = 0; i < 2; i++) {
        int own = i;
        shared.put(key(own), bytes(-1));
        threads[i] =
            Thread.ofPlatform()
                .start(() -> putAndRead(shared, turns, own, sawOther[own], isHolding));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      for (int round = 0; round < rounds; round++) {
        assertTrue(sawOther[0][round] || sawOther[1][round], "round=" + round);
      }
    }
  }

  private static byte[] bytes(int round) {
    return ByteBuffer.allocate(4).putInt(round).array();
  }

  private static void putAndRead(
      ConcurrentStore shared,
      AtomicInteger[] turns,
      int own,
      boolean[] sawOther,
      boolean isHolding) {
    HoldingStore holding = over(shared);
    ValueView view = new ValueView();
    byte[] mine = key(own);
    byte[] other = key(1 - own);
    for (int round = 0; round < sawOther.length; round++) {
      byte[] value = bytes(round);
      turns[own].set(round);
      for (int i = 1; turns[1 - own].get() < round; i++) {
        if (i % 1_000 == 0) {
          Thread.yield(); // where there is one processor
        }
      }
      byte[] seen;
      if (isHolding) {
        holding.put(mine, value);
        seen = read(holding, other, view) ? view.toByteArray() : value(1);
        holding.release();
      } else {
        shared.put(mine, value);
        seen = shared.get(other);
      }
      sawOther[round] = ByteBuffer.wrap(seen).getInt() >= round;
    }
  }

  /** Who still reads may change the store himself, in ways that wait for all who read. */
  @Example
  void shouldNotWaitForItself() {
    ConcurrentStore shared = ConcurrentStore.open("swiss", CONFIG, 2);
    HoldingStore store = over(shared);
    ValueView view = new ValueView();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < RANGE; i++) {
        shared.put(key(i), value(i % 256));
      }
      assertTrue(read(store, key(1), view));
      shared.clear();
      assertFalse(read(store, key(1), view));
    }
    shared.close();
  }

  @Example
  void shouldEndWhenTheStoreIsClosedMeanwhile() throws InterruptedException {
    for (int round = 0; round < 12; round++) {
      ConcurrentStore shared = ConcurrentStore.open("swiss", CONFIG, 4);
      for (int i = 0; i < 500; i++) {
        shared.put(key(i), value(i % 256));
      }
      AtomicReference<Throwable> end = new AtomicReference<>();
      int way = round % 4;
      Thread reader =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> end.set(e))
              .start(() -> readUntil(new AtomicBoolean(), shared, way));
      shared.get(key(1));
      shared.close();
      reader.join();
      assertEquals("store is closed", end.get().getMessage());
    }
  }
}
