package io.fkvs.server;

import io.fkvs.server.limits.Limits;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.DurableStatus;
import io.fkvs.store.durable.DurableStore;

/** The log of the only event loop: what requests do in a cycle is one frame of it. */
final class OwnPersistence extends Persistence {
  private final DurableStore store;

  /**
   * Opens the store of a configuration that has one.
   *
   * @param options how its table is opened
   * @throws DurableException if the directory is damaged, in use or cannot be used
   */
  OwnPersistence(ServerConfig config, DurableOptions options) {
    super(config);
    store = DurableStore.open(disk(config), options(config, options));
    opened(store.size());
    store.handOver();
  }

  DurableStore store() {
    return store;
  }

  /** The effects of the loop. */
  DurableEffects newEffects() {
    return add(new CycleEffects());
  }

  @Override
  DurableStatus status() {
    return store.status();
  }

  private final class CycleEffects extends DurableEffects {
    private boolean isStepOpen;
    private long step = store.sequence();

    CycleEffects() {
      super(OwnPersistence.this);
    }

    @Override
    public void begin() {
      if (!isStepOpen) {
        store.beginGroup();
        isStepOpen = true;
      }
    }

    @Override
    boolean hasRoomFor(long bytes) {
      return fits(store.backlogBytes(), bytes);
    }

    @Override
    long endStep() {
      if (isStepOpen) {
        isStepOpen = false;
        step = store.endGroup();
      }
      return step;
    }

    @Override
    public long durable() {
      return store.durableSequence();
    }

    @Override
    public boolean work(boolean isIdle) {
      boolean isUnderWay = true;
      for (int i = isIdle ? Limits.IDLE_BASE_STEPS : Limits.BASE_STEPS; isUnderWay && i > 0; i--) {
        isUnderWay = store.work(Limits.BASE_STEP_ENTRIES);
      }
      return isUnderWay;
    }
  }
}
