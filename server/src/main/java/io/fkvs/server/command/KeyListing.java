package io.fkvs.server.command;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.BytesView;
import io.fkvs.store.Decimal;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;

/**
 * The text that answers KEYS: {@code 1) key}, a newline, {@code 2) key}, without a final newline.
 * It stops as soon as the keys cannot fit, so that a large store costs no more than a small one.
 * Belongs to the thread of the event loop and allocates nothing.
 */
final class KeyListing implements ScanVisitor {
  /** The answer of {@link #write} where the keys do not fit. */
  static final int TOO_LONG = -1;

  /** How many keys to ask the store for at a time: few enough to stop soon. */
  private static final int KEYS_PER_SCAN = 128;

  /** The bytes behind an entry's number: a bracket and a space. */
  private static final int SEPARATOR_LENGTH = 2;

  private MemorySegment target;
  private long position;
  private long limit;
  private long count;
  private boolean isTooLong;

  /**
   * Writes the listing.
   *
   * @param room how many bytes may be written
   * @return the number of bytes written, or {@link #TOO_LONG}
   */
  int write(Store store, MemorySegment target, long offset, int room) {
    this.target = target;
    position = offset;
    limit = offset + room;
    count = 0;
    isTooLong = false;
    long cursor = 0;
    do {
      cursor = store.scan(cursor, KEYS_PER_SCAN, this);
    } while (cursor != 0 && !isTooLong);
    this.target = null;
    return isTooLong ? TOO_LONG : (int) (position - offset);
  }

  @Override
  public void onEntry(BytesView key, ValueView value) {
    if (isTooLong) {
      return;
    }
    count++;
    int newline = count == 1 ? 0 : 1;
    long needed = newline + Decimal.length(count) + SEPARATOR_LENGTH + key.length();
    if (needed > limit - position) {
      isTooLong = true;
      return;
    }
    if (newline == 1) {
      append('\n');
    }
    position += Decimal.write(count, target, position);
    append(')');
    append(' ');
    position += key.copyTo(target, position);
  }

  private void append(char ascii) {
    target.set(JAVA_BYTE, position, (byte) ascii);
    position++;
  }
}
