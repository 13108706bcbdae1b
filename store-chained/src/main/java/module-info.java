/** The chained table. */
module io.fkvs.store.chained {
  requires io.fkvs.store;
}
