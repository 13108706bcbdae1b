package io.fkvs.store;

import java.lang.foreign.MemorySegment;

/**
 * A reusable window on a value that lies in a store: its bytes, its type and its deadline. Lifetime
 * and thread rule are those of every {@link BytesView}.
 */
public final class ValueView extends BytesView {
  private boolean isInt;
  private long deadlineMs;

  /** Takes copies of values, or null before the first. */
  private byte[] room;

  /** The room, as views are shown it. */
  private MemorySegment roomSegment;

  /** Creates a view that shows nothing yet. */
  public ValueView() {}

  void show(
      AbstractStore store,
      MemorySegment segment,
      long offset,
      int length,
      ValueType type,
      long deadlineMs) {
    show(store, segment, offset, length);
    this.isInt = type == ValueType.INT;
    this.deadlineMs = deadlineMs;
  }

  /** Where a copy of a value may lie that the view is to show; the view must be {@link #isFree}. */
  byte[] room() {
    if (room != null) {
      hideIf(roomSegment);
    } else {
      byte[] made = new byte[LookAhead.MAX_COPIED_BYTES];
      roomSegment = MemorySegment.ofArray(made);
      room = made;
    }
    return room;
  }

  /** Shows what {@link LookAhead#read} has copied to the {@link #room}. */
  void showRoom(AbstractStore store, long found) {
    showCopied(store, roomSegment, LookAhead.length(found));
    isInt = LookAhead.type(found) == ValueType.INT;
    deadlineMs = Store.NO_DEADLINE;
  }

  /**
   * The value's type.
   *
   * @return the type that its bytes had when it was put
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public ValueType type() {
    checkFresh();
    return isInt ? ValueType.INT : ValueType.RAW;
  }

  /**
   * When the entry expires.
   *
   * @return milliseconds since the epoch, or {@link Store#NO_DEADLINE}
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public long deadlineMs() {
    checkFresh();
    return deadlineMs;
  }

  /**
   * Reads an {@link ValueType#INT} value as a number.
   *
   * @return the number
   * @throws NotAnIntegerException if the value is {@link ValueType#RAW}
   * @throws IllegalStateException if the view is stale or was never filled
   */
  public long toLong() {
    checkFresh();
    if (!isInt) {
      throw new NotAnIntegerException("value is not an integer: valueLength=" + length());
    }
    return parseInteger();
  }

  /** Tells a journal that this value was put. */
  void tell(Journal journal, MemorySegment key, long keyOffset, int keyLength) {
    tell(journal, key, keyOffset, keyLength, deadlineMs);
  }
}
