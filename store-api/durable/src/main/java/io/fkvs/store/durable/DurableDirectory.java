package io.fkvs.store.durable;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * What can be done with the directory of a durable store while no store has it open. Each method
 * needs the directory for itself and throws {@link DurableException} where somebody has it open.
 */
public final class DurableDirectory {
  /** Looks at records and does nothing with them. */
  static final RecordVisitor NOWHERE =
      new RecordVisitor() {
        @Override
        public void onPut(
            MemorySegment bytes,
            long keyOffset,
            int keyLength,
            long valueOffset,
            int valueLength,
            long deadlineMs) {}

        @Override
        public void onRemove(MemorySegment bytes, long keyOffset, int keyLength) {}

        @Override
        public void onDeadline(
            MemorySegment bytes, long keyOffset, int keyLength, long deadlineMs) {}

        @Override
        public void onClear() {}
      };

  private DurableDirectory() {}

  /**
   * What a directory holds.
   *
   * @param files the files that make up the store, in the order in which they are read
   * @param records how many records they hold
   * @param sequence the number of the last frame
   * @param cutBytes the length of a torn tail that the next opening will cut off, 0 for none
   */
  public record Report(List<Part> files, long records, long sequence, long cutBytes) {
    /** Makes the list unmodifiable. */
    public Report {
      files = List.copyOf(files);
    }
  }

  /**
   * A file of a store.
   *
   * @param name its name
   * @param bytes how many bytes of it count; of a log that was not closed, how long it is
   */
  public record Part(String name, long bytes) {}

  /**
   * Says which files make up a store. Reads the manifest alone.
   *
   * @param directory the directory
   * @return the files, none for an empty directory
   * @throws CorruptException if the manifest is damaged
   * @throws DurableException if the directory cannot be read or is in use
   */
  public static List<Part> describe(Path directory) {
    return describe(existing(directory));
  }

  /**
   * Says which files make up a store, as {@link #describe(Path)} does.
   *
   * @param disk the directory
   * @return the files, none for an empty directory
   */
  public static List<Part> describe(Disk disk) {
    return locked(disk, () -> parts(disk, manifest(disk)));
  }

  private static List<Part> parts(Disk disk, Manifest manifest) throws IOException {
    List<Part> parts = new ArrayList<>();
    if (manifest.base() != null) {
      parts.add(new Part(manifest.base().fileName(), manifest.base().length()));
    }
    for (Manifest.LogFile log : manifest.logs()) {
      parts.add(new Part(log.fileName(), log.isOpen() ? size(disk, log) : log.length()));
    }
    return parts;
  }

  private static long size(Disk disk, Manifest.LogFile log) throws IOException {
    if (!disk.list().contains(log.fileName())) {
      throw new CorruptException("file is missing", log.fileName(), 0);
    }
    try (DiskFile file = disk.open(log.fileName())) {
      return file.size();
    }
  }

  /**
   * Reads every byte that counts, and says what is there. A torn tail is no damage.
   *
   * @param directory the directory
   * @return what it holds
   * @throws CorruptException if a file is damaged, with its name and the place
   * @throws DurableException if the directory cannot be read or is in use
   */
  public static Report check(Path directory) {
    return check(existing(directory));
  }

  /**
   * Reads every byte that counts, as {@link #check(Path)} does.
   *
   * @param disk the directory
   * @return what it holds
   */
  public static Report check(Disk disk) {
    return locked(
        disk,
        () -> {
          Manifest manifest = manifest(disk);
          Recovery recovery = new Recovery(disk, manifest, NOWHERE, noClock());
          recovery.run();
          return new Report(
              parts(disk, manifest),
              recovery.records(),
              recovery.lastSequence(),
              recovery.cutBytes());
        });
  }

  /**
   * Says what a repair would do. Changes nothing.
   *
   * @param directory the directory
   * @return the plan, which says what it drops before it does
   * @throws DurableException if the directory cannot be read or is in use
   */
  public static RepairPlan planRepair(Path directory) {
    return planRepair(existing(directory));
  }

  /**
   * Says what a repair would do, as {@link #planRepair(Path)} does.
   *
   * @param disk the directory
   * @return the plan
   */
  public static RepairPlan planRepair(Disk disk) {
    return locked(disk, () -> RepairPlan.of(disk));
  }

  /**
   * Makes a store of a snapshot. The snapshot is read from end to end before anything is made.
   *
   * @param snapshot the file
   * @param directory the directory to make the store in, empty or not there
   * @throws CorruptException if the snapshot is damaged
   * @throws DurableException if the one cannot be read or the other is not empty
   */
  public static void restore(Path snapshot, Path directory) {
    if (!Files.isRegularFile(snapshot)) {
      throw new DurableException("there is no such snapshot: file=" + snapshot, null);
    }
    Snapshots.Target source = Snapshots.Target.of(snapshot);
    restore(source.disk(), source.name(), DurableStore.disk(directory));
  }

  /**
   * Makes a store of a snapshot, as {@link #restore(Path, Path)} does.
   *
   * @param source where the snapshot is
   * @param name its name
   * @param disk the directory to make the store in
   */
  public static void restore(Disk source, String name, Disk disk) {
    locked(
        disk,
        () -> {
          Snapshots.restore(new Snapshots.Target(source, name), disk);
          return null;
        });
  }

  /** Reads a whole base or snapshot. */
  static void checkBase(DiskFile file, FileHeader header, String name) throws IOException {
    FrameReader reader = new FrameReader(file, header, name, file.size());
    new Recovery(null, null, NOWHERE, noClock()).readBase(reader, header, file.size(), NOWHERE);
  }

  /** A clock that nobody asks. */
  static ClampedClock noClock() {
    return new ClampedClock(InstantSource.system());
  }

  /** A directory that was mistyped is not to be made, and found whole. */
  private static Disk existing(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new DurableException("there is no such directory: directory=" + directory, null);
    }
    return DurableStore.disk(directory);
  }

  private static Manifest manifest(Disk disk) throws IOException {
    Manifest manifest = StoreFiles.read(disk);
    return manifest == null ? OpenStore.newManifest(disk) : manifest;
  }

  /** What is done with a directory. */
  interface Action<R> {
    R run() throws IOException;
  }

  static <R> R locked(Disk disk, Action<R> action) {
    try (Closeable lock = disk.lock()) {
      assert lock != null;
      return action.run();
    } catch (IOException e) {
      throw DiskErrors.describe("directory cannot be used", disk, e);
    } catch (UncheckedIOException e) {
      throw DiskErrors.describe("directory cannot be used", disk, e.getCause());
    }
  }
}
