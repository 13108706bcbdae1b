package io.fkvs.store.agrona;

import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A store whose keys and values come from and go to Agrona's buffers. It holds nothing of its own
 * but scratch memory; the store is closed by whoever opened it.
 *
 * <p>Bytes go straight from the buffer to the store and back, if the buffer wraps an array or a
 * byte buffer; if it wraps an address alone, they are copied once more. Nothing is allocated as
 * long as the buffers wrap the same memory from call to call.
 *
 * <p><b>Thread rule:</b> that of the store, one thread at a time. Errors are those of the store;
 * where a range does not lie inside its buffer, {@link IndexOutOfBoundsException}.
 */
@SuppressWarnings("exports") // who calls this has Agrona, and nobody else is to need it
public final class DirectBufferStore {
  /**
   * What {@link #get(DirectBuffer, int, int, MutableDirectBuffer, int)} answers for no such key.
   */
  public static final int ABSENT = -1;

  private final Store store;
  private final BufferSegment key = new BufferSegment();
  private final BufferSegment value = new BufferSegment();
  private final ValueView view = new ValueView();

  /**
   * Sees a store through buffers.
   *
   * @param store the store
   */
  public DirectBufferStore(Store store) {
    this.store = Objects.requireNonNull(store, "store");
  }

  /**
   * Copies a value into a buffer. Where it does not fit there, nothing is copied and the answer
   * tells how much room it takes. The buffer is not expanded.
   *
   * @param keyBuffer the buffer that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param target the buffer to copy to
   * @param targetOffset where the copy is to start
   * @return the length of the value, or {@link #ABSENT}
   */
  public int get(
      DirectBuffer keyBuffer,
      int keyOffset,
      int keyLength,
      MutableDirectBuffer target,
      int targetOffset) {
    if (!get(keyBuffer, keyOffset, keyLength, view)) {
      return ABSENT;
    }
    int length = view.length();
    target.boundsCheck(targetOffset, 0);
    if (length > target.capacity() - targetOffset) {
      return length;
    }
    target.boundsCheck(targetOffset, length);
    if (value.isWrapping(target)) {
      view.copyTo(value.segment(), value.offset(targetOffset));
    } else {
      target.putBytes(targetOffset, view.toByteArray());
    }
    return length;
  }

  /**
   * Points a view at a value, without a copy.
   *
   * @param keyBuffer the buffer that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param view the view to fill; untouched where the key is absent
   * @return whether the key is present
   */
  public boolean get(DirectBuffer keyBuffer, int keyOffset, int keyLength, ValueView view) {
    key.read(keyBuffer, keyOffset, keyLength);
    return store.get(key.segment(), key.offset(keyOffset), keyLength, view);
  }

  /**
   * Says whether a key is present.
   *
   * @param keyBuffer the buffer that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @return whether it is
   */
  public boolean contains(DirectBuffer keyBuffer, int keyOffset, int keyLength) {
    key.read(keyBuffer, keyOffset, keyLength);
    return store.contains(key.segment(), key.offset(keyOffset), keyLength);
  }

  /**
   * Stores a value if the condition allows it.
   *
   * @param condition when to store
   * @param keyBuffer the buffer that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param valueBuffer the buffer that holds the value
   * @param valueOffset where it starts
   * @param valueLength its length
   * @param deadlineMs when the entry expires, or {@link Store#NO_DEADLINE}
   * @return whether the condition allowed it
   */
  public boolean put(
      PutCondition condition,
      DirectBuffer keyBuffer,
      int keyOffset,
      int keyLength,
      DirectBuffer valueBuffer,
      int valueOffset,
      int valueLength,
      long deadlineMs) {
    key.read(keyBuffer, keyOffset, keyLength);
    value.read(valueBuffer, valueOffset, valueLength);
    return store.put(
        condition,
        key.segment(),
        key.offset(keyOffset),
        keyLength,
        value.segment(),
        value.offset(valueOffset),
        valueLength,
        deadlineMs);
  }

  /**
   * Removes a key.
   *
   * @param keyBuffer the buffer that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @return whether it was present
   */
  public boolean remove(DirectBuffer keyBuffer, int keyOffset, int keyLength) {
    key.read(keyBuffer, keyOffset, keyLength);
    return store.remove(key.segment(), key.offset(keyOffset), keyLength);
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param keyBuffer the buffer that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param delta what to add, possibly negative
   * @return the new number
   */
  public long increment(DirectBuffer keyBuffer, int keyOffset, int keyLength, long delta) {
    key.read(keyBuffer, keyOffset, keyLength);
    return store.increment(key.segment(), key.offset(keyOffset), keyLength, delta);
  }
}
