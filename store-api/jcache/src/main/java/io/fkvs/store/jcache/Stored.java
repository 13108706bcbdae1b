package io.fkvs.store.jcache;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.ValueView;
import java.nio.ByteBuffer;

/**
 * What is stored under a key: an encoded value and its deadline.
 *
 * <p>The deadline is the store's own, so that an entry that has expired is absent. Where its expiry
 * is to be told to listeners, it must not vanish by itself: then the store has none, and the bytes
 * are
 *
 * <pre>
 *   0        1                 9
 *   +--------+-----------------+-------
 *   | MARK   | deadline, ms    | value
 *   +--------+-----------------+-------
 * </pre>
 *
 * @param value the encoded value
 * @param deadlineMs when it expires, in milliseconds since the epoch, or {@link
 *     KeyValueStore#NO_DEADLINE}
 * @param isTold whether the bytes hold the deadline
 */
record Stored(byte[] value, long deadlineMs, boolean isTold) {
  /** No tag of a value. */
  private static final byte MARK = 0;

  private static final int HEADER_BYTES = 1 + Long.BYTES;

  /** Reads what lies in the store. */
  static Stored of(ValueView view) {
    byte[] bytes = view.toByteArray();
    if (bytes[0] != MARK) {
      return new Stored(bytes, view.deadlineMs(), false);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte[] value = new byte[bytes.length - HEADER_BYTES];
    buffer.get(HEADER_BYTES, value);
    return new Stored(value, buffer.getLong(1), true);
  }

  /** The bytes to store. */
  byte[] bytes() {
    return isTold
        ? ByteBuffer.allocate(HEADER_BYTES + value.length)
            .put(MARK)
            .putLong(deadlineMs)
            .put(value)
            .array()
        : value;
  }

  /** The deadline to store them with. */
  long storeDeadlineMs() {
    return isTold ? KeyValueStore.NO_DEADLINE : deadlineMs;
  }

  Stored withDeadline(long newDeadlineMs) {
    return new Stored(value, newDeadlineMs, isTold);
  }
}
