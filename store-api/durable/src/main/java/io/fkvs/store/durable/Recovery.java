package io.fkvs.store.durable;

import io.fkvs.store.StoreConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Reads a store from its files: the base, then every frame of the logs. Changes nothing in the
 * directory. {@code docs/durability.md} has the rules.
 */
class Recovery {
  /** How much is read between two reports of progress. */
  private static final long TOLD_BYTES = 1 << 20;

  private final Disk disk;
  private final Manifest manifest;
  private final RecordVisitor target;
  private final ClampedClock clock;

  /** The files of the directory, which does not change meanwhile. */
  private List<String> names = List.of();

  /** The next frame to be done, or 0 where the first log decides. */
  private long nextSequence;

  private long lastContained;
  private long replayedBytes;
  private long openLength;
  private long doubtfulStart;
  private long cutBytes;
  private long cutFrames;
  private long records;
  private long baseTimeMs;
  private Progress progress = (_, _) -> {};
  private long totalBytes;
  private long readBytes;
  private long toldBytes;

  /** Is told how far reading has come: how many bytes of how many. */
  interface Progress {
    void onRead(long readBytes, long totalBytes);
  }

  /**
   * Prepares to read.
   *
   * @param target is shown every record
   * @param clock is told the time before the records of that time are shown
   */
  Recovery(Disk disk, Manifest manifest, RecordVisitor target, ClampedClock clock) {
    this.disk = disk;
    this.manifest = manifest;
    this.target = target;
    this.clock = clock;
  }

  /** Sets who is told how far it has come. */
  final void setProgress(Progress progress) {
    this.progress = progress;
  }

  /** Does everything, or throws. */
  final void run() throws IOException {
    names = disk.list();
    totalBytes = totalBytes();
    if (manifest.base() != null) {
      readBase(manifest.base());
    }
    for (Manifest.LogFile log : manifest.logs()) {
      readLog(log);
    }
    if (nextSequence == 0) {
      nextSequence = 1;
    }
    if (nextSequence <= lastContained) {
      String file = manifest.logs().isEmpty() ? Manifest.NAME : lastLog().fileName();
      throw new CorruptException(
          "log ends before what the base contains", file, Math.max(openLength, 0));
    }
  }

  private long totalBytes() throws IOException {
    long bytes = manifest.base() == null ? 0 : manifest.base().length();
    for (Manifest.LogFile log : manifest.logs()) {
      if (!log.isOpen()) {
        bytes += log.length();
      } else if (names.contains(log.fileName())) {
        try (DiskFile file = disk.open(log.fileName())) {
          bytes += file.size();
        }
      }
    }
    return bytes;
  }

  private void onRead(long bytes) {
    readBytes += bytes;
    if (readBytes - toldBytes >= TOLD_BYTES) {
      toldBytes = readBytes;
      progress.onRead(readBytes, totalBytes);
    }
  }

  private Manifest.LogFile lastLog() {
    return manifest.logs().getLast();
  }

  /** The last frame that was done. */
  final long lastSequence() {
    return nextSequence - 1;
  }

  /** How many bytes of logs were read. */
  final long replayedBytes() {
    return replayedBytes;
  }

  /** Where the open log ends, or 0 where there is none. */
  final long openLength() {
    return openLength;
  }

  /** From where on the open log may not be on the disk, although it was read. */
  final long doubtfulStart() {
    return doubtfulStart;
  }

  final long cutBytes() {
    return cutBytes;
  }

  final long cutFrames() {
    return cutFrames;
  }

  final long records() {
    return records;
  }

  /** When the base was begun, 0 where there is none. */
  final long baseTimeMs() {
    return baseTimeMs;
  }

  // ---- the base

