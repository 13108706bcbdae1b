package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.JournaledStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A file that was written while its store was used has what the store had at its end. */
class EntryWriterTest {
  private static final int KEYS = 40;
  private static final int STEPS = 300;
  private static final long START_MS = 1_000_000;

  private final MemoryDisk disk = new MemoryDisk();
  private final AtomicLong nowMs = new AtomicLong(START_MS);
  private final EntryWriter writer = new EntryWriter();

  private Store open(StoreProvider provider) {
    return provider.open(StoreConfig.defaults().withClock(() -> Instant.ofEpochMilli(nowMs.get())));
  }

  @Property(tries = 30)
  void shouldHoldWhatTheStoreHasAtItsEnd(@ForAll long seed, @ForAll boolean isSwiss)
      throws IOException {
    StoreProvider provider = isSwiss ? Tables.SWISS : Tables.CHAINED;
    Random random = new Random(seed);
    try (Store table = open(provider);
        Store store = new JournaledStore(table, writer)) {
      for (int file = 0; file < 2; file++) {
        String name = "file-" + disk.list().size();
        change(store, random, STEPS);
        long begunMs = nowMs.get();
        CompletableFuture<Void> written =
            writer.begin(disk.create(name), begunMs).toCompletableFuture();
        assertTrue(writer.isScanning());
        while (!writer.step(store, 1 + random.nextInt(5))) {
          change(store, random, random.nextInt(6));
        }
        change(store, random, random.nextInt(6));
        writer.end();
        Map<String, String> atEnd = content(store);
        long endMs = nowMs.get();
        assertFalse(writer.isScanning());
        change(store, random, 20);
        written.join();
        assertEquals(atEnd, read(provider, name, begunMs, endMs));
      }
    }
  }

  private void change(Store store, Random random, int steps) {
    for (int i = 0; i < steps; i++) {
      String key = "key-" + random.nextInt(KEYS);
      switch (random.nextInt(12)) {
        case 0 -> store.remove(key);
        case 1 -> store.expire(key, Duration.ofMillis(1 + random.nextInt(30)));
        case 2 -> store.put(key, "until", Duration.ofMillis(1 + random.nextInt(30)));
        case 3 -> store.persist(key);
        case 4 -> nowMs.addAndGet(random.nextInt(8));
        case 5 -> store.put(key, "v".repeat(random.nextInt(3) == 0 ? 300_000 : 300));
        case 6 -> store.sweep(100);
        case 7 -> {
          if (random.nextInt(40) == 0) {
            store.clear();
          }
        }
        default -> store.put(key, Integer.toString(random.nextInt()));
      }
    }
  }

  private Map<String, String> content(KeyValueStore store) {
    Map<String, String> content = new TreeMap<>();
    store.forEach((key, value) -> content.put(key.toUtf8(), value.toUtf8()));
    content.replaceAll((key, value) -> value + " for " + store.timeToLive(key));
    return content;
  }

  private Map<String, String> read(StoreProvider provider, String name, long begunMs, long endMs)
      throws IOException {
    long afterMs = nowMs.get();
    nowMs.set(begunMs);
    try (Store store = open(provider);
        DiskFile file = disk.open(name)) {
      EntryFile.read(file, name, store);
      nowMs.set(endMs);
      return content(store);
    } finally {
      nowMs.set(afterMs);
    }
  }

  // ---- files that do not come to their end

  /** A file that lets nothing be written, or not its end. */
  private static final class Broken implements DiskFile {
    private final IOException failure = new IOException("no room");
    private final boolean isFull;
    private boolean isClosed;

    Broken(boolean isFull) {
      this.isFull = isFull;
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public void read(ByteBuffer target, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      if (isFull) {
        throw failure;
      }
      source.position(source.limit());
    }

    @Override
    public void force() throws IOException {
      throw failure;
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  @Test
  void shouldSayWhyAFileIsNotWritten() throws IOException {
    for (boolean isFull : new boolean[] {true, false}) {
      Broken file = new Broken(isFull);
      try (Store table = open(Tables.SWISS);
          Store store = new JournaledStore(table, writer)) {
        store.put("key", "value");
        CompletableFuture<Void> written = writer.begin(file, START_MS).toCompletableFuture();
        while (writer.isScanning() && !writer.step(store, 10)) {
          store.put("key", "other");
        }
        writer.end();
        CompletionException failure = assertThrows(CompletionException.class, written::join);
        assertSame(file.failure, failure.getCause());
        assertTrue(file.isClosed);
        store.put("key", "last");
        assertEquals("last", store.get("key"));
        assertFalse(writer.isWriting());
      }
    }
  }

  @Test
  void shouldGiveUpAndBeginAnother() throws IOException {
    try (Store table = open(Tables.SWISS);
        Store store = new JournaledStore(table, writer)) {
      for (int i = 0; i < 1_000; i++) {
        store.put("key-" + i, "value");
      }
      CompletableFuture<Void> first =
          writer.begin(disk.create("first"), START_MS).toCompletableFuture();
      assertFalse(writer.step(store, 10));
      assertThrows(IllegalStateException.class, () -> writer.begin(disk.create("other"), START_MS));
      writer.giveUp();
      assertThrows(CancellationException.class, first::join);
      assertTrue(store.remove("key-1"));
      CompletableFuture<Void> second =
          writer.begin(disk.create("second"), START_MS).toCompletableFuture();
      while (!writer.step(store, 10)) {
        assertTrue(writer.isScanning());
      }
      writer.end();
      second.join();
      assertEquals(content(store), read(Tables.SWISS, "second", START_MS, START_MS));
    }
  }
}
