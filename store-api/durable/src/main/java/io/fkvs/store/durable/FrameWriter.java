package io.fkvs.store.durable;

import io.fkvs.store.KeyValueStore;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Writes records in frames to chunks. A frame lies in one chunk and is finished in place, so that
 * its length and its checksum may follow its records; only a record that is longer than a chunk has
 * a frame of its own that goes from chunk to chunk, its length known before.
 *
 * <p>One thread at a time, as the subclass sees to it.
 */
abstract class FrameWriter {
  private static final int NONE = -1;

  private final CRC32C crc = new CRC32C();

  /** What stands before key and value in the record that is being added. */
  private final ByteBuffer header =
      ByteBuffer.allocateDirect(Frames.MAX_RECORD_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment headerMemory = MemorySegment.ofBuffer(header);

  private Chunk chunk;

  /** Where the open frame starts in the chunk, or {@link #NONE}. */
  private int start = NONE;

  private int count;

  /** Whether a frame of the group has been finished already. */
  private boolean isBegun;

  private long sequence;

  // ---- what a subclass does

  /** An empty chunk, possibly after a while. */
  abstract Chunk emptyChunk();

  /** Takes a chunk that nothing will be added to. */
  abstract void onFull(Chunk full);

  abstract int fileId();

  abstract long timeMs();

  abstract int behind(long sequence);

  /** The number of the last frame that is whole. */
  final long sequence() {
    return sequence;
  }

  final void setSequence(long last) {
    sequence = last;
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
    boolean isMortal = deadlineMs != KeyValueStore.NO_DEADLINE;
    header.clear();
    header.put(isMortal ? Frames.PUT_UNTIL : Frames.PUT);
    header.putShort((short) keyLength);
    header.putInt(valueLength);
    if (isMortal) {
      header.putLong(deadlineMs);
    }
    add(key, keyOffset, keyLength, value, valueOffset, valueLength);
  }

  final void remove(MemorySegment key, long keyOffset, int keyLength) {
    header.clear();
    header.put(Frames.REMOVE);
    header.putShort((short) keyLength);
    add(key, keyOffset, keyLength, MemorySegment.NULL, 0, 0);
  }

  final void deadline(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    header.clear();
    header.put(Frames.DEADLINE);
    header.putShort((short) keyLength);
    header.putLong(deadlineMs);
    add(key, keyOffset, keyLength, MemorySegment.NULL, 0, 0);
  }

  final void clear() {
    header.clear();
    header.put(Frames.CLEAR);
    add(MemorySegment.NULL, 0, 0, MemorySegment.NULL, 0, 0);
  }

  final void end(long entries, long lastContained) {
    header.clear();
    header.put(Frames.END);
    header.putLong(entries);
    header.putLong(lastContained);
    add(MemorySegment.NULL, 0, 0, MemorySegment.NULL, 0, 0);
  }

  /** Adds a record to the open frame, or begins one; its first bytes are in the header. */
  private void add(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    int length = header.position() + keyLength + valueLength;
    if (length + Frames.OVERHEAD > Chunk.BYTES) {
      addAlone(length, key, keyOffset, keyLength, value, valueOffset, valueLength);
      return;
    }
    if (start == NONE || length + Frames.CRC_BYTES > chunk.room()) {
      begin(length);
    }
    copy(headerMemory, 0, header.position());
    copy(key, keyOffset, keyLength);
    copy(value, valueOffset, valueLength);
    count++;
  }

  private void copy(MemorySegment source, long offset, int length) {
    MemorySegment.copy(source, offset, chunk.memory, chunk.end, length);
    chunk.end += length;
  }

  /** Begins a frame where a record of that length fits, and lets the group go on in it. */
  private void begin(int length) {
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
    chunk.lastSequence = sequence;
  }

  /** Finishes the frame that is open. */
  private void finish(boolean more) {
    int length = chunk.end - start - Frames.HEADER_BYTES;
    fillHeader(start, length, count, more);
    crc.reset();
    crc.update(chunk.bytes.limit(chunk.end).position(start));
    chunk.bytes.clear();
    chunk.bytes.putInt(chunk.end, (int) crc.getValue());
    chunk.end += Frames.CRC_BYTES;
    chunk.lastSequence = sequence;
    start = NONE;
    count = 0;
    isBegun = more;
  }

  private void fillHeader(int at, int length, int records, boolean more) {
    sequence++;
    chunk.bytes.putInt(at + Frames.FILE_ID_AT, fileId());
    chunk.bytes.putInt(at + Frames.LENGTH_AT, length);
    chunk.bytes.putLong(at + Frames.SEQUENCE_AT, sequence);
    chunk.bytes.putLong(at + Frames.TIME_AT, timeMs());
    chunk.bytes.putInt(at + Frames.BEHIND_AT, behind(sequence));
    chunk.bytes.putInt(at + Frames.COUNT_AT, more ? records | Frames.MORE : records);
  }

  // ---- frames longer than a chunk

  private void addAlone(
      int length,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength) {
    if (start != NONE) {
      finish(true);
    }
    nextChunk();
    fillHeader(0, length, 1, true);
    chunk.end = Frames.HEADER_BYTES;
    crc.reset();
    crc.update(chunk.bytes.limit(chunk.end).position(0));
    chunk.bytes.clear();
    stream(headerMemory, 0, header.position());
    stream(key, keyOffset, keyLength);
    stream(value, valueOffset, valueLength);
    if (chunk.room() < Frames.CRC_BYTES) {
      nextPart();
    }
    chunk.bytes.putInt(chunk.end, (int) crc.getValue());
    chunk.end += Frames.CRC_BYTES;
    chunk.lastSequence = sequence;
    isBegun = true;
  }

  private void stream(MemorySegment source, long offset, int length) {
    for (int done = 0; done < length; ) {
      if (chunk.room() == 0) {
        nextPart();
      }
      int part = Math.min(length - done, chunk.room());
      int at = chunk.end;
      copy(source, offset + done, part);
      crc.update(chunk.bytes.limit(chunk.end).position(at));
      chunk.bytes.clear();
      done += part;
    }
  }

  /** Goes on in another chunk amid a frame, which is not whole before its last one is written. */
  private void nextPart() {
    chunk.lastSequence = sequence - 1;
    nextChunk();
    chunk.lastSequence = sequence - 1;
  }

  // ---- groups

  /** Finishes the group: its last frame is the one that is open, or an empty one. */
  final void endGroup() {
    if (start == NONE && isBegun) {
      begin(0);
    }
    if (start != NONE) {
      finish(false);
    }
  }

  final boolean isGroupOpen() {
    return start != NONE || isBegun;
  }

  /** Gives up the chunk that is being filled, or answers null where nothing is in one. */
  final Chunk detach() {
    assert !isGroupOpen();
    Chunk detached = chunk;
    chunk = null;
    return detached;
  }

  /** Begins a file: the next frame is its first. */
  final void beginFile(FileHeader newFile) {
    assert !isGroupOpen();
    nextChunk();
    chunk.newFile = newFile;
  }

  final boolean hasChunk() {
    return chunk != null && (chunk.end > 0 || chunk.newFile != null);
  }
}
