/** A disk that crashes, and laws of what must come back after it did. */
module io.fkvs.store.durable.crash {
  requires transitive io.fkvs.store.durable;
  requires transitive net.jqwik.api;

  exports io.fkvs.store.durable.crash;

  // Tests are found and run by reflection.
  opens io.fkvs.store.durable.crash;
}
