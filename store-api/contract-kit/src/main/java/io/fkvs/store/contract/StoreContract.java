package io.fkvs.store.contract;

import net.jqwik.api.lifecycle.AddLifecycleHook;

/**
 * The whole contract of a {@link io.fkvs.store.Store}. Extend it, say how to open your table, and
 * run it as a test; override {@link #checkInvariants} where the table can check itself.
 *
 * <pre>{@code
 * class MyTableContractTest extends StoreContract {
 *   @Override
 *   public Store open(StoreConfig config) {
 *     return new MyTable(config);
 *   }
 * }
 * }</pre>
 */
@net.jqwik.api.domains.Domain(Domain.class)
@net.jqwik.api.domains.Domain(net.jqwik.api.domains.DomainContext.Global.class)
@AddLifecycleHook(Depth.class)
public abstract class StoreContract
    implements PutLaws,
        KeyLaws,
        MemoryLaws,
        TypingLaws,
        IncrementLaws,
        SizeLaws,
        DeadlineLaws,
        ClockLaws,
        FloodLaws,
        ScanLaws,
        BatchLaws,
        ViewLaws,
        VisitorLaws,
        LimitLaws,
        FullLaws,
        TableLaws,
        OwnerLaws,
        CloseLaws,
        ModelLaws {
  /** For a test class of yours to extend. */
  protected StoreContract() {}
}
