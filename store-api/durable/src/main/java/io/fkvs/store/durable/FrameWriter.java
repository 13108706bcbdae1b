package io.fkvs.store.durable;

import io.fkvs.store.KeyValueStore;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Lays records out in frames in chunks. A frame lies in one chunk and is finished in place, so that
 * its length may follow its records; only a record that is longer than a chunk has a frame of its
 * own that goes from chunk to chunk, its length known before. {@link FrameSealer} completes them.
 *
 * <p>One thread at a time, as the subclass sees to it.
 */
abstract class FrameWriter {
  private static final int NONE = -1;

  private Chunk chunk;

  /** Where the open frame starts in the chunk, or {@link #NONE}. */
  private int start = NONE;

  private int count;

  /** Whether the record that is being added has a frame of its own. */
  private boolean isAlone;

  /** Whether a frame of the group has been finished already. */
  private boolean isBegun;

  private long sequence;

  // ---- what a subclass does

  /** An empty chunk, possibly after a while. */
  abstract Chunk emptyChunk();

  /** Takes a chunk that nothing will be added to. */
  abstract void onFull(Chunk full);

  abstract long timeMs();

  /** The number of the last frame that is whole. */
  final long sequence() {
    return sequence;
  }

  /** Begins in a chunk, behind a frame. */
  final void start(Chunk first, long lastSequence) {
    chunk = first;
    sequence = lastSequence;
  }

  // ---- records

  final void put(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    if (deadlineMs == KeyValueStore.NO_DEADLINE) {
      int at = begin(Frames.PUT, Frames.PUT_HEADER_BYTES, keyLength + valueLength);
      chunk.bytes.putShort(at + 1, (short) keyLength);
      chunk.bytes.putInt(at + 3, valueLength);
    } else {
      int at = begin(Frames.PUT_UNTIL, Frames.PUT_UNTIL_HEADER_BYTES, keyLength + valueLength);
      chunk.bytes.putShort(at + 1, (short) keyLength);
      chunk.bytes.putInt(at + 3, valueLength);
      chunk.bytes.putLong(at + 7, deadlineMs);
    }
    copy(key, keyOffset, keyLength);
    copy(value, valueOffset, valueLength);
    end();
  }

  final void remove(MemorySegment key, long keyOffset, int keyLength) {
    int at = begin(Frames.REMOVE, Frames.REMOVE_HEADER_BYTES, keyLength);
    chunk.bytes.putShort(at + 1, (short) keyLength);
    copy(key, keyOffset, keyLength);
    end();
  }

  final void deadline(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    int at = begin(Frames.DEADLINE, Frames.DEADLINE_HEADER_BYTES, keyLength);
    chunk.bytes.putShort(at + 1, (short) keyLength);
    chunk.bytes.putLong(at + 3, deadlineMs);
    copy(key, keyOffset, keyLength);
    end();
  }

  final void clear() {
    begin(Frames.CLEAR, Frames.CLEAR_BYTES, 0);
    end();
  }

  final void end(long entries, long lastContained) {
    int at = begin(Frames.END, Frames.END_BYTES, 0);
    chunk.bytes.putLong(at + 1, entries);
    chunk.bytes.putLong(at + 9, lastContained);
    end();
  }

  /** Begins a record, in the open frame or in another one; answers where it starts. */
  private int begin(byte type, int headerBytes, int contentBytes) {
    int length = headerBytes + contentBytes;
    if (length + Frames.OVERHEAD > Chunk.BYTES) {
      beginAlone(length);
    } else if (start == NONE || length + Frames.CRC_BYTES > chunk.room()) {
      beginFrame(length);
    }
    int at = chunk.end;
    chunk.bytes.put(at, type);
    chunk.end = at + headerBytes;
    return at;
  }

  private void copy(MemorySegment source, long offset, int length) {
    Chunk target = chunk;
    if (length > target.room()) {
      stream(source, offset, length);
      return;
    }
    MemorySegment.copy(source, offset, target.memory, target.end, length);
    target.end += length;
  }

  private void end() {
    if (isAlone) {
      endAlone();
    } else {
      count++;
    }
  }

  /** Begins a frame where a record of that length fits, and lets the group go on in it. */
  private void beginFrame(int length) {
    if (start != NONE) {
      finish(true);
    }
    if (chunk == null || length + Frames.OVERHEAD > chunk.room()) {
      nextChunk();
    }
    start = chunk.end;
    chunk.end += Frames.HEADER_BYTES;
  }

  private void nextChunk() {
    if (chunk != null) {
      Chunk full = chunk;
      chunk = null;
      onFull(full);
    }
    chunk = emptyChunk();
  }

  /** Finishes the frame that is open. */
  private void finish(boolean more) {
    int length = chunk.end - start - Frames.HEADER_BYTES;
    fillHeader(start, length, count, more);
    chunk.end += Frames.CRC_BYTES;
    sequence++;
    start = NONE;
    count = 0;
    isBegun = more;
  }

  private void fillHeader(int at, int length, int records, boolean more) {
    ByteBuffer bytes = chunk.bytes;
    bytes.putInt(at + Frames.LENGTH_AT, length);
    bytes.putLong(at + Frames.TIME_AT, timeMs());
    bytes.putInt(at + Frames.COUNT_AT, more ? records | Frames.MORE : records);
  }

  // ---- frames longer than a chunk

  private void beginAlone(int length) {
    if (start != NONE) {
      finish(true);
    }
    nextChunk();
    fillHeader(0, length, 1, true);
    chunk.end = Frames.HEADER_BYTES;
    isAlone = true;
  }

  private void stream(MemorySegment source, long offset, int length) {
    for (int done = 0; done < length; ) {
      if (chunk.room() == 0) {
        nextChunk();
      }
      int part = Math.min(length - done, chunk.room());
      MemorySegment.copy(source, offset + done, chunk.memory, chunk.end, part);
      chunk.end += part;
      done += part;
    }
  }

  private void endAlone() {
    if (chunk.room() < Frames.CRC_BYTES) {
      nextChunk();
    }
    chunk.end += Frames.CRC_BYTES;
    sequence++;
    isAlone = false;
    isBegun = true;
  }

  // ---- groups

  /** Finishes the group: its last frame is the one that is open, or an empty one. */
  final void endGroup() {
    if (start == NONE && isBegun) {
      beginFrame(0);
    }
    if (start != NONE) {
      finish(false);
    }
  }

  private boolean isGroupOpen() {
    return start != NONE || isBegun;
  }

  /** The chunk that is being filled. */
  final Chunk chunk() {
    return chunk;
  }

  /** Gives up the chunk that is being filled. */
  final Chunk detach() {
    assert !isGroupOpen();
    Chunk detached = chunk;
    chunk = null;
    return detached;
  }

  /** Goes on in another chunk. */
  final void leaveChunk() {
    assert !isGroupOpen();
    nextChunk();
  }
}
