package io.fkvs.store.durable;

import io.fkvs.store.KeyValueStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Reads the frames of a file. Nothing that the file says is believed before the checksum is right:
 * a length is held against what is left of the file, and a long frame is checked piece by piece
 * before memory is taken for it.
 *
 * <p>One thread.
 */
final class FrameReader {
  private static final int WINDOW_BYTES = 1 << 20;

  private final DiskFile file;
  private final FileHeader header;
  private final String name;
  private final long limit;
  private final CRC32C crc = new CRC32C();

  /** A piece of the file. */
  private final ByteBuffer window;

  private final MemorySegment windowMemory;
  private long windowStart;
  private int windowLength;

  // The last valid frame.
  private long sequence;
  private long timeMs;
  private long syncedSequence;
  private int count;
  private boolean hasMore;
  private MemorySegment records;
  private long recordsOffset;
  private int recordsLength;
  private long recordsPosition;

  /** What the end of a base says. */
  private long endEntries = -1;

  private long endSequence;

  /**
   * Reads a file.
   *
   * @param file the file
   * @param header its header
   * @param name its name, for those who are told of damage
   * @param limit where to stop, in bytes from its start
   */
  FrameReader(DiskFile file, FileHeader header, String name, long limit) {
    this.file = file;
    this.header = header;
    this.name = name;
    this.limit = limit;
    int room = Math.clamp(limit, Frames.OVERHEAD, WINDOW_BYTES);
    window = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
    windowMemory = MemorySegment.ofBuffer(window);
  }

  // ---- frames

  /**
   * Looks for a frame.
   *
   * @param position where it would start
   * @param expected its sequence number, or 0 for any
   * @return its length, or 0 where no valid frame lies there
   */
  long read(long position, long expected) throws IOException {
    if (recordsPosition == position + Frames.HEADER_BYTES && sequence == expected) {
      return Frames.OVERHEAD + (long) recordsLength;
    }
    if (limit - position < Frames.OVERHEAD) {
      return 0;
    }
    int at = load(position, Frames.HEADER_BYTES);
    if (at < 0 || window.getInt(at + Frames.FILE_ID_AT) != header.fileId()) {
      return 0;
    }
    int length = window.getInt(at + Frames.LENGTH_AT);
    long foundSequence = window.getLong(at + Frames.SEQUENCE_AT);
    if (length < 0
        || length > limit - position - Frames.OVERHEAD
        || expected != 0 && foundSequence != expected) {
      return 0;
    }
    long foundTimeMs = window.getLong(at + Frames.TIME_AT);
    long behind = Integer.toUnsignedLong(window.getInt(at + Frames.BEHIND_AT));
    int foundCount = window.getInt(at + Frames.COUNT_AT);
    if (!isChecksumRight(position, Frames.HEADER_BYTES + (long) length)) {
      return 0;
    }
    sequence = foundSequence;
    timeMs = foundTimeMs;
    syncedSequence = foundSequence - behind;
    count = foundCount & ~Frames.MORE;
    hasMore = (foundCount & Frames.MORE) != 0;
    takeRecords(position + Frames.HEADER_BYTES, length);
    return Frames.OVERHEAD + (long) length;
  }

  private boolean isChecksumRight(long position, long length) throws IOException {
    crc.reset();
    for (long done = 0; done < length; ) {
      int part = (int) Math.min(length - done, window.capacity());
      int at = load(position + done, part);
      if (at < 0) {
        return false;
      }
      crc.update(window.array(), at, part);
      done += part;
    }
    int at = load(position + length, Frames.CRC_BYTES);
    return at >= 0 && window.getInt(at) == (int) crc.getValue();
  }

  private void takeRecords(long position, int length) throws IOException {
    recordsPosition = position;
    recordsLength = length;
    if (length <= window.capacity()) {
      recordsOffset = load(position, length);
      records = windowMemory;
      return;
    }
    ByteBuffer whole = allocate(length);
    file.read(whole, position);
    recordsOffset = 0;
    records = MemorySegment.ofArray(whole.array());
  }

  private ByteBuffer allocate(int length) {
    try {
      records = null; // of the frame before
      return ByteBuffer.allocate(length);
    } catch (OutOfMemoryError e) {
      throw new DurableException(
          "heap is too small for a frame: file=" + name + ", bytes=" + length, e);
    }
  }

  /** Has a part of the file in the window; answers where, or -1 where the file ends before. */
  private int load(long position, int length) throws IOException {
    if (position < windowStart || position + length > windowStart + windowLength) {
      window.clear();
      window.limit(Math.clamp(limit - position, 0, window.capacity()));
      file.read(window, position);
      windowStart = position;
      windowLength = window.position();
      window.clear();
    }
    return position + length > windowStart + windowLength ? -1 : (int) (position - windowStart);
  }

  long sequence() {
    return sequence;
  }

  long timeMs() {
    return timeMs;
  }

  /** Up to which frame the log was synced when the frame was appended. */
  long syncedSequence() {
    return syncedSequence;
  }

  int count() {
    return count;
  }

  boolean hasMore() {
    return hasMore;
  }

  // ---- what lies behind a frame that is not valid

  /** What is known of the bytes behind the last valid frame. */
  record Rest(long bytes, long validFrames, boolean isDamage) {}

  private long badPosition;
  private long badSequence;

  /** Where the group ends that starts at a position, or 0 where it is not whole. */
  long endOfGroup(long start, long startSequence) throws IOException {
    long position = start;
    long expected = startSequence;
    do {
      long length = read(position, expected);
      if (length == 0) {
        badPosition = position;
        badSequence = expected;
        return 0;
      }
      position += length;
      expected++;
    } while (hasMore);
    return position;
  }

