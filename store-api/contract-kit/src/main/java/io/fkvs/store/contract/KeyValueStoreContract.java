package io.fkvs.store.contract;

import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * What every {@link io.fkvs.store.KeyValueStore} must do, whether one thread uses it or many.
 * Extend it to check a {@link io.fkvs.store.ConcurrentStore} over your table; for the table itself
 * extend {@link StoreContract}, which has more laws.
 *
 * <pre>{@code
 * class MyConcurrentContractTest extends KeyValueStoreContract {
 *   @Override
 *   public KeyValueStore open(StoreConfig config) {
 *     return ConcurrentStore.open("mine", config, 4);
 *   }
 * }
 * }</pre>
 */
@net.jqwik.api.domains.Domain(Domain.class)
@net.jqwik.api.domains.Domain(net.jqwik.api.domains.DomainContext.Global.class)
@AddLifecycleHook(Depth.class)
public abstract class KeyValueStoreContract
    implements PutLaws,
        KeyLaws,
        MemoryLaws,
        TypingLaws,
        IncrementLaws,
        RangeLaws,
        MapLaws,
        SizeLaws,
        DeadlineLaws,
        ClockLaws,
        FloodLaws,
        ScanLaws,
        BatchLaws,
        ManyKeysLaws,
        RandomLaws,
        VisitorLaws,
        LimitLaws,
        FullLaws,
        TableLaws,
        CloseLaws,
        ModelLaws {
  /** For a test class of yours to extend. */
  protected KeyValueStoreContract() {}
}
