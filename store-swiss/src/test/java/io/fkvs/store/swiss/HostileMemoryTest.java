package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyHash;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueView;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys and values whose memory goes away while a call reads it. */
class HostileMemoryTest {
  private static final MemorySegment NAME = MemorySegment.ofArray(new byte[] {1, 2, 3});

  /** Below the length of a slot, of what is staged, of a chunk, and beyond. */
  private static final List<Integer> VALUE_LENGTHS = List.of(8, 30, 300, 4_096, 9_000, 3_000_000);

  private static final int PAGE_BYTES = 4096;

  /** Enough for compiled code, which tells of faults later than the interpreter does. */
  private static final int CUT_OFF_CALLS = 500;

  private static Stream<Integer> valueLengths() {
    return VALUE_LENGTHS.stream();
  }

  private static void put(Store store, MemorySegment key, MemorySegment value) {
    store.put(
        PutCondition.ALWAYS,
        key,
        0,
        (int) key.byteSize(),
        value,
        0,
        (int) value.byteSize(),
        Store.NO_DEADLINE);
  }

  private static byte[] get(Store store, MemorySegment key) {
    ValueView view = new ValueView();
    return store.get(key, 0, (int) key.byteSize(), view) ? view.toByteArray() : null;
  }

  private static MemorySegment filled(Arena arena, int length, int with) {
    return arena.allocate(length).fill((byte) with);
  }

  // ---- closed amid a call

  /** A hash that closes an arena: the moment between the checks of a call and its copies. */
  private static final class ClosingHash implements KeyHash {
    Arena victim;

    @Override
    public long hash(MemorySegment bytes, long offset, int length) {
      if (victim != null) {
        victim.close();
        victim = null;
      }
      return bytes.asSlice(offset, length).mismatch(NAME) * 31L + length;
    }
  }

  @ParameterizedTest
  @MethodSource("valueLengths")
  void shouldKeepTheOldValueWhenTheNewOneIsClosedAmidThePut(int length) {
    ClosingHash hash = new ClosingHash();
    try (SwissStore store = new SwissStore(StoreConfig.defaults().withKeyHash(hash));
        Arena arena = Arena.ofConfined()) {
      Arena closing = Arena.ofShared();
      MemorySegment value = filled(closing, length, 7);
      hash.victim = closing;
      assertThrows(IllegalStateException.class, () -> put(store, NAME, value));
      assertNull(get(store, NAME));
      assertEquals(0, store.size());

      MemorySegment old = filled(arena, length, 6);
      put(store, NAME, old);
      Arena closingLater = Arena.ofShared();
      MemorySegment other = filled(closingLater, length, 7);
      hash.victim = closingLater;
      assertThrows(IllegalStateException.class, () -> put(store, NAME, other));
      assertArrayEquals(old.toArray(JAVA_BYTE), get(store, NAME));
      assertTrue(store.invariantsHold());
    }
  }

  /** The place of a value changes with its length, and what frees the old one must come last. */
  @ParameterizedTest
  @MethodSource("valueLengths")
  void shouldKeepTheOldValueWhenOneOfAnotherLengthIsOutOfReach(int length) {
    Arena closed = Arena.ofConfined();
    List<MemorySegment> gone = VALUE_LENGTHS.stream().map(l -> filled(closed, l, 7)).toList();
    closed.close();
    try (SwissStore store = new SwissStore(StoreConfig.defaults());
        Arena arena = Arena.ofConfined()) {
      MemorySegment old = filled(arena, length, 6);
      put(store, NAME, old);
      for (MemorySegment value : gone) {
        assertThrows(IllegalStateException.class, () -> put(store, NAME, value));
        assertArrayEquals(old.toArray(JAVA_BYTE), get(store, NAME));
        assertTrue(store.invariantsHold());
      }
    }
  }

