package io.fkvs.store.swiss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.lang.management.ManagementFactory;
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

  /** All stores together hold far more than the JVM might take meanwhile for other purposes. */
  private static final int STORES = 60;

  private static final int VALUE_BYTES = 15 << 20;

  private static final Logger LOGGER = Logger.getLogger("io.fkvs.store");

  private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          if (record.getLoggerName().equals(LOGGER.getName())) {
            records.add(record);
          }
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
    store.put(new byte[] {1}, new byte[VALUE_BYTES]);
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

  private static long processBytes() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
        .getCommittedVirtualMemorySize();
  }

  @Test
  void shouldGiveTheMemoryBackWhenDropped() throws InterruptedException {
    System.setProperty(PROPERTY, "true");
    long before = processBytes();
    for (int i = 1; i <= STORES; i++) {
      openAndFill();
      collect();
    }
    long growth = processBytes() - before;
    assertTrue(growth < STORES * (long) VALUE_BYTES / 2, "growth=" + growth);
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
