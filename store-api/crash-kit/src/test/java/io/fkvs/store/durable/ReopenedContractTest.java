package io.fkvs.store.durable;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.KeyValueStoreContract;

/**
 * A durable store keeps the contract also where it is closed and opened again between any two
 * calls. A store that is full to the byte is not opened again: what fits a bound depends on the
 * order in which it comes.
 */
class ReopenedContractTest extends KeyValueStoreContract {
  static {
    Quiet.logs();
  }

  @Override
  public KeyValueStore open(StoreConfig config) {
    DurableOptions options =
        DurableOptions.defaults()
            .withConfig(config)
            .withProvider(Tables.SWISS)
            .withCompaction(1, 5_000)
            .withoutThread();
    return config.maxBytes() == Long.MAX_VALUE
        ? Reopening.open(options)
        : DurableStore.open(new MemoryDisk(), options);
  }
}
