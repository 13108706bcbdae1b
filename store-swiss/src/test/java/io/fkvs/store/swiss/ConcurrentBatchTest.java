package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Batches over shards, which are looked ahead in under no lock. Assertions see to it that whoever
 * looks ahead touches nothing but chunks that are there ({@link Memory#isReserved}).
 */
class ConcurrentBatchTest {
  private static final StoreConfig CONFIG =
      StoreConfig.defaults().withChunkBytes(StoreConfig.SMALLEST_CHUNK_BYTES);

  private static final byte[] NONE = {};

  /** Keys of all lengths that are read in ways of their own. */
  private static byte[] key(int number) {
    String digits = Integer.toString(number);
    return (digits + "x".repeat(number % 37)).getBytes(UTF_8);
  }

  private static byte[] value(int number) {
    return ("value of " + number).getBytes(UTF_8);
  }

  private static KeyBatch batch(List<Integer> numbers) {
    KeyBatch keys = new KeyBatch(numbers.size());
    for (int number : numbers) {
      byte[] key = key(number);
      keys.add(MemorySegment.ofArray(key), 0, key.length);
    }
    return keys;
  }

  /** Collects the answers, and does something when it has the first. */
  private static final class Answers implements BatchVisitor {
    final byte[][] all;
    private Runnable onFirst;

    Answers(int count, Runnable onFirst) {
      this.all = new byte[count][];
      this.onFirst = onFirst;
    }

    private void answer(int index, byte[] answer) {
      assertNull(all[index]);
      all[index] = answer;
      Runnable once = onFirst;
      onFirst = () -> {};
      once.run();
    }

    @Override
    public void onValue(int index, ValueView value) {
      answer(index, value.toByteArray());
    }

    @Override
    public void onMissing(int index) {
      answer(index, NONE);
    }
  }

  private static byte[][] get(ConcurrentStore store, List<Integer> numbers, Runnable onFirst) {
    Answers answers = new Answers(numbers.size(), onFirst);
    store.get(batch(numbers), answers);
    return answers.all;
  }

  // ---- what a batch answers

  @Property(tries = 25)
  void shouldAnswerWhatSingleKeysAnswer(
      @ForAll @IntRange(min = 0, max = 6) int shardBits,
      @ForAll @IntRange(min = 1, max = 300) int count,
      @ForAll long seed) {
    Random random = new Random(seed);
    AtomicLong now = new AtomicLong(1);
    StoreConfig config = CONFIG.withClock(() -> Instant.ofEpochMilli(now.get()));
    try (ConcurrentStore store = ConcurrentStore.open("swiss", config, 1 << shardBits)) {
      for (int i = 0; i < 2_000; i += 1 + random.nextInt(3)) {
        if (random.nextInt(4) == 0) {
          store.put(key(i), value(i), Duration.ofMillis(10));
        } else {
          store.put(key(i), value(i));
        }
      }
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        numbers.add(random.nextInt(random.nextBoolean() ? 2_000 : 20)); // some of them twice
      }
      now.addAndGet(random.nextInt(20));
      store.prefetch(batch(numbers));
      byte[][] answers = get(store, numbers, () -> {});
      for (int i = 0; i < count; i++) {
        byte[] alone = store.get(key(numbers.get(i)));
        assertArrayEquals(alone == null ? NONE : alone, answers[i]);
      }
    }
  }

  /** What was looked ahead for the later shards no longer holds then. */
  @Test
  void shouldAnswerWhatIsThereWhenItsTurnComes() throws InterruptedException {
    try (ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 16)) {
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        numbers.add(i);
        store.put(key(i), value(i));
      }
      List<Integer> changed = new ArrayList<>();
      List<Thread> waiting = new ArrayList<>();
      byte[][] answers =
          get(store, numbers, () -> numbers.forEach(i -> change(store, i, changed, waiting)));
      for (Thread thread : waiting) {
        thread.join();
      }
      for (int i = 0; i < 60; i++) {
        assertArrayEquals(changed.contains(i) ? NONE : value(i), answers[i]);
      }
      assertTrue(changed.size() > 30, "changed=" + changed);
    }
  }

  /** Removes an entry, in another thread, unless that has to wait for the lock of its shard. */
  private static void change(
      ConcurrentStore store, int number, List<Integer> changed, List<Thread> waiting) {
    Thread thread = Thread.ofPlatform().start(() -> store.remove(key(number)));
    while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    if (thread.isAlive()) {
      waiting.add(thread);
    } else {
      changed.add(number);
    }
  }

  /** Two keys of one shard that are changed in one step are never answered half. */
  @Test
  void shouldAnswerKeysOfOneShardFromOneMoment() throws InterruptedException {
    AtomicBoolean isEnded = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 1)) {
      store.put(key(1), value(0));
      store.put(key(2), value(0));
      Thread reader =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> failure.compareAndSet(null, e))
              .start(
                  () -> {
                    while (!isEnded.get()) {
                      byte[][] answers = get(store, List.of(1, 2), () -> {});
                      assertArrayEquals(answers[0], answers[1]);
                    }
                  });
      for (int i = 0; i < 60_000; i++) {
        byte[] value = value(i % 1_000);
        store.putAll(List.of(Map.entry(key(1), value), Map.entry(key(2), value)));
      }
      isEnded.set(true);
      reader.join();
    }
    assertNull(failure.get(), () -> failure.get().toString());
  }

  // ---- while others change everything

  /** Tables grow, shrink, move their blocks, and give chunks back; and they are cleared. */
  @Test
  void shouldLookAheadInTablesThatGiveMemoryBack() throws InterruptedException {
    int range = 8_000;
    AtomicBoolean isEnded = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 4)) {
      Thread.UncaughtExceptionHandler noting = (thread, e) -> failure.compareAndSet(null, e);
      Thread reader =
          Thread.ofPlatform()
              .uncaughtExceptionHandler(noting)
              .start(() -> readUntil(isEnded, store, range, 1));
      Thread other =
          Thread.ofVirtual()
              .uncaughtExceptionHandler(noting)
              .start(() -> readUntil(isEnded, store, range, 2));
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < range; i++) {
          store.put(key(i), value(i));
        }
        for (int i = 0; i < range && round % 3 != 0; i++) {
          store.remove(key(i));
        }
        if (round % 3 == 0) {
          store.clear();
        }
      }
      isEnded.set(true);
      reader.join();
      other.join();
    }
    assertNull(failure.get(), () -> failure.get().toString());
  }

  private static void readUntil(AtomicBoolean isEnded, ConcurrentStore store, int range, int seed) {
    Random random = new Random(seed);
    List<Integer> numbers = new ArrayList<>();
    while (!isEnded.get()) {
      numbers.clear();
      for (int i = 0; i < 48; i++) {
        numbers.add(random.nextInt(range));
      }
      store.prefetch(batch(numbers));
      byte[][] answers = get(store, numbers, () -> {});
      for (int i = 0; i < numbers.size(); i++) {
        if (answers[i].length > 0) {
          assertArrayEquals(value(numbers.get(i)), answers[i]);
        }
      }
    }
  }

  @Test
  void shouldEndWhenTheStoreIsClosedMeanwhile() throws InterruptedException {
    for (int round = 0; round < 10; round++) {
      ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 8);
      for (int i = 0; i < 500; i++) {
        store.put(key(i), value(i));
      }
      AtomicReference<Throwable> end = new AtomicReference<>();
      Thread reader =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> end.set(e))
              .start(() -> readUntil(new AtomicBoolean(), store, 500, 3));
      store.get(key(1));
      store.close();
      reader.join();
      assertEquals("store is closed", end.get().getMessage());
    }
  }

  // ---- locks

  @Test
  void shouldHoldNoLockWhenAVisitorHasThrown() {
    try (ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 4)) {
      List<Integer> numbers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        numbers.add(i);
        store.put(key(i), value(i));
      }
      Runnable failing =
          () -> {
            throw new ArithmeticException("from the visitor");
          };
      assertThrows(ArithmeticException.class, () -> get(store, numbers, failing));
      OtherThread.run(store::clear);
      assertEquals(0, store.size());
      assertArrayEquals(NONE, get(store, numbers, () -> {})[7]);
    }
  }

  @Test
  void shouldNotWaitInACircleWhereBatchesComeInOppositeOrders() throws InterruptedException {
    try (ConcurrentStore store = ConcurrentStore.open("swiss", CONFIG, 8)) {
      List<Integer> up = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        up.add(i);
      }
      List<Integer> down = new ArrayList<>(up);
      Collections.reverse(down);
      Thread other = Thread.ofPlatform().start(() -> useAll(store, down));
      useAll(store, up);
      other.join();
      assertEquals(0, store.countPresent(batch(up)));
    }
  }

  private static void useAll(ConcurrentStore store, List<Integer> numbers) {
    KeyBatch keys = batch(numbers);
    for (int i = 0; i < 60; i++) {
      for (int number : numbers.subList(0, 8)) {
        store.put(key(number), value(number));
      }
      store.prefetch(keys);
      get(store, numbers, () -> {});
      store.removeAll(keys);
    }
  }
}
