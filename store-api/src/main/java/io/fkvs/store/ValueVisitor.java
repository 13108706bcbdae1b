package io.fkvs.store;

/**
 * Receives a value while it lies in the store, without a copy. It runs on the calling thread, in a
 * {@link ConcurrentStore} under a shard's lock, so it should be short. It must not call the store:
 * that throws {@link IllegalStateException}.
 */
@FunctionalInterface
public interface ValueVisitor {
  /**
   * The value of the key that was asked for.
   *
   * @param value the value; the view is valid until this method returns
   */
  void onValue(ValueView value);
}
