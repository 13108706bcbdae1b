/**
 * The chained table, the legacy design that others are measured against. Opened by its name, {@code
 * chained}; nothing is exported.
 *
 * @provides io.fkvs.store.StoreProvider the table named {@code chained}, of rank 0
 */
module io.fkvs.store.chained {
  requires io.fkvs.store;

  provides io.fkvs.store.StoreProvider with
      io.fkvs.store.chained.ChainedStoreProvider;
}
