package io.fkvs.store.durable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a repair of a damaged directory would do: {@link #drops} says what would be lost, and {@link
 * #apply} does it. All that can still be read becomes a new base: the frames of the base that are
 * valid, then those of the logs up to the first that is not. Copy the directory before.
 *
 * <p>One thread.
 */
public final class RepairPlan {
  private final Disk disk;
  private final Manifest manifest;
  private final List<String> drops;
  private final long records;

  private RepairPlan(Disk disk, Manifest manifest, List<String> drops, long records) {
    this.disk = disk;
    this.manifest = manifest;
    this.drops = List.copyOf(drops);
    this.records = records;
  }

  /** Whether anything is damaged, and if so, what can be kept. */
  static RepairPlan of(Disk disk) throws IOException {
    try {
      Manifest manifest = StoreFiles.read(disk);
      Manifest known = manifest == null ? OpenStore.newManifest(disk) : manifest;
      Recovery recovery =
          new Recovery(disk, known, DurableDirectory.NOWHERE, DurableDirectory.noClock());
      recovery.run();
      return new RepairPlan(disk, known, List.of(), recovery.records());
    } catch (CorruptException damage) {
      List<String> drops = new ArrayList<>();
      drops.add("damage: " + damage.getMessage());
      Manifest known = manifest(disk, drops);
      Salvage salvage = new Salvage(disk, known, DurableDirectory.NOWHERE, drops);
      salvage.run();
      return new RepairPlan(disk, known, drops, salvage.records());
    }
  }

  /** The manifest, or where it is damaged one that is made from the headers of the files. */
  private static Manifest manifest(Disk disk, List<String> drops) throws IOException {
    try {
      Manifest manifest = StoreFiles.read(disk);
      if (manifest != null) {
        return manifest;
      }
    } catch (CorruptException e) {
      // It is made again below.
    }
    Manifest made = made(disk);
    drops.add(
        "the manifest is made again from the files: base="
            + (made.base() == null ? "none" : made.base().fileName())
            + ", logs="
            + made.logs().stream().map(Manifest.LogFile::fileName).toList());
    for (String name : disk.list()) {
      if (StoreFiles.isContent(name) && !made.names(name)) {
        drops.add("all of " + name + " is dropped, because it does not fit these");
      }
    }
    return made;
  }

  private static Manifest made(Disk disk) throws IOException {
    List<FileHeader> logs = headers(disk, FileHeader.Kind.LOG);
    List<FileHeader> bases = headers(disk, FileHeader.Kind.BASE);
    long storeId = logs.isEmpty() && bases.isEmpty() ? 0 : any(logs, bases).storeId();
    logs.removeIf(log -> log.storeId() != storeId);
    bases.removeIf(each -> each.storeId() != storeId);
    long next = 1;
    for (FileHeader each : logs) {
      next = Math.max(next, each.number() + 1);
    }
    for (FileHeader each : bases) {
      next = Math.max(next, each.number() + 1);
    }
    Manifest.Base base = null;
    for (FileHeader each : bases) {
      base = whole(disk, each, base);
    }
    if (base == null) {
      base = damaged(disk, bases, logs);
    }
    long from = base == null ? 0 : base.number();
    List<Manifest.LogFile> kept =
        logs.stream()
            .filter(log -> log.number() >= from)
            .map(log -> new Manifest.LogFile(log.number(), Manifest.OPEN))
            .toList();
    return new Manifest(storeId, next, base, kept);
  }

  private static FileHeader any(List<FileHeader> logs, List<FileHeader> bases) {
    return logs.isEmpty() ? bases.getLast() : logs.getLast();
  }

  /** The base of a header if it is whole, else another one. */
  private static Manifest.Base whole(Disk disk, FileHeader header, Manifest.Base other)
      throws IOException {
    try (DiskFile file = disk.open(header.fileName())) {
      DurableDirectory.checkBase(file, header, header.fileName());
      return new Manifest.Base(header.number(), file.size(), header.firstSequence());
    } catch (CorruptException e) {
      return other;
    }
  }

  /**
   * The last base that is not whole, but that no log precedes: those go only when a base has been
   * whole, so something has happened to it since.
   */
  private static Manifest.Base damaged(Disk disk, List<FileHeader> bases, List<FileHeader> logs)
      throws IOException {
    for (FileHeader base : bases.reversed()) {
      if (logs.stream().noneMatch(log -> log.number() < base.number())) {
        try (DiskFile file = disk.open(base.fileName())) {
          return new Manifest.Base(base.number(), file.size(), base.firstSequence());
        }
      }
    }
    return null;
  }

  /** The headers of all files of a kind, in ascending order. */
  private static List<FileHeader> headers(Disk disk, FileHeader.Kind kind) throws IOException {
    List<FileHeader> headers = new ArrayList<>();
    for (String name : disk.list()) {
      if (kind.isNameOf(name)) {
        try (DiskFile file = disk.open(name)) {
          FileHeader header = FileHeader.read(file, kind, name);
          if (header.fileName().equals(name)) {
            headers.add(header);
          }
        } catch (CorruptException e) {
          // What has no header tells nothing.
        }
      }
    }
    headers.sort(Comparator.comparingLong(FileHeader::number));
    return headers;
  }

  /**
   * Says what is damaged, and what is lost by the repair.
   *
   * @return a sentence for each; empty where nothing is damaged
   */
  public List<String> drops() {
    return drops;
  }

  /**
   * How many records can be kept.
   *
   * @return their number
   */
  public long records() {
    return records;
  }

  /**
   * Repairs the directory. Does nothing where nothing is damaged.
   *
   * @throws DurableException if the directory cannot be written or is in use
   */
  public void apply() {
    if (!drops.isEmpty()) {
      DurableDirectory.locked(
          disk,
          () -> {
            repair();
            return null;
          });
    }
  }

  private void repair() throws IOException {
    StoreFiles files = new StoreFiles(disk, manifest);
    long number = files.nextNumber();
    // The number of the first frame behind it is known when all has been read.
    FileHeader header = files.newHeader(FileHeader.Kind.BASE, number, 1, Long.MIN_VALUE);
    if (disk.list().contains(header.fileName())) {
      disk.delete(header.fileName());
    }
    DiskFile file = files.create(header);
    ClampedClock clock = DurableDirectory.noClock();
    BaseWriter writer = new BaseWriter(header, clock);
    writer.start(file);
    Salvage salvage = new Salvage(disk, manifest, writer, new ArrayList<>());
    salvage.run();
    clock.advance(salvage.timeMs());
    writer.end(salvage.lastSequence());
    FileHeader known = header.withFirstSequence(salvage.lastSequence() + 1);
    file.write(known.encode(), 0);
    long length = writer.finish();
    Manifest repaired =
        new Manifest(
            manifest.storeId(),
            number + 1,
            new Manifest.Base(number, length, known.firstSequence()),
            List.of());
    files.replace(repaired);
    files.deleteOthers();
  }
}
