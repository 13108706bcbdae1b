package io.fkvs.server.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeyListingTest {
  private static final int ROOM = 1000;

  private final KeyListing listing = new KeyListing();
  private final MemorySegment target = MemorySegment.ofArray(new byte[ROOM + 1]);

  private String text(int length) {
    return new String(
        target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldNumberEveryKeyOnceWhenAllFit(String table) {
    try (Store store = Store.open(table, StoreConfig.defaults())) {
      Set<String> keys = new TreeSet<>();
      for (int i = 0; i < 120; i++) {
        keys.add("k" + i);
        store.put("k" + i, "v");
      }

      String[] lines = text(listing.write(store, target, 0, ROOM)).split("\n");

      assertEquals(keys.size(), lines.length);
      for (int i = 0; i < lines.length; i++) {
        String number = (i + 1) + ") ";
        assertTrue(lines[i].startsWith(number), lines[i]);
        assertTrue(keys.remove(lines[i].substring(number.length())), lines[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldFillTheRoomToTheLastByteAndNoFurther(String table) {
    try (Store store = Store.open(table, StoreConfig.defaults())) {
      store.put(new byte[ROOM - "1) ".length()], new byte[0]);
      assertEquals(ROOM, listing.write(store, target, 0, ROOM));
      assertEquals(KeyListing.TOO_LONG, listing.write(store, target, 0, ROOM - 1));
    }
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldStopScanningAsSoonAsTheKeysCannotFit(String table) {
    try (Store store = Store.open(table, StoreConfig.defaults())) {
      for (int i = 0; i < 100_000; i++) {
        store.put("key " + i, "v");
      }
      AtomicInteger scans = new AtomicInteger();

      assertEquals(KeyListing.TOO_LONG, listing.write(counting(store, scans), target, 0, ROOM));

      assertTrue(scans.get() <= 10, "scans=" + scans);
    }
  }

  private static Store counting(Store store, AtomicInteger scans) {
    return (Store)
        Proxy.newProxyInstance(
            Store.class.getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              scans.incrementAndGet();
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
