package io.fkvs.store.swiss;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a store that nobody closes and nobody refers to. */
class DroppedStoreTest {
  private static final String PROPERTY = "io.fkvs.store.leakDetection";

  private static final Logger LOGGER = Logger.getLogger("io.fkvs.store");

  private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    LOGGER.removeHandler(handler);
    LOGGER.setUseParentHandlers(true);
    System.clearProperty(PROPERTY);
  }

  private static Store openAndFill() {
    Store store = Store.open("swiss", StoreConfig.defaults());
    store.put(new byte[] {1}, new byte[8 << 20]);
    return store;
  }

  /** Asks the collector until it has found something, or fails. */
  private LogRecord collect() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      System.gc();
      LogRecord record = records.poll(100, TimeUnit.MILLISECONDS);
      if (record != null) {
        return record;
      }
    }
    throw new AssertionError("nothing was logged");
  }

  /** Runs in a JVM that allows 64 MiB of native memory: opens and drops stores of 400 MiB. */
  static final class DropMany {
    private DropMany() {}

    public static void main(String[] args) {
      for (int i = 0; i < 50; i++) {
        openAndFill();
      }
    }
  }

  @Test
  void shouldGiveTheMemoryBackWhenDropped() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:MaxDirectMemorySize=64m",
                "-cp",
                System.getProperty("java.class.path"),
                DropMany.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  @Test
  void shouldTellWhereADroppedStoreWasOpenedWhenAsked() throws InterruptedException {
    System.setProperty(PROPERTY, "true");
    openAndFill();
    LogRecord record = collect();
    assertEquals("store was dropped without close", record.getMessage());
    Throwable opening = record.getThrown();
    assertEquals("the store was opened here", opening.getMessage());
    assertTrue(
        List.of(opening.getStackTrace()).stream()
            .anyMatch(frame -> frame.getMethodName().equals("openAndFill")));
  }

  @Test
  void shouldTellOfAConcurrentStoreOnce() throws InterruptedException {
    System.setProperty(PROPERTY, "true");
    ConcurrentStore.open("swiss", StoreConfig.defaults(), 16);
    openAndFill();
    assertNotNull(collect());
    assertNotNull(collect());
    System.gc();
    assertNull(records.poll(100, TimeUnit.MILLISECONDS));
  }

  @Test
  void shouldSayNothingOfAStoreThatWasClosed() throws InterruptedException {
    System.setProperty(PROPERTY, "true");
    openAndFill().close();
    openAndFill();
    assertNotNull(collect());
    System.gc();
    assertNull(records.poll(100, TimeUnit.MILLISECONDS));
  }

  @Test
  void shouldNotCollectAStoreInUse() {
    List<Long> sums = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Store store = openAndFill();
      System.gc();
      sums.add(store.increment("key", 1));
    }
    assertTrue(sums.stream().allMatch(sum -> sum == 1));
  }
}
