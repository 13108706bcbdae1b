package io.fkvs.store.durable;

import io.fkvs.store.KeyHash;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.Set;

/**
 * A store that is closed and opened again between calls: between any two of them, by chance, and
 * more rarely where it is large, since opening takes time in proportion.
 */
final class Reopening {
  /**
   * What says nothing of the content, or tells how many entries have expired that nobody has met: a
   * store that is opened has none of these.
   */
  private static final Set<String> HARMLESS =
      Set.of(
          "sweep",
          "size",
          "statistics",
          "close",
          "isClosed",
          "maxValueBytes",
          "nowMs",
          "hashCode",
          "equals",
          "toString");

  private static final int CALLS = 30;
  private static final int ENTRIES_A_CALL = 5;

  private final MemoryDisk disk = new MemoryDisk();
  private final Random random = new Random(18);
  private final DurableOptions options;
  private DurableStore store;
  private boolean isInside;

  private Reopening(DurableOptions options) {
    this.options = options;
    this.store = DurableStore.open(disk, options);
  }

  /**
   * Opens the store.
   *
   * @param options how; the table's hash is the same each time, so that cursors stay right
   */
  static KeyValueStore open(DurableOptions options) {
    StoreConfig config = options.config();
    StoreConfig fixed =
        config.keyHash().isPresent() ? config : config.withKeyHash(KeyHash.seeded());
    Reopening reopening = new Reopening(options.withConfig(fixed));
    return (KeyValueStore)
        Proxy.newProxyInstance(
            KeyValueStore.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, arguments) -> {
              reopening.reopen(method.getName());
              boolean wasInside = reopening.isInside;
              reopening.isInside = true;
              try {
                return method.invoke(reopening.store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                reopening.isInside = wasInside;
              }
            });
  }

  /** Not out of a callback, and not once the store is closed. */
  private void reopen(String method) {
    boolean isReopened = !isInside && !store.isClosed() && !HARMLESS.contains(method);
    if (isReopened && random.nextLong(CALLS + store.size() / ENTRIES_A_CALL) == 0) {
      store.close();
      store = DurableStore.open(disk, options);
    }
  }
}
