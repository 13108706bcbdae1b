package io.fkvs.store;

/**
 * Receives the answers of a batch lookup, in the order of the keys. It runs on the thread of the
 * store and must not change the store: that throws {@link IllegalStateException}.
 */
public interface BatchVisitor {
  /**
   * A key was found.
   *
   * @param index the key's index in its batch
   * @param value the value; the view is valid until this method returns
   */
  void onValue(int index, ValueView value);

  /**
   * A key was missing or expired.
   *
   * @param index the key's index in its batch
   */
  void onMissing(int index);
}