  /** Where the frame starts that is not valid. */
  long badPosition() {
    return badPosition;
  }

  String name() {
    return name;
  }

  /**
   * Looks behind the frame that is not valid for frames that are, and for one among them that says
   * that this one was synced. Zeros are passed over, but for those that the id of the file, and so
   * each frame, begins with.
   */
  Rest lookBehind() throws IOException {
    long position = badPosition;
    long expected = badSequence;
    long lastByte = position;
    long valid = 0;
    long patience = patience(limit - position);
    int zerosOfId = Integer.numberOfTrailingZeros(header.fileId()) / Byte.SIZE;
    for (long next = position; next < limit; ) {
      int at = load(next, 1);
      if (at < 0) {
        break;
      }
      int end = windowLength;
      while (at < end && window.get(at) == 0) {
        at++;
      }
      next = windowStart + at;
      if (at == end) {
        continue;
      }
      lastByte = next + 1;
      long start = next - zerosOfId;
      long length = start <= position ? 0 : readLater(start, expected);
      if (length > 0) {
        valid++;
        if (syncedSequence >= expected) {
          return new Rest(limit - position, valid, true);
        }
        next = start + length;
        lastByte = next;
      } else {
        patience += length;
        if (patience < 0) {
          return new Rest(limit - position, valid, true);
        }
        next++;
      }
    }
    return new Rest(lastByte - position, valid, false);
  }

  /**
   * Looks for the next valid frame with a later number.
   *
   * @return where it starts, or the end where there is none
   */
  long findLater(long position, long expected, long end) throws IOException {
    long patience = patience(end - position);
    for (long next = position + 1; next < end && patience >= 0; next++) {
      long found = readLater(next, expected);
      if (found > 0) {
        return next;
      }
      patience += found;
    }
    return end;
  }

  /**
   * How many bytes of what looks like frames and is none are read in search of one: who chooses
   * values could write such.
   */
  private static long patience(long bytes) {
    return 4 * bytes + WINDOW_BYTES;
  }

  /** Reads a frame with a later number; answers its length, or less than 1 what it cost to see. */
  private long readLater(long position, long expected) throws IOException {
    if (limit - position < Frames.OVERHEAD) {
      return 0;
    }
    int at = load(position, Frames.HEADER_BYTES);
    if (at < 0 || window.getInt(at) != header.fileId()) {
      return 0;
    }
    long later = window.getLong(at + Frames.SEQUENCE_AT) - expected;
    int length = window.getInt(at + Frames.LENGTH_AT);
    boolean isPossible = later > 0 && later <= limit / Frames.OVERHEAD;
    if (!isPossible || length < 0 || length > limit - position - Frames.OVERHEAD) {
      return 0;
    }
    long found = read(position, 0);
    return found > 0 ? found : -length;
  }

  // ---- records

  /** Shows the records of the last valid frame. */
  void forEach(RecordVisitor visitor) {
    long offset = recordsOffset;
    long end = recordsOffset + recordsLength;
    for (int i = 0; i < count; i++) {
      if (endEntries >= 0) {
        throw damaged(offset);
      }
      offset = show(offset, end, visitor);
    }
    if (offset != end) {
      throw damaged(offset);
    }
  }

  private CorruptException damaged(long offset) {
    return new CorruptException(
        "record is damaged", name, recordsPosition + offset - recordsOffset);
  }

  private long show(long offset, long end, RecordVisitor visitor) {
    long next = check(offset, end, 1);
    byte type = records.get(ValueLayout.JAVA_BYTE, offset);
    switch (type) {
      case Frames.PUT, Frames.PUT_UNTIL -> {
        next = check(next, end, 2 + 4);
        int keyLength = keyLength(offset + 1);
        int valueLength = records.get(INT, offset + 3);
        long deadlineMs = KeyValueStore.NO_DEADLINE;
        if (type == Frames.PUT_UNTIL) {
          deadlineMs = records.get(LONG, check(next, end, 8) - 8);
          next += 8;
        }
        long key = next;
        long value = check(key, end, keyLength);
        next = check(value, end, valueLength);
        visitor.onPut(records, key, keyLength, value, valueLength, deadlineMs);
      }
      case Frames.REMOVE -> {
        long key = check(next, end, 2);
        next = check(key, end, keyLength(offset + 1));
        visitor.onRemove(records, key, (int) (next - key));
      }
      case Frames.DEADLINE -> {
        long key = check(next, end, 2 + 8);
        next = check(key, end, keyLength(offset + 1));
        visitor.onDeadline(records, key, (int) (next - key), records.get(LONG, offset + 3));
      }
      case Frames.CLEAR -> visitor.onClear();
      case Frames.END -> {
        next = check(next, end, 16);
        if (header.kind() != FileHeader.Kind.BASE) {
          throw damaged(offset);
        }
        endEntries = records.get(LONG, offset + 1);
        endSequence = records.get(LONG, offset + 9);
      }
      default -> throw damaged(offset);
    }
    return next;
  }

  private int keyLength(long offset) {
    return Short.toUnsignedInt(records.get(SHORT, offset));
  }

  private long check(long offset, long end, int length) {
    if (length < 0 || length > end - offset) {
      throw damaged(offset);
    }
    return offset + length;
  }

  /** How many records the base says that it has, or -1 where its end was not met. */
  long endEntries() {
    return endEntries;
  }

  /** The last change that the base may contain. */
  long endSequence() {
    return endSequence;
  }

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
}
