package io.fkvs.store.durable;

import io.fkvs.store.durable.crash.CrashContract;
import io.fkvs.store.durable.crash.Opened;
import io.fkvs.store.durable.crash.SimulatedDisk;

/** The store for many threads, in one of them; its log and its bases have theirs. */
class ConcurrentCrashTest extends CrashContract {
  static {
    Quiet.logs();
  }

  @Override
  public DurableOptions options() {
    DurableOptions options = super.options();
    return DurableOptions.defaults()
        .withConfig(options.config())
        .withProvider(Tables.SWISS)
        .withBacklogBytes(options.backlogBytes())
        .withShardCount(4);
  }

  @Override
  public Opened open(SimulatedDisk disk, DurableOptions options) {
    return Opened.of(DurableConcurrentStore.open(disk, options));
  }
}
