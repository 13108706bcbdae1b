/** The contract of a store as properties that check any table. */
module io.fkvs.store.contract {
  requires transitive io.fkvs.store;
  requires transitive net.jqwik.api;
  requires org.junit.jupiter.api;
  requires org.junit.platform.launcher;

  exports io.fkvs.store.contract;

  // Tests are found and run by reflection.
  opens io.fkvs.store.contract;
}
