/**
 * The Swiss table: off-heap, control bytes probed sixteen at a time, entries inline. It is chosen
 * by the name {@code swiss} and is the preferred table where it is installed.
 */
module io.fkvs.store.swiss {
  requires io.fkvs.store;
  requires static jdk.incubator.vector;

  provides io.fkvs.store.StoreProvider with
      io.fkvs.store.swiss.SwissStoreProvider;
}
