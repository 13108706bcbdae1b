package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyHash;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The store against a plain map, with every invariant walked after each few actions. */
class ModelProperties {
  private static final KeyHash FAIR = null;

  /** Everything collides. */
  private static final KeyHash CONSTANT = (bytes, offset, length) -> 0x1234_5678_9ABC_DEF0L;

  /** Hashes differ in the tag alone. */
  private static final KeyHash TAG_ONLY =
      (bytes, offset, length) -> sum(bytes, offset, length) & 0x7F;

  /** Hashes differ in the bits of the directory alone, and in few of them. */
  private static final KeyHash PREFIX_ONLY =
      (bytes, offset, length) -> sum(bytes, offset, length) << 58;

  /** Hashes differ in the home alone. */
  private static final KeyHash HOME_ONLY =
      (bytes, offset, length) -> (sum(bytes, offset, length) & 0xFF) << 23;

  private static final List<KeyHash> HOSTILE = List.of(CONSTANT, TAG_ONLY, PREFIX_ONLY, HOME_ONLY);

  private static long sum(MemorySegment bytes, long offset, int length) {
    long sum = length;
    for (int i = 0; i < length; i++) {
      sum = sum * 31 + bytes.get(java.lang.foreign.ValueLayout.JAVA_BYTE, offset + i);
    }
    return sum;
  }

  /** What one run is made of. */
  record Plan(long seed, int keys, int longestValue, int slotBytes, int hash, int actions) {}

