package io.fkvs.store.contract;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;

/** What the groups of laws share that hold for the store of one thread alone. */
interface StoreLaws extends Laws {
  @Override
  Store open(StoreConfig config);
}
