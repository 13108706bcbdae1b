package io.fkvs.store.durable;

import io.fkvs.store.durable.crash.CrashContract;

/** The plain store with its threads: a crash is anywhere in their course. */
class ThreadedCrashTest extends CrashContract {
  static {
    Quiet.logs();
  }

  @Override
  public DurableOptions options() {
    DurableOptions options = super.options();
    return DurableOptions.defaults()
        .withConfig(options.config())
        .withProvider(Tables.SWISS)
        .withBacklogBytes(options.backlogBytes());
  }
}
