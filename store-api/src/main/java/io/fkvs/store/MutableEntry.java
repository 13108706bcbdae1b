package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * An entry while a function of {@link KeyValueStore#update} decides what becomes of it. The
 * function reads the present value and says at most one change; the last one counts. The change is
 * made when the function has returned, so a function that throws changes nothing, and {@link
 * #value} shows the old value until then.
 *
 * <p>It belongs to the thread that the function runs on and is valid until the function returns.
 * After that every method throws {@link IllegalStateException}. A new value is not copied before
 * the change is made: the array must stay as it is until {@code update} has returned.
 */
public final class MutableEntry {
  private enum Change {
    NONE,
    PUT,
    REMOVE
  }

  /** The present value, or null where the key is absent. */
  private final ValueView value;

  /** Whether the function is running. */
  private boolean isOpen = true;

  private Change change = Change.NONE;
  private byte[] newValue;
  private long newDeadlineMs;

  /** Whether the deadline is that of the present value, so that it stays of its kind. */
  private boolean keepsDeadline;

  MutableEntry(ValueView value) {
    this.value = value;
  }

  /**
   * Says whether the key is present.
   *
   * @return whether it was when the function was called
   */
  public boolean isPresent() {
    checkOpen();
    return value != null;
  }

  /**
   * The present value, its type and its deadline.
   *
   * @return the view, valid until the function returns, or {@code null} where the key is absent
   */
  public ValueView value() {
    checkOpen();
    return value;
  }

  /**
   * Puts a value with a deadline of its own.
   *
   * @param value the new value
   * @param deadlineMs when the entry expires, in milliseconds since the epoch, or {@link
   *     KeyValueStore#NO_DEADLINE}; one that has passed makes the key absent at once
   */
  public void put(byte[] value, long deadlineMs) {
    checkOpen();
    newValue = Objects.requireNonNull(value, "value");
    newDeadlineMs = deadlineMs;
    keepsDeadline = false;
    change = Change.PUT;
  }

  /**
   * Puts a value and keeps the present deadline. Where the key is absent, the entry gets none.
   *
   * @param value the new value
   */
  public void replace(byte[] value) {
    boolean isPresent = isPresent();
    put(value, isPresent ? this.value.deadlineMs() : KeyValueStore.NO_DEADLINE);
    keepsDeadline = isPresent;
  }

  /** Removes the entry. Where the key is absent, that does nothing. */
  public void remove() {
    checkOpen();
    change = Change.REMOVE;
  }

  /** A copy of the present value, or null where the key is absent. */
  byte[] copy() {
    return isPresent() ? value.toByteArray() : null;
  }

  /** Replaces the value by what a function computed, or removes the entry where that is null. */
  byte[] replaceOrRemove(byte[] computed) {
    if (computed == null) {
      remove();
    } else {
      replace(computed);
    }
    return computed;
  }

  /** Replaces the value where it is as expected; answers whether it was. */
  boolean compareAndSet(byte[] expected, byte[] value) {
    boolean isExpected =
        isPresent()
            && this.value.contentEquals(MemorySegment.ofArray(expected), 0, expected.length);
    if (isExpected) {
      replace(value);
    }
    return isExpected;
  }

  /**
   * Makes the change that the function has said.
   *
   * @param isIdle whether the present deadline is an idle one
   */
  void applyTo(
      AbstractStore store, MemorySegment key, long keyOffset, int keyLength, boolean isIdle) {
    switch (change) {
      case PUT -> {
        MemorySegment put = MemorySegment.ofArray(newValue);
        int length = newValue.length;
        if (keepsDeadline) {
          store.putAgain(key, keyOffset, keyLength, put, 0, length, newDeadlineMs, isIdle);
        } else {
          store.put(PutCondition.ALWAYS, key, keyOffset, keyLength, put, 0, length, newDeadlineMs);
        }
      }
      case REMOVE -> store.remove(key, keyOffset, keyLength);
      case NONE -> {}
    }
  }

  /** Tells a journal of the change that was made. */
  void tell(Journal journal, MemorySegment key, long keyOffset, int keyLength) {
    switch (change) {
      case PUT -> {
        MemorySegment put = MemorySegment.ofArray(newValue);
        journal.onPut(key, keyOffset, keyLength, put, 0, newValue.length, newDeadlineMs);
      }
      case REMOVE -> journal.onRemove(key, keyOffset, keyLength);
      case NONE -> {}
    }
  }

  /** Lets no change be said from now on. */
  void end() {
    isOpen = false;
  }

  private void checkOpen() {
    if (!isOpen) {
      throw new IllegalStateException("entry can no longer be changed: its function has returned");
    }
  }
}
