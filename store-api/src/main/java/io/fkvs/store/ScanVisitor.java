package io.fkvs.store;

/**
 * Receives the entries of a scan, in no order that means anything. It runs on the thread of the
 * store and must not change the store: that throws {@link IllegalStateException}.
 */
@FunctionalInterface
public interface ScanVisitor {
  /**
   * An entry.
   *
   * @param key the key; the view is valid until this method returns
   * @param value the value; the view is valid until this method returns
   */
  void onEntry(BytesView key, ValueView value);
}
