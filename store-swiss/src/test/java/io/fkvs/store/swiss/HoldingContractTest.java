package io.fkvs.store.swiss;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.HoldingStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.contract.KeyValueStoreContract;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import net.jqwik.api.PropertyDefaults;

/**
 * A concurrent store keeps the contract where one thread holds its locks. The kit is not told that
 * this is a {@code Store}: its views end with the next call, and it has no owner.
 */
@PropertyDefaults(tries = 100) // the table is tried longer elsewhere
class HoldingContractTest extends KeyValueStoreContract {
  @Override
  public KeyValueStore open(StoreConfig config) {
    return openHolding(config);
  }

  static KeyValueStore openHolding(StoreConfig config) {
    ConcurrentStore shared = ConcurrentStore.open("swiss", config, 4);
    HoldingStore holding = new HoldingStore(shared, shared);
    Class<?>[] types = {KeyValueStore.class};
    return (KeyValueStore)
        Proxy.newProxyInstance(
            HoldingContractTest.class.getClassLoader(),
            types,
            (proxy, method, arguments) -> {
              try {
                return method.invoke(holding, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                holding.release(); // the kit may go on in another thread
              }
            });
  }
}
