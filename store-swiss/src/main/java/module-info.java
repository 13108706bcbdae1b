/** The swiss table. */
module io.fkvs.store.swiss {
  requires io.fkvs.store;
}
