package io.fkvs.server.command;

import static io.fkvs.wire.CompactReplyEncoder.MAX_INTEGER_LENGTH;
import static io.fkvs.wire.CompactReplyEncoder.MAX_VALUE_HEADER_LENGTH;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.limits.Limits;
import io.fkvs.store.BytesView;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import io.fkvs.wire.CompactReplyEncoder;

/**
 * What answers a SCAN: the next cursor, the number of keys, the keys. The store is asked for a few
 * entries at a time until there are as many keys as wanted, or as many bytes or questions as one
 * request may cost. The keys wait in a buffer of their own, because the cursor stands before them.
 * Belongs to the thread of the event loop and allocates nothing.
 */
final class KeyPage implements ScanVisitor {
  /** The most memory that a page takes: its keys in a buffer of their own, and in the reply. */
  static final int MAX_BYTES =
      2 * (Limits.REPLY_SHARE_BYTES + Limits.SCAN_STEP_KEYS * (Store.MAX_KEY_BYTES + 1));

  private final BufferPool pool;
  private Buffer keys;
  private long count;

  KeyPage(BufferPool pool) {
    this.pool = pool;
  }

  /**
   * Writes a page of keys.
   *
   * @param cursor where to go on, 0 to begin
   * @param wanted how many keys the client would like; none counts as one
   */
  void write(long cursor, long wanted, Store store, Output output) {
    keys = pool.take(Limits.SMALLEST_BUFFER_BYTES);
    count = 0;
    try {
      long next = collect(cursor, Math.clamp(wanted, 1, Limits.SCAN_KEYS), store);
      output.reserve(2 * MAX_INTEGER_LENGTH, keys.length());
      output.advance(CompactReplyEncoder.integer(output.memory(), output.position(), next));
      output.advance(CompactReplyEncoder.integer(output.memory(), output.position(), count));
      output.append(keys.memory(), keys.start, keys.length());
    } finally {
      pool.give(keys);
      keys = null;
    }
  }

  private long collect(long cursor, int wanted, Store store) {
    long next = cursor;
    int scans = 0;
    do {
      int step = (int) Math.min(wanted - count, Limits.SCAN_STEP_KEYS);
      next = store.scan(next, step, this);
      scans++;
    } while (next != 0
        && count < wanted
        && keys.length() < Limits.REPLY_SHARE_BYTES
        && scans < Limits.SCAN_STEPS);
    return next;
  }

  @Override
  public void onEntry(BytesView key, ValueView value) {
    int length = MAX_VALUE_HEADER_LENGTH + key.length();
    if (keys.room() < length) {
      grow(length);
    }
    keys.end += CompactReplyEncoder.valueHeader(keys.memory(), keys.end, key.length());
    keys.end += key.copyTo(keys.memory(), keys.end);
    count++;
  }

  private void grow(int length) {
    Buffer larger = pool.take(Math.max(2 * keys.capacity(), keys.length() + length));
    larger.append(keys.memory(), 0, keys.length());
    pool.give(keys);
    keys = larger;
  }
}
