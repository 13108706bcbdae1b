package io.fkvs.store.contract;

import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * What a store does in addition whose entries {@linkplain
 * io.fkvs.store.StoreConfig#withExpiryAfterAccess expire after access}. Extend it to check a table,
 * or a {@link io.fkvs.store.ConcurrentStore} over one. {@link StoreContract} has the rest.
 *
 * <pre>{@code
 * class MyIdleContractTest extends ExpiryAfterAccessContract {
 *   @Override
 *   public KeyValueStore open(StoreConfig config) {
 *     return new MyTable(config);
 *   }
 * }
 * }</pre>
 */
@net.jqwik.api.domains.Domain(Domain.class)
@net.jqwik.api.domains.Domain(net.jqwik.api.domains.DomainContext.Global.class)
@AddLifecycleHook(Depth.class)
public abstract class ExpiryAfterAccessContract implements IdleLaws {
  /** For a test class of yours to extend. */
  protected ExpiryAfterAccessContract() {}
}
