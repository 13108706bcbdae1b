package io.fkvs.store.durable;

import java.io.IOException;
import java.util.List;

/** Reads what can be read of a damaged store, and says what cannot. */
final class Salvage {
  private final Disk disk;
  private final Manifest manifest;
  private final RecordVisitor target;
  private final List<String> drops;
  private long nextSequence;
  private long lastContained;
  private long records;
  private long timeMs = Long.MIN_VALUE;
  private boolean isEnded;

  Salvage(Disk disk, Manifest manifest, RecordVisitor target, List<String> drops) {
    this.disk = disk;
    this.manifest = manifest;
    this.target = target;
    this.drops = drops;
  }

  void run() throws IOException {
    if (manifest.base() != null) {
      readBase(manifest.base());
    }
    for (Manifest.LogFile log : manifest.logs()) {
      if (isEnded) {
        drops.add("all of " + log.fileName() + " is dropped, because it follows what is damaged");
      } else {
        readLog(log);
      }
    }
    if (lastSequence() < lastContained) {
      drops.add(
          "the base has some changes up to frame "
              + lastContained
              + ", the log ends at frame "
              + lastSequence()
              + ": what is kept is no state that there ever was");
    }
  }

  long lastSequence() {
    return Math.max(0, nextSequence - 1);
  }

  long records() {
    return records;
  }

  /** The last time in what was read. */
  long timeMs() {
    return timeMs;
  }

  private void readBase(Manifest.Base base) throws IOException {
    nextSequence = base.firstSequence();
    FileHeader header = header(FileHeader.Kind.BASE, base.fileName());
    if (header == null) {
      return;
    }
    try (DiskFile file = disk.open(base.fileName())) {
      long limit = Math.min(base.length(), file.size());
      FrameReader reader = new FrameReader(file, header, base.fileName(), limit);
      long sequence = 1;
      long position = FileHeader.BYTES;
      while (position < limit) {
        long length = reader.read(position, sequence);
        if (length == 0) {
          long next = reader.findLater(position, sequence, limit);
          drops.add(
              "bytes " + position + " to " + next + " of " + base.fileName() + " are dropped");
          sequence = next < limit ? reader.sequence() : sequence;
          position = next;
        } else {
          show(reader);
          position += length;
          sequence++;
        }
      }
      lastContained = reader.endSequence();
      if (reader.endEntries() < 0) {
        drops.add(base.fileName() + " has no end, so entries may be missing");
      } else {
        records--; // the end is none
      }
    }
  }

  private void readLog(Manifest.LogFile log) throws IOException {
    FileHeader header = header(FileHeader.Kind.LOG, log.fileName());
    boolean isNext =
        header != null && (nextSequence == 0 || header.firstSequence() == nextSequence);
    if (!isNext) {
      isEnded = true;
      drops.add("all of " + log.fileName() + " is dropped");
      return;
    }
    nextSequence = header.firstSequence();
    timeMs = Math.max(timeMs, header.timeMs());
    try (DiskFile file = disk.open(log.fileName())) {
      long limit = log.isOpen() ? file.size() : Math.min(log.length(), file.size());
      FrameReader reader = new FrameReader(file, header, log.fileName(), limit);
      long position = FileHeader.BYTES;
      long end;
      while ((end = reader.endOfGroup(position, nextSequence)) > 0) {
        while (position < end) {
          position += reader.read(position, nextSequence);
          show(reader);
          nextSequence++;
        }
      }
      tellEnd(log, reader, position, limit);
    }
  }

  private void tellEnd(Manifest.LogFile log, FrameReader reader, long position, long limit)
      throws IOException {
    boolean isWhole = !log.isOpen() && position == log.length();
    if (!isWhole && reader.lookBehind().bytes() > 0 || !log.isOpen() && !isWhole) {
      isEnded = true;
      drops.add(
          "bytes "
              + position
              + " to "
              + limit
              + " of "
              + log.fileName()
              + " are dropped, with frame "
              + nextSequence
              + " and those behind it");
    }
  }

  private void show(FrameReader reader) {
    timeMs = Math.max(timeMs, reader.timeMs());
    reader.forEach(target);
    records += reader.count();
  }

  private FileHeader header(FileHeader.Kind kind, String name) throws IOException {
    if (!disk.list().contains(name)) {
      drops.add(name + " is missing");
      return null;
    }
    try (DiskFile file = disk.open(name)) {
      return FileHeader.read(file, kind, name);
    } catch (CorruptException e) {
      drops.add("the header of " + name + " is damaged, and so all of it is dropped");
      return null;
    }
  }
}
