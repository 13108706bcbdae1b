package io.fkvs.store.probe;

import io.fkvs.store.Store;

/**
 * A program that uses the store and says how, for a JVM of its own. It is in no package of the
 * store's, so that it can stand on the class path while the store is on the module path.
 */
public final class RuntimeFeaturesProbe {
  private RuntimeFeaturesProbe() {}

  /**
   * Uses two stores.
   *
   * @param args nothing
   */
  public static void main(String[] args) {
    try (Store store = Store.open();
        Store another = Store.open()) {
      for (int i = 0; i < 3_000; i++) {
        store.put("key " + i, "value " + i);
      }
      another.put("key", "value");
      System.out.println(store.get("key 2999") + " " + store.statistics().details());
    }
  }
}