  @Provide
  Arbitrary<Plan> plans() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.of(1, 3, 20, 200, 3000),
            Arbitraries.of(8, 40, 300, 20_000),
            Arbitraries.of(32, 64, 128, 256),
            Arbitraries.integers().between(-4, HOSTILE.size() - 1),
            Arbitraries.of(50, 500, 3000, 9000, 30_000))
        .as(Plan::new);
  }

  @Property(tries = 75)
  void shouldBehaveAsAMapWhenActionsAreRandom(@ForAll("plans") Plan plan) {
    new Run(plan, Long.MAX_VALUE).run();
  }

  @Property(tries = 30)
  void shouldBehaveAsAMapWhenMemoryIsShort(@ForAll("plans") Plan plan) {
    new Run(plan, 20_000 + Math.floorMod(plan.seed(), 600_000)).run();
  }

  private static final class Run {
    private final Plan plan;
    private final Random random;
    private final Map<List<Byte>, byte[]> values = new HashMap<>();
    private final Map<List<Byte>, Long> deadlines = new HashMap<>();
    private final StoreConfig config;
    private final ValueView view = new ValueView();
    private long now = 1_000;

    Run(Plan plan, long maxBytes) {
      this.plan = plan;
      this.random = new Random(plan.seed());
      InstantSource clock = () -> Instant.ofEpochMilli(now);
      StoreConfig fair =
          StoreConfig.defaults()
              .withMaxBytes(maxBytes)
              .withSlotBytes(plan.slotBytes())
              .withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES)
              .withClock(clock);
      config = plan.hash() < 0 ? fair : fair.withKeyHash(HOSTILE.get(plan.hash()));
    }

    void run() {
      try (SwissStore store = new SwissStore(config);
          Arena arena = Arena.ofConfined()) {
        MemorySegment nativeKey = arena.allocate(64);
        for (int i = 0; i < plan.actions(); i++) {
          boolean growing = i < plan.actions() * 2 / 3;
          act(store, nativeKey, growing);
          if (i % (1 + plan.actions() / 50) == 0) {
            check(store);
          }
        }
        check(store);
        checkScan(store);
        for (List<Byte> key : List.copyOf(values.keySet())) {
          assertTrue(store.remove(bytes(key)) || isExpired(key));
        }
        store.sweep(Integer.MAX_VALUE);
        assertEquals(0, store.size());
        assertTrue(store.invariantsHold());
        assertTrue(store.statistics().largestMove() <= 1024);
        store.clear();
        assertEquals(0, store.statistics().reservedBytes());
      }
    }

    private void check(SwissStore store) {
      assertTrue(store.invariantsHold());
      assertTrue(store.statistics().reservedBytes() <= config.maxBytes());
      if (random.nextInt(4) == 0) {
        store.sweep(1 + random.nextInt(300));
      }
      if (random.nextInt(4) == 0) {
        store.sweep(Integer.MAX_VALUE);
        values.keySet().removeIf(this::isExpired);
        deadlines.keySet().retainAll(values.keySet());
        assertEquals(values.size(), store.size());
      }
    }

    private void act(SwissStore store, MemorySegment nativeKey, boolean growing) {
      List<Byte> key = key();
      if (isExpired(key)) {
        values.remove(key);
        deadlines.remove(key);
      }
      MemorySegment segment = MemorySegment.ofArray(bytes(key));
      if (random.nextBoolean()) {
        MemorySegment.copy(segment, 0, nativeKey, 3, key.size());
        segment = nativeKey.asSlice(3, key.size());
      }
      int length = key.size();
      switch (random.nextInt(growing ? 12 : 24)) {
        case 0, 1, 2, 3, 4, 5 -> put(store, key, segment);
        case 6 -> increment(store, key, segment);
        case 7 -> expire(store, key, segment);
        case 8 -> now += random.nextInt(10);
        case 9 -> checkBatch(store);
        case 10 -> {
          byte[] expected = values.get(key);
          assertEquals(expected != null, store.get(segment, 0, length, view));
          if (expected != null) {
            assertArrayEquals(expected, view.toByteArray());
            assertEquals(deadlines.getOrDefault(key, Store.NO_DEADLINE), view.deadlineMs());
          }
        }
        default -> {
          assertEquals(values.remove(key) != null, store.remove(segment, 0, length));
          deadlines.remove(key);
        }
      }
    }

    private void put(SwissStore store, List<Byte> key, MemorySegment segment) {
      byte[] value = value();
      PutCondition condition = PutCondition.values()[random.nextInt(3)];
      long deadline = random.nextInt(4) == 0 ? now + random.nextInt(40) : Store.NO_DEADLINE;
      try {
        boolean stored =
            store.put(
                condition,
                segment,
                0,
                key.size(),
                MemorySegment.ofArray(value),
                0,
                value.length,
                deadline);
        assertEquals(condition.allows(values.containsKey(key)), stored);
        if (!stored) {
          return;
        }
        values.put(key, value);
        deadlines.remove(key);
        if (deadline != Store.NO_DEADLINE) {
          deadlines.put(key, deadline);
        }
        if (deadline <= now) {
          values.remove(key);
        }
      } catch (StoreFullException e) {
        assertTrue(config.maxBytes() != Long.MAX_VALUE, e.getMessage());
      }
    }

    private void increment(SwissStore store, List<Byte> key, MemorySegment segment) {
      byte[] old = values.get(key);
      if (old != null && !new String(old).matches("[0-9]+")) {
        return;
      }
      long delta = random.nextInt(1000);
      try {
        long sum = store.increment(segment, 0, key.size(), delta);
        long expected = (old == null ? 0 : Long.parseLong(new String(old))) + delta;
        assertEquals(expected, sum);
        values.put(key, Long.toString(expected).getBytes());
      } catch (StoreFullException e) {
        assertTrue(config.maxBytes() != Long.MAX_VALUE, e.getMessage());
      }
    }

    private void expire(SwissStore store, List<Byte> key, MemorySegment segment) {
      long deadline = random.nextBoolean() ? Store.NO_DEADLINE : now + random.nextInt(40);
      try {
        assertEquals(values.containsKey(key), store.expire(segment, 0, key.size(), deadline));
        deadlines.remove(key);
        if (values.containsKey(key) && deadline != Store.NO_DEADLINE) {
          deadlines.put(key, deadline);
        }
        if (isExpired(key)) {
          values.remove(key);
          deadlines.remove(key);
        }
      } catch (StoreFullException e) {
        assertTrue(config.maxBytes() != Long.MAX_VALUE, e.getMessage());
      }
    }

    private void checkBatch(SwissStore store) {
      KeyBatch batch = new KeyBatch(50);
      List<List<Byte>> keys = new ArrayList<>();
      while (!batch.isFull()) {
        List<Byte> key = key();
        keys.add(key);
        batch.add(MemorySegment.ofArray(bytes(key)), 0, key.size());
      }
      store.prefetch(batch);
      byte[][] found = new byte[batch.count()][];
      store.get(
          batch,
          new io.fkvs.store.BatchVisitor() {
            @Override
            public void onValue(int index, ValueView value) {
              found[index] = value.toByteArray();
            }

            @Override
            public void onMissing(int index) {}
          });
      for (int i = 0; i < found.length; i++) {
        List<Byte> key = keys.get(i);
        assertArrayEquals(isExpired(key) ? null : values.get(key), found[i]);
      }
    }

    private void checkScan(SwissStore store) {
      Set<List<Byte>> seen = new HashSet<>();
      long cursor = 0;
      do {
        cursor =
            store.scan(
                cursor,
                1 + random.nextInt(20),
                (key, value) -> {
                  List<Byte> list = list(key.toByteArray());
                  seen.add(list);
                  assertArrayEquals(values.get(list), value.toByteArray());
                });
      } while (cursor != 0);
      Set<List<Byte>> live = new HashSet<>(values.keySet());
      live.removeIf(this::isExpired);
      assertEquals(live, seen);
    }

    private boolean isExpired(List<Byte> key) {
      return deadlines.getOrDefault(key, Store.NO_DEADLINE) <= now;
    }

    private List<Byte> key() {
      int number = random.nextInt(plan.keys());
      int length = number % 53;
      byte[] key = new byte[length];
      for (int i = 0; i < length; i++) {
        key[i] = (byte) (number >>> i % 4 * 8);
      }
      return list(key);
    }

    private byte[] value() {
      if (random.nextInt(3) == 0) {
        return Integer.toString(random.nextInt(100_000)).getBytes();
      }
      byte[] value = new byte[random.nextInt(1 + random.nextInt(plan.longestValue()))];
      Arrays.fill(value, (byte) ('a' + random.nextInt(26)));
      return value;
    }

    private static List<Byte> list(byte[] bytes) {
      List<Byte> list = new ArrayList<>(bytes.length);
      for (byte b : bytes) {
        list.add(b);
      }
      return list;
    }

    private static byte[] bytes(List<Byte> list) {
      byte[] bytes = new byte[list.size()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = list.get(i);
      }
      return bytes;
    }
  }
}
