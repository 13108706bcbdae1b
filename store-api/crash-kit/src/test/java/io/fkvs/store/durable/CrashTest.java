package io.fkvs.store.durable;

import io.fkvs.store.durable.crash.CrashContract;

/** The plain store over the Swiss table. */
class CrashTest extends CrashContract {
  static {
    Quiet.logs();
  }

  @Override
  public DurableOptions options() {
    return super.options().withProvider(Tables.SWISS);
  }
}
