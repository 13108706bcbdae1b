/** The key-value store: its interface, value types, errors, hashing and provider interface. */
@SuppressWarnings("requires-automatic") // nobody needs it at run time but for the adapter
module io.fkvs.store {
  requires static org.agrona;

  exports io.fkvs.store;
  exports io.fkvs.store.agrona;

  uses io.fkvs.store.StoreProvider;
}
