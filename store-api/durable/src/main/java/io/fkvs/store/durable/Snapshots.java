package io.fkvs.store.durable;

import io.fkvs.store.JournaledStore;
import io.fkvs.store.KeyValueStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Writes and restores snapshots: the content of a store at one instant, in one file. */
final class Snapshots {
  /** A snapshot is the first file of the store that is made of it. */
  static final long NUMBER = 1;

  private static final String NEW = ".new";

  private Snapshots() {}

  /** Where a snapshot goes. */
  record Target(Disk disk, String name) {
    static Target of(Path file) {
      Path absolute = file.toAbsolutePath();
      try {
        return new Target(Disk.of(absolute.getParent()), absolute.getFileName().toString());
      } catch (IOException e) {
        throw new DurableException("snapshot cannot be written: file=" + file, e);
      }
    }

    /** Gives the room back that a file takes, which was not finished. */
    private void remove(String unfinished, Throwable cause) {
      try {
        disk.delete(unfinished);
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /**
   * Writes a snapshot. The instant is the end of the scan: what was changed during it is read from
   * the log and follows the entries.
   *
   * @param scanned the store, to be scanned
   * @param open its directory
   * @param seen the last frame whose change the scan will see in any case
   */
  static void write(Target target, KeyValueStore scanned, OpenStore open, long seen) {
    try {
      List<String> names = target.disk.list();
      if (names.contains(target.name)) {
        throw new IOException("file exists already");
      }
      if (names.contains(Manifest.NAME) && StoreFiles.isOwn(target.name)) {
        throw new IOException("the store of that directory names its own files so");
      }
      String unfinished = target.name + NEW;
      if (names.contains(unfinished)) {
        target.disk.delete(unfinished);
      }
      DiskFile file = target.disk.create(unfinished);
      try {
        write(file, scanned, open, seen);
        target.disk.rename(unfinished, target.name);
      } catch (IOException | RuntimeException | Error e) {
        target.remove(unfinished, e);
        throw e;
      }
      target.disk.sync();
    } catch (IOException e) {
      throw DiskErrors.describe("snapshot cannot be written: file=" + target.name, target.disk, e);
    }
  }

  private static void write(DiskFile file, KeyValueStore scanned, OpenStore open, long seen)
      throws IOException {
    Log log = open.log();
    FileHeader header =
        open.files().newHeader(FileHeader.Kind.BASE, NUMBER, seen + 1, open.clock().lastMs());
    BaseWriter writer = new BaseWriter(header, open.clock());
    writer.start(file);
    try {
      file.write(header.encode(), 0);
      scanned.forEach(JournaledStore.telling(writer));
      long instant = log.sequence();
      log.awaitDurable(instant);
      if (instant > seen) {
        copyFrames(open.files(), seen, instant, writer);
      }
      writer.end(instant);
      // The header says what follows the instant, which is known only now.
      file.write(header.withFirstSequence(instant + 1).encode(), 0);
      writer.finish();
    } catch (UncheckedIOException e) {
      writer.abandon();
      throw e.getCause();
    } catch (IOException | RuntimeException | Error e) {
      writer.abandon();
      throw e;
    }
  }

  /** Copies the records of frames out of the logs. */
  private static void copyFrames(StoreFiles files, long before, long last, BaseWriter writer)
      throws IOException {
    for (Manifest.LogFile log : files.manifest().logs()) {
      try (DiskFile file = files.disk().open(log.fileName())) {
        FileHeader header = FileHeader.read(file, FileHeader.Kind.LOG, log.fileName());
        FrameReader reader = new FrameReader(file, header, log.fileName(), file.size());
        long position = FileHeader.BYTES;
        long sequence = header.firstSequence();
        long length;
        while (sequence <= last && (length = reader.read(position, sequence)) > 0) {
          if (sequence > before) {
            reader.forEach(writer);
          }
          position += length;
          sequence++;
        }
      }
    }
  }

  /** Makes the files of a store out of a snapshot that was checked from end to end. */
  static void restore(Target snapshot, Disk disk) throws IOException {
    if (!disk.list().stream().allMatch(FileDisk.LOCK_FILE::equals)) {
      throw new IOException("directory is not empty");
    }
    try (DiskFile file = snapshot.disk.open(snapshot.name)) {
      FileHeader header = FileHeader.read(file, FileHeader.Kind.BASE, snapshot.name);
      DurableDirectory.checkBase(file, header, snapshot.name);
      Manifest empty = OpenStore.newManifest(disk);
      StoreFiles files = new StoreFiles(disk, empty);
      FileHeader restored =
          new FileHeader(
              FileHeader.Kind.BASE,
              header.fileId(),
              empty.storeId(),
              files.nextNumber(),
              header.firstSequence(),
              header.timeMs());
      long length = file.size();
      try (DiskFile base = files.create(restored)) {
        copy(file, base, length);
        base.force();
      }
      files.replace(
          new Manifest(
              empty.storeId(),
              restored.number() + 1,
              new Manifest.Base(restored.number(), length, restored.firstSequence()),
              empty.logs()));
    }
  }

  private static void copy(DiskFile source, DiskFile target, long length) throws IOException {
    Chunk chunk = new Chunk();
    for (long position = FileHeader.BYTES; position < length; position += chunk.end) {
      ByteBuffer bytes = chunk.content(0, (int) Math.min(Chunk.BYTES, length - position));
      source.read(bytes, position);
      chunk.end = bytes.position();
      target.write(chunk.content(0, chunk.end), position);
    }
  }
}
