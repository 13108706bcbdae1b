package io.fkvs.store.chained;

/** A key and when it expires. The key's array is that of the {@link ValueEntry}. */
final class DeadlineEntry extends Entry<DeadlineEntry> {
  static final long HEAP_BYTES = HeapBytes.ofObject(FIELD_BYTES + Long.BYTES + Byte.BYTES);

  long deadlineMs;

  /** Whether the deadline is an idle one: each read of the entry moves it. */
  boolean isIdle;

  DeadlineEntry(long hash, byte[] key, long deadlineMs) {
    super(hash, key);
    this.deadlineMs = deadlineMs;
  }
}
