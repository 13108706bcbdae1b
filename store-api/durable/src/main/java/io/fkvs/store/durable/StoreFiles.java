package io.fkvs.store.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files of a store and the manifest that names them. The order in which things become durable
 * is decided here: what a manifest names, before the manifest; the manifest, before old files go.
 *
 * <p>Any thread: each method is one step. Those that change the directory keep others out until the
 * disk has done it; {@link #manifest}, {@link #newHeader} and {@link #nextNumber} wait for nobody,
 * because whoever changes the store calls them.
 */
class StoreFiles {
  private final Disk disk;
  private final AtomicLong next;
  private volatile Manifest manifest;

  /**
   * Manages the files of a store.
   *
   * @param disk the directory
   * @param manifest what it says now
   */
  StoreFiles(Disk disk, Manifest manifest) {
    this.disk = disk;
    this.manifest = manifest;
    this.next = new AtomicLong(manifest.next());
  }

  final Disk disk() {
    return disk;
  }

  final Manifest manifest() {
    return manifest;
  }

  /** The header of a new file: a number that no other has had, and a random id. */
  FileHeader newHeader(FileHeader.Kind kind, long number, long firstSequence, long timeMs) {
    int fileId;
    do {
      fileId = ThreadLocalRandom.current().nextInt();
    } while (fileId == 0);
    return new FileHeader(kind, fileId, manifest.storeId(), number, firstSequence, timeMs);
  }

  final long nextNumber() {
    return next.getAndIncrement();
  }

  /** Makes a file with its header, which is durable, and its name, too. */
  DiskFile create(FileHeader header) throws IOException {
    DiskFile file = disk.create(header.fileName());
    try {
      file.write(header.encode(), 0);
      file.force();
      disk.sync();
      return file;
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  /**
   * Writes a part of a file again as it is, and syncs it. What can be read of a file need not be on
   * the disk, nor does a sync bring it there, where an earlier one has failed: {@link
   * DoubtfulTail}. What is on the disk already stays as it is, also if the disk crashes meanwhile.
   */
  final void rewrite(String name, long from, long to) throws IOException {
    try (DiskFile file = disk.open(name)) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(Chunk.BYTES);
      for (long position = from; position < to; position += bytes.limit()) {
        bytes.clear().limit((int) Math.min(bytes.capacity(), to - position));
        file.read(bytes, position);
        if (bytes.hasRemaining()) {
          throw new IOException("file has become shorter: file=" + name);
        }
        file.write(bytes.flip(), position);
      }
      file.force();
    }
  }

  /** Names a new log, behind one that is finished at a length. */
  final synchronized void addLog(long number, long finishedLength) throws IOException {
    boolean isLastOpen = !manifest.logs().isEmpty() && manifest.logs().getLast().isOpen();
    Manifest finished = isLastOpen ? manifest.withLastLogFinished(finishedLength) : manifest;
    replace(finished.withLog(number));
  }

  /** Finishes the last log. */
  final synchronized void finish(long length) throws IOException {
    replace(manifest.withLastLogFinished(length));
  }

  /** Names a base, which is durable, and deletes what it makes superfluous. */
  synchronized void setBase(Manifest.Base base) throws IOException {
    replace(manifest.withBase(base));
    deleteOthers();
  }

  /** Writes a manifest and puts it in the place of the one before. */
  synchronized void replace(Manifest newManifest) throws IOException {
    if (disk.list().contains(Manifest.NEW_NAME)) {
      disk.delete(Manifest.NEW_NAME);
    }
    try (DiskFile file = disk.create(Manifest.NEW_NAME)) {
      byte[] text = newManifest.encode().getBytes(StandardCharsets.US_ASCII);
      file.write(ByteBuffer.wrap(text), 0);
      file.force();
    }
    disk.rename(Manifest.NEW_NAME, Manifest.NAME);
    disk.sync();
    manifest = newManifest;
  }

  /**
   * Deletes what a killed process or a crash has left. Before that it makes the manifest durable
   * that was read: a process may have been killed when it had renamed it and not yet synced, and a
   * crash could still bring the one before back, which names files that are deleted here.
   */
  final synchronized void deleteRemains() throws IOException {
    disk.sync();
    deleteOthers();
  }

  /**
   * Deletes bases and logs that the manifest does not name, and what a crash left of a manifest.
   * The manifest is durable.
   */
  final synchronized void deleteOthers() throws IOException {
    for (String name : disk.list()) {
      boolean isOurs = isContent(name) || name.equals(Manifest.NEW_NAME);
      if (isOurs && !manifest.names(name)) {
        disk.delete(name);
      }
    }
  }

  /** Whether a base or a log has such a name. */
  static boolean isContent(String name) {
    return FileHeader.Kind.LOG.isNameOf(name) || FileHeader.Kind.BASE.isNameOf(name);
  }

  /** Whether a store gives its own files such a name. */
  static boolean isOwn(String name) {
    return isContent(name)
        || List.of(Manifest.NAME, Manifest.NEW_NAME, FileDisk.LOCK_FILE).contains(name);
  }

  /** Reads the manifest of a directory, or answers null where there is none. */
  static Manifest read(Disk disk) throws IOException {
    if (!disk.list().contains(Manifest.NAME)) {
      return null;
    }
    try (DiskFile file = disk.open(Manifest.NAME)) {
      long size = file.size();
      if (size > Manifest.MAX_BYTES) {
        throw new CorruptException("manifest is too long", Manifest.NAME, Manifest.MAX_BYTES);
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      file.read(bytes, 0);
      return Manifest.decode(new String(bytes.array(), StandardCharsets.ISO_8859_1));
    }
  }
}
