package io.fkvs.store.durable;

import io.fkvs.store.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/**
 * Writes a base or a snapshot: entries as a scan tells of them, in frames as long as a chunk, to a
 * file in the thread that scans. {@link HandedBase} hands them to a thread of its own.
 *
 * <p>One thread.
 */
class BaseWriter extends FrameWriter implements Journal, RecordVisitor {
  /** Synced piece by piece, so that the disk is not asked for all of it at once in the end. */
  private static final long SYNCED_BYTES = 16 << 20;

  private final FileHeader header;
  private final ClampedClock clock;
  private final FrameSealer sealer;
  private DiskFile file;
  private Chunk chunk;
  private long position = FileHeader.BYTES;
  private long unsyncedBytes;
  private long records;

  /** The length of all keys and values so far. */
  private long scannedBytes;

  /**
   * Writes a base.
   *
   * @param header its header
   * @param clock what the scan goes by: what had expired for it must not be missed later
   */
  BaseWriter(FileHeader header, ClampedClock clock) {
    this.header = header;
    this.clock = clock;
    sealer = new FrameSealer(header.fileId(), 0);
  }

  /** Takes the file, which has its header. */
  final void start(DiskFile startedFile) {
    file = startedFile;
  }

  final FileHeader header() {
    return header;
  }

  /** How many entries are about so long, if they are like those so far; at least 1. */
  final int entriesOf(int bytes) {
    return (int) Math.max(1, bytes * Math.max(1, records) / Math.max(1, scannedBytes));
  }

  // ---- what a scan tells

  @Override
  public final void onPut(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    records++;
    scannedBytes += keyLength + (long) valueLength;
    put(key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
  }

  @Override
  public final boolean onDeadline(
      MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
    records++;
    deadline(key, keyOffset, keyLength, deadlineMs);
    return true;
  }

  @Override
  public final void onRemove(MemorySegment key, long keyOffset, int keyLength) {
    records++;
    remove(key, keyOffset, keyLength);
  }

  @Override
  public final void onClear() {
    records++;
    clear();
  }

  // ---- what a log tells

  @Override
  public final void onPut(
      MemorySegment bytes,
      long keyOffset,
      int keyLength,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    onPut(bytes, keyOffset, keyLength, bytes, valueOffset, valueLength, deadlineMs);
  }

  @Override
  public final void onDeadline(
      MemorySegment bytes, long keyOffset, int keyLength, long deadlineMs) {
    onDeadline(bytes, keyOffset, keyLength, 0, deadlineMs);
  }

  /** Writes the end: the file holds nothing that was done after a frame of the log. */
  final void end(long lastContained) {
    end(records, lastContained);
    endGroup();
    onFull(detach());
  }

  // ---- the file

  final void write(Chunk full) throws IOException {
    sealer.seal(full, 0, full.end, Long.MAX_VALUE); // a base has nothing that is not yet synced
    file.write(full.content(0, full.end), position);
    position += full.end;
    unsyncedBytes += full.end;
    if (unsyncedBytes > SYNCED_BYTES) {
      file.force();
      unsyncedBytes = 0;
    }
  }

  /** Has everything synced; answers the length of the file. */
  final long finish() throws IOException {
    file.force();
    file.close();
    return position;
  }

  /** Gives up. */
  final void abandon() throws IOException {
    if (file != null) {
      file.close();
    }
  }

  // ---- frames

  @Override
  Chunk emptyChunk() {
    Chunk empty = chunk == null ? new Chunk() : chunk;
    chunk = null;
    return empty;
  }

  @Override
  void onFull(Chunk full) {
    try {
      write(full);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    full.clear();
    chunk = full;
  }

  @Override
  final long timeMs() {
    return clock.lastMs();
  }
}