  /** A confined arena is closed by nobody else, but may be closed, or somebody else's. */
  @ParameterizedTest
  @MethodSource("valueLengths")
  void shouldChangeNothingWhenTheValueIsOutOfReach(int length) throws Exception {
    Arena closed = Arena.ofConfined();
    MemorySegment gone = filled(closed, length, 7);
    closed.close();
    MemorySegment[] foreign = new MemorySegment[1];
    Thread.ofPlatform().start(() -> foreign[0] = filled(Arena.ofConfined(), length, 7)).join();
    try (SwissStore store = new SwissStore(StoreConfig.defaults());
        Arena arena = Arena.ofConfined()) {
      MemorySegment old = filled(arena, length, 6);
      for (int i = 0; i < 2; i++) {
        long size = i;
        assertThrows(IllegalStateException.class, () -> put(store, NAME, gone));
        assertThrows(WrongThreadException.class, () -> put(store, NAME, foreign[0]));
        assertEquals(size, store.size());
        assertTrue(store.invariantsHold());
        put(store, NAME, old);
        assertArrayEquals(old.toArray(JAVA_BYTE), get(store, NAME));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 8, 11, 16, 40})
  void shouldTakeAKeyOverOnceThoughAnotherThreadWritesToIt(int length) throws Exception {
    byte[] bytes = new byte[length];
    AtomicBoolean isDone = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; !isDone.get(); i++) {
                    bytes[i % length] = (byte) (i / length & 1);
                    Thread.onSpinWait();
                  }
                });
    MemorySegment key = MemorySegment.ofArray(bytes);
    try (SwissStore store = new SwissStore(StoreConfig.defaults())) {
      for (int i = 0; i < 200_000; i++) {
        put(store, key, NAME);
      }
      assertTrue(store.invariantsHold());
      Set<List<Byte>> keys = new HashSet<>();
      long cursor = 0;
      do {
        cursor =
            store.scan(
                cursor,
                100,
                (found, value) -> {
                  List<Byte> copy = new ArrayList<>();
                  for (byte b : found.toByteArray()) {
                    copy.add(b);
                  }
                  assertTrue(keys.add(copy), "twice: " + copy);
                });
      } while (cursor != 0);
      assertEquals(keys.size(), store.size());
    } finally {
      isDone.set(true);
      writer.join();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 17, 200})
  void shouldThrowWhenAnotherThreadClosesTheKeyDuringCalls(int length) throws Exception {
    try (SwissStore store = new SwissStore(StoreConfig.defaults())) {
      KeyBatch batch = new KeyBatch(32);
      BatchVisitor visitor =
          new BatchVisitor() {
            @Override
            public void onValue(int index, ValueView value) {}

            @Override
            public void onMissing(int index) {}
          };
      for (int round = 0; round < 100; round++) {
        Arena arena = Arena.ofShared();
        MemorySegment memory = filled(arena, 32 * length, round);
        AtomicBoolean isStarted = new AtomicBoolean();
        Thread closer =
            Thread.ofPlatform()
                .start(
                    () -> {
                      while (!isStarted.get()) {
                        Thread.onSpinWait();
                      }
                      arena.close();
                    });
        assertThrows(
            IllegalStateException.class,
            () -> {
              for (int i = 0; ; i++) {
                MemorySegment key = memory.asSlice((long) (i & 31) * length, length);
                put(store, key, key);
                store.contains(key, 0, length);
                batch.add(key, 0, length);
                if (batch.isFull()) {
                  isStarted.set(true);
                  store.prefetch(batch);
                  store.get(batch, visitor);
                  batch.clear();
                }
              }
            });
        batch.clear();
        Thread.interrupted(); // the JVM may tell a reader of the close with an interrupt
        closer.join();
      }
      assertTrue(store.invariantsHold());
    }
  }

  // ---- freed amid a call

  /** The segment is dead after its last use, which must not be the reading of its address. */
  @ParameterizedTest
  @ValueSource(ints = {16, 100})
  void shouldStoreTheKeyThatWasGivenWhenTheCollectorRuns(int length) throws Exception {
    AtomicBoolean isDone = new AtomicBoolean();
    Thread collector =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!isDone.get()) {
                    System.gc();
                  }
                });
    int count = 12_000;
    try (SwissStore store = new SwissStore(StoreConfig.defaults())) {
      for (int i = 0; i < count; i++) {
        put(store, fleetingKey(i, length), NAME);
        Arena.ofAuto().allocate(length).fill((byte) 0xEE); // takes the place of what was freed
      }
      assertEquals(count, store.size());
      for (int i = 0; i < count; i++) {
        assertTrue(store.contains(fleetingKey(i, length), 0, length), "key=" + i);
      }
    } finally {
      isDone.set(true);
      collector.join();
    }
  }

  private static MemorySegment fleetingKey(int number, int length) {
    MemorySegment key = Arena.ofAuto().allocate(length);
    key.set(JAVA_LONG, 0, number);
    key.set(JAVA_LONG, 8, ~(long) number);
    return key;
  }

  // ---- cut off

  @TempDir Path folder;

  /** Memory of which not more than the first page is left: its first bytes can still be read. */
  private MemorySegment mapped(Arena arena, int length) throws IOException {
    Path file = folder.resolve("mapped");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment memory = channel.map(MapMode.READ_WRITE, 0, length, arena);
      channel.truncate(length > PAGE_BYTES ? PAGE_BYTES : 0);
      return memory;
    }
  }

  @ParameterizedTest
  @MethodSource("valueLengths")
  void shouldKeepTheOldValueWhenTheFileOfTheNewOneIsCutOff(int length) throws IOException {
    try (SwissStore store = new SwissStore(StoreConfig.defaults());
        Arena arena = Arena.ofShared()) {
      MemorySegment old = filled(arena, length, 6);
      MemorySegment gone = mapped(arena, length);
      for (int i = 0; i < CUT_OFF_CALLS; i++) {
        assertThrows(InternalError.class, () -> put(store, NAME, gone));
        assertNull(get(store, NAME));
        put(store, NAME, old);
        assertThrows(InternalError.class, () -> put(store, NAME, gone));
        assertEquals(length, get(store, NAME).length);
        assertTrue(store.remove(NAME, 0, 3));
        if (length > 100_000 && i == 20) {
          break;
        }
      }
      assertTrue(store.invariantsHold());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 200})
  void shouldChangeNothingWhenTheFileOfTheKeyIsCutOff(int length) throws IOException {
    try (SwissStore store = new SwissStore(StoreConfig.defaults());
        Arena arena = Arena.ofShared()) {
      put(store, NAME, NAME);
      MemorySegment gone = mapped(arena, length);
      KeyBatch batch = new KeyBatch(1);
      for (int i = 0; i < CUT_OFF_CALLS; i++) {
        assertThrows(InternalError.class, () -> put(store, gone, NAME));
        assertThrows(InternalError.class, () -> store.contains(gone, 0, length));
        assertThrows(InternalError.class, () -> store.remove(gone, 0, length));
        assertThrows(InternalError.class, () -> store.increment(gone, 0, length, 1));
        assertThrows(InternalError.class, () -> store.expire(gone, 0, length, 1));
        assertThrows(InternalError.class, () -> batch.add(gone, 0, length));
        assertEquals(0, batch.count());
        assertEquals(1, store.size());
      }
      assertTrue(store.invariantsHold());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 200, 9_000})
  void shouldThrowAtOnceWhenTheFileToCopyToIsCutOff(int length) throws IOException {
    try (SwissStore store = new SwissStore(StoreConfig.defaults());
        Arena arena = Arena.ofShared()) {
      put(store, NAME, filled(arena, length, 6));
      MemorySegment gone = mapped(arena, length);
      ValueView view = new ValueView();
      for (int i = 0; i < CUT_OFF_CALLS; i++) {
        assertTrue(store.get(NAME, 0, 3, view));
        assertThrows(InternalError.class, () -> view.copyTo(gone, 0));
        assertThrows(InternalError.class, () -> view.copyTo(1, gone, 1, length - 1));
      }
    }
  }

  /** A virtual thread must not leave its carrier with the error that is its own. */
  @Test
  void shouldTellAVirtualThreadWhatIsCutOff() throws Exception {
    try (ConcurrentStore store = ConcurrentStore.open("swiss", StoreConfig.defaults(), 1);
        Arena arena = Arena.ofShared()) {
      store.put(NAME.toArray(JAVA_BYTE), new byte[200]);
      MemorySegment gone = mapped(arena, 200);
      AtomicInteger told = new AtomicInteger();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int j = 0; j < CUT_OFF_CALLS; j++) {
                        try {
                          store.get(NAME, 0, 3, gone, 0);
                        } catch (InternalError e) {
                          told.incrementAndGet();
                        }
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(4 * CUT_OFF_CALLS, told.get());
      assertTrue(store.contains(NAME, 0, 3));
    }
  }

  // ---- calls back

  @ParameterizedTest
  @ValueSource(strings = {"swiss", "chained"})
  void shouldRefuseCallsOutOfTheHash(String table) {
    Store[] store = new Store[1];
    KeyHash hash =
        (bytes, offset, length) -> {
          assertThrows(IllegalStateException.class, () -> store[0].put("other", "value"));
          return length;
        };
    store[0] = Store.open(table, StoreConfig.defaults().withKeyHash(hash));
    store[0].put("key", "value");
    assertEquals("value", store[0].get("key"));
    assertFalse(store[0].contains("other"));
    store[0].close();
  }
}
