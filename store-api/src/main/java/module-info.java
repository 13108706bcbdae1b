/** The key-value store: its interface, value types, errors, hashing and provider interface. */
module io.fkvs.store {
  exports io.fkvs.store;

  uses io.fkvs.store.StoreProvider;
}
