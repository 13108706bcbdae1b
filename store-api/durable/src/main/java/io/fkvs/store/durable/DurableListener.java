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

  /**
   * A store is being opened: told about once for every MiB that was read, by the thread that opens
   * it.
   *
   * @param readBytes how many bytes of the files have been read
   * @param totalBytes how many there are, about
   */
  default void onLoading(long readBytes, long totalBytes) {}
}
