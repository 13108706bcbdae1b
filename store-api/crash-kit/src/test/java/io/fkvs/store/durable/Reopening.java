package io.fkvs.store.durable;

import io.fkvs.store.KeyHash;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.durable.crash.SimulatedDisk;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;

/**
 * A store that is closed and opened again before every call of it; where it is large, before every
 * so many calls, since opening takes time in proportion.
 */
final class Reopening {
  /** What says nothing of the content. */
  private static final Set<String> HARMLESS =
      Set.of("close", "isClosed", "maxValueBytes", "nowMs", "hashCode", "equals", "toString");

  private static final int ENTRIES_A_CALL = 30;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final DurableOptions options;
  private DurableStore store;
  private boolean isInside;
  private long calls;

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
    if (isReopened && calls++ % (1 + store.size() / ENTRIES_A_CALL) == 0) {
      store.close();
      store = DurableStore.open(disk, options);
    }
  }
}
