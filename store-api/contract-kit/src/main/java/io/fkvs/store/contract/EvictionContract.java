package io.fkvs.store.contract;

import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * What a store does in addition that {@linkplain io.fkvs.store.StoreConfig#withEviction evicts} and
 * {@linkplain io.fkvs.store.StoreConfig#withRemovalListener tells} of entries that go. Extend it to
 * check a table, or a {@link io.fkvs.store.ConcurrentStore} over one. {@link StoreContract} has the
 * rest.
 *
 * <pre>{@code
 * class MyCacheContractTest extends EvictionContract {
 *   @Override
 *   public KeyValueStore open(StoreConfig config) {
 *     return new MyTable(config);
 *   }
 * }
 * }</pre>
 */
@AddLifecycleHook(Depth.class)
public abstract class EvictionContract implements EvictionLaws, RemovalLaws {
  /** For a test class of yours to extend. */
  protected EvictionContract() {}
}
