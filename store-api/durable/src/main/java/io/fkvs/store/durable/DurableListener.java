package io.fkvs.store.durable;

/**
 * Is told how far the log has been synced, so that an event loop that must not wait can be woken.
 * Called by the thread of the log, which waits until the call returns: it should be short, and must
 * not call the store.
 */
public interface DurableListener {
  /**
   * The log was synced.
   *
   * @param sequence all frames up to this one are durable
   */
  void onDurable(long sequence);

  /**
   * A write or a sync has failed. Nothing will become durable any more.
   *
   * @param failure what every method of the store throws from now on
   */
  default void onFailure(DurableException failure) {}
}