  /**
   * How many entries the end of the base says that it has: a hint, because nothing is checked, but
   * never more than its length has room for. 0 where there is no base.
   */
  static long expectedEntries(Disk disk, Manifest manifest) throws IOException {
    Manifest.Base base = manifest.base();
    if (base == null || !disk.list().contains(base.fileName())) {
      return 0;
    }
    ByteBuffer end = ByteBuffer.allocate(Frames.END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (DiskFile file = disk.open(base.fileName())) {
      long position = base.length() - Frames.CRC_BYTES - Frames.END_BYTES;
      if (position < FileHeader.BYTES || file.size() < base.length()) {
        return 0;
      }
      file.read(end, position);
    }
    long most = base.length() / Frames.LEAST_PUT_BYTES;
    return Math.clamp(end.getLong(1), 0, Math.min(most, StoreConfig.LARGEST_EXPECTED_ENTRIES));
  }

  private void readBase(Manifest.Base base) throws IOException {
    try (DiskFile file = openFile(base.fileName())) {
      checkLength(file, base.fileName(), base.length());
      FileHeader header = header(file, FileHeader.Kind.BASE, base.number());
      if (header.firstSequence() != base.firstSequence()) {
        throw new CorruptException("header differs from the manifest", base.fileName(), 0);
      }
      FrameReader reader = new FrameReader(file, header, base.fileName(), base.length());
      readBase(reader, header, base.length(), target);
      // That of a repair has no time of its own: then it is that of its content.
      baseTimeMs = header.timeMs() == Long.MIN_VALUE ? reader.timeMs() : header.timeMs();
      nextSequence = base.firstSequence();
      lastContained = reader.endSequence();
    }
  }

  /** Reads a whole base. */
  final void readBase(FrameReader reader, FileHeader header, long length, RecordVisitor visitor)
      throws IOException {
    long position = FileHeader.BYTES;
    long shown = 0;
    // The logs behind the base begin at this time. What expires later must not be gone already.
    clock.replay(header.timeMs());
    for (long sequence = 1; position < length; sequence++) {
      long frame = reader.read(position, sequence);
      if (frame == 0) {
        throw new CorruptException("frame is damaged", header.fileName(), position);
      }
      clock.advance(reader.timeMs());
      reader.forEach(visitor);
      shown += reader.count();
      position += frame;
      onRead(frame);
    }
    if (reader.endEntries() < 0 || reader.endEntries() != shown - 1) {
      throw new CorruptException("base has no end", header.fileName(), position);
    }
    records += shown - 1;
  }

  private static void checkLength(DiskFile file, String name, long length) throws IOException {
    if (file.size() < length) {
      throw new CorruptException("file is too short", name, file.size());
    }
  }

  // ---- logs

  private void readLog(Manifest.LogFile log) throws IOException {
    try (DiskFile file = openFile(log.fileName())) {
      long limit = log.isOpen() ? file.size() : log.length();
      checkLength(file, log.fileName(), limit);
      FileHeader header = header(file, FileHeader.Kind.LOG, log.number());
      if (nextSequence == 0) {
        nextSequence = header.firstSequence();
      }
      if (header.firstSequence() != nextSequence) {
        throw new CorruptException("log does not follow the one before", log.fileName(), 0);
      }
      clock.replay(header.timeMs());
      FrameReader reader = new FrameReader(file, header, log.fileName(), limit);
      DoubtfulTail tail = new DoubtfulTail();
      long end = readFrames(reader, tail);
      replayedBytes += end - FileHeader.BYTES;
      if (log.isOpen()) {
        openLength = end;
        doubtfulStart = tail.start();
      } else if (end < limit) {
        throw new CorruptException("frame is damaged", log.fileName(), reader.badPosition());
      }
    }
  }

  /** Does the frames of a log; answers where the last group ends that is whole. */
  private long readFrames(FrameReader reader, DoubtfulTail tail) throws IOException {
    long position = FileHeader.BYTES;
    while (true) {
      long end = reader.endOfGroup(position, nextSequence);
      if (end == 0) {
        settle(reader);
        return position;
      }
      while (position < end) {
        long frame = reader.read(position, nextSequence);
        tail.onFrame(nextSequence, position, reader.syncedSequence());
        position += frame;
        onRead(frame);
        clock.replay(reader.timeMs());
        reader.forEach(target);
        records += reader.count();
        nextSequence++;
      }
    }
  }

  /** Decides whether what follows the last whole group is a torn tail or damage. */
  private void settle(FrameReader reader) throws IOException {
    FrameReader.Rest rest = reader.lookBehind();
    if (rest.isDamage()) {
      throw new CorruptException(
          "frame is damaged that was synced", reader.name(), reader.badPosition());
    }
    cutBytes = rest.bytes();
    cutFrames = rest.validFrames();
  }

  private DiskFile openFile(String name) throws IOException {
    if (!names.contains(name)) {
      throw new CorruptException("file is missing", name, 0);
    }
    return disk.open(name);
  }

  private FileHeader header(DiskFile file, FileHeader.Kind kind, long number) throws IOException {
    String name = kind.fileName(number);
    FileHeader header = FileHeader.read(file, kind, name);
    if (header.storeId() != manifest.storeId() || header.number() != number) {
      throw new CorruptException("file belongs to another store", name, 0);
    }
    return header;
  }
}
