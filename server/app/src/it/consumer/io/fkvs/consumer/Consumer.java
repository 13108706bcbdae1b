package io.fkvs.consumer;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.util.Map;

/** A program of somebody else's: it knows the jars and nothing of how they are built. */
public final class Consumer {
  private Consumer() {}

  /**
   * Uses the stores and says how they work.
   *
   * @param args the table
   */
  public static void main(String[] args) {
    Map<String, String> details;
    try (Store store = Store.open(args[0], StoreConfig.defaults())) {
      store.put("greeting", "hello");
      store.increment("visits", 2);
      check("hello".equals(store.get("greeting")));
      check(store.getLong("visits").getAsLong() == 2);
      details = store.statistics().details();
    }
    try (ConcurrentStore store = ConcurrentStore.open()) {
      store.put("greeting", "hello");
      check("hello".equals(store.get("greeting")));
    }
    System.out.println(Consumer.class.getModule().getName() + " " + details);
  }

  private static void check(boolean holds) {
    if (!holds) {
      throw new AssertionError("the store has lost something");
    }
  }
}
