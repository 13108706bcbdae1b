package io.fkvs.store.durable.crash;

import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * A disk in memory that crashes when it is told to, and then has what a real one may have: what was
 * synced, and of the rest any part.
 *
 * <ul>
 *   <li>Each sector of 512 bytes that was written and not synced has its old content, any content
 *       that it had since, or a part of each.
 *   <li>A file that has become longer is as long as it was, as it is, or anything between. What is
 *       lost of it is zeros, or what other files have held there, deleted ones too.
 *   <li>Each file that was created, renamed or deleted since the directory was synced may have been
 *       or not, whatever became of the others. A rename is one step.
 * </ul>
 *
 * <p>A sync that fails leaves what was not synced as if it had been: another sync does nothing for
 * it. So a disk behaves whose system forgets what it could not write.
 *
 * <p>Any thread.
 */
public final class SimulatedDisk implements Disk {
  /** How long a sector is. */
  public static final int SECTOR_BYTES = 512;

  /** Of how many sectors at the start of each file the disk remembers what was there. */
  private static final int OLD_SECTORS = 8;

  /** What every operation throws when the disk has crashed. */
  public static final class Crash extends IOException {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("disk has crashed");
    }
  }

  /** A change of the directory that is not synced. */
  private record DirectoryChange(String removed, String set, Inode inode) {
    void applyTo(Map<String, Inode> names) {
      if (removed != null) {
        names.remove(removed);
      }
      if (set != null) {
        names.put(set, inode);
      }
    }
  }

  /** A sector of files whose names are alike up to a number, and which often lie in one place. */
  private record Place(String kind, int sector) {}

  /** The content of a file. */
  private static final class Inode {
    /** The name up to its number. */
    final String kind;

    byte[] content;

    /** Whether others have the same array, so that it must not be changed in place. */
    boolean isShared;

    /** What a crash leaves for sure. The array is replaced and never changed. */
    byte[] synced;

    /** What each sector has held since the last sync, without what it held then. */
    final Map<Integer, List<byte[]>> versions = new TreeMap<>();

    private Inode(String kind, byte[] content, byte[] synced) {
      this.kind = kind;
      this.content = content;
      this.synced = synced;
      isShared = true;
    }

    /** A file all of which is synced. */
    static Inode synced(String kind, byte[] content) {
      return new Inode(kind, content, content);
    }

    /** Makes the content longer, or one's own, before it is changed. */
    void makeWritable(int length) {
      if (isShared || length > content.length) {
        content = Arrays.copyOf(content, Math.max(length, content.length));
        isShared = false;
      }
    }

    /** Keeps what was written since the last sync, whether that was done or failed. */
    void sync() {
      synced = Arrays.copyOf(synced, content.length);
      for (int sector : versions.keySet()) {
        int start = sector * SECTOR_BYTES;
        int length = Math.min(SECTOR_BYTES, content.length - start);
        System.arraycopy(content, start, synced, start, length);
      }
    }

    /** The same with what is not synced. */
    Inode unsyncedCopy() {
      isShared = true;
      Inode copy = new Inode(kind, content, synced);
      versions.forEach((sector, kept) -> copy.versions.put(sector, new ArrayList<>(kept)));
      return copy;
    }

    Inode copy() {
      isShared = true;
      return synced(kind, content);
    }
  }

  /** The name of a file up to its number. */
  private static String kind(String name) {
    int end = name.length();
    while (end > 0 && Character.isDigit(name.charAt(end - 1))) {
      end--;
    }
    return name.substring(0, end);
  }

  private final Map<String, Inode> names = new TreeMap<>();
  private final Map<String, Inode> syncedNames = new TreeMap<>();
  private final List<DirectoryChange> unsynced = new ArrayList<>();

  /** What files have held in each sector, to be found again where a write was lost. */
  private final Map<Place, List<byte[]>> oldSectors = new HashMap<>();

  private final Map<Long, IOException> failures = new HashMap<>();
  private long operations;
  private long crashAt = Long.MAX_VALUE;
  private boolean hasCrashed;
  private boolean isLocked;

  /** Makes an empty disk. */
  public SimulatedDisk() {}

  // ---- what a test says

  /**
   * Lets the disk crash before one of the next changes of it.
   *
   * @param changes how many of them are still done
   */
  public synchronized void crashAfter(long changes) {
    crashAt = operations + changes;
  }

  /**
   * Lets one of the next changes fail, and those behind it work again.
   *
   * @param changes how many of them are done before
   * @param failure what it throws
   */
  public synchronized void failAfter(long changes, IOException failure) {
    failures.put(operations + changes, failure);
  }

  /** Lets the disk crash now. */
  public synchronized void crash() {
    hasCrashed = true;
  }

  /**
   * Whether the disk has crashed.
   *
   * @return whether it has
   */
  public synchronized boolean hasCrashed() {
    return hasCrashed;
  }

  /**
   * How many changes were made: files written, synced, created, renamed and deleted, and syncs of
   * the directory.
   *
   * @return their number
   */
  public synchronized long operations() {
    return operations;
  }

  /**
   * What is there after a crash.
   *
   * @param seed chooses among what can be there
   * @return another disk, which works
   */
  public synchronized SimulatedDisk afterCrash(long seed) {
    Random random = new Random(seed);
    SimulatedDisk after = new SimulatedDisk();
    Map<String, Inode> kept = new TreeMap<>(syncedNames);
    int chance = random.nextInt(5);
    for (DirectoryChange change : unsynced) {
      if (random.nextInt(4) < chance) {
        change.applyTo(kept);
      }
    }
    Map<Inode, Inode> copies = new HashMap<>();
    kept.forEach(
        (name, inode) ->
            after.names.put(name, copies.computeIfAbsent(inode, i -> survivor(i, random))));
    after.syncedNames.putAll(after.names);
    after.oldSectors.putAll(oldSectors);
    return after;
  }

  /**
   * What is there after the process was killed: everything that was written, not synced for that.
   * The disk that is left to the process does nothing any more.
   *
   * @return another disk, which works
   */
  public synchronized SimulatedDisk afterKill() {
    hasCrashed = true;
    SimulatedDisk after = new SimulatedDisk();
    Map<Inode, Inode> copies = new HashMap<>();
    names.forEach((name, inode) -> after.names.put(name, copy(inode, copies)));
    syncedNames.forEach((name, inode) -> after.syncedNames.put(name, copy(inode, copies)));
    for (DirectoryChange each : unsynced) {
      Inode inode = each.inode == null ? null : copy(each.inode, copies);
      after.unsynced.add(new DirectoryChange(each.removed, each.set, inode));
    }
    after.oldSectors.putAll(oldSectors);
    return after;
  }

  private static Inode copy(Inode inode, Map<Inode, Inode> copies) {
    return copies.computeIfAbsent(inode, Inode::unsyncedCopy);
  }

  /**
   * A copy of the disk as it is, everything synced.
   *
   * @return another disk
   */
  public synchronized SimulatedDisk copy() {
    SimulatedDisk copy = new SimulatedDisk();
    names.forEach((name, inode) -> copy.names.put(name, inode.copy()));
    copy.syncedNames.putAll(copy.names);
    return copy;
  }

  private Inode survivor(Inode inode, Random random) {
    int length = survivingLength(inode, random);
    byte[] left = Arrays.copyOf(inode.synced, length);
    int lastSynced = inode.synced.length / SECTOR_BYTES;
    for (int sector = lastSynced;
        sector < OLD_SECTORS && sector * SECTOR_BYTES < length;
        sector++) {
      fillWithOld(left, inode, sector, random);
    }
    int chance = random.nextInt(5);
    inode.versions.forEach(
        (sector, versions) -> {
          if (random.nextInt(4) < chance) {
            overwrite(left, sector, versions.get(random.nextInt(versions.size())), random);
          }
        });
    return Inode.synced(inode.kind, left);
  }

  private static int survivingLength(Inode inode, Random random) {
    int least = Math.min(inode.synced.length, inode.content.length);
    int most = Math.max(inode.synced.length, inode.content.length);
    return switch (random.nextInt(3)) {
      case 0 -> inode.synced.length;
      case 1 -> inode.content.length;
      default -> least + random.nextInt(most - least + 1);
    };
  }

  /** Fills a sector, behind what is synced, with what another file had in that place. */
  private void fillWithOld(byte[] target, Inode inode, int sector, Random random) {
    List<byte[]> olds = oldSectors.getOrDefault(new Place(inode.kind, sector), List.of());
    if (olds.isEmpty() || random.nextBoolean()) {
      return;
    }
    byte[] old = olds.get(random.nextInt(olds.size()));
    int start = sector * SECTOR_BYTES;
    int from = Math.max(0, inode.synced.length - start);
    int to = Math.min(old.length, target.length - start);
    if (from < to) {
      System.arraycopy(old, from, target, start + from, to - from);
    }
  }

  /** Writes all of a sector, or a torn part of it. */
  private static void overwrite(byte[] target, int sector, byte[] version, Random random) {
    int start = sector * SECTOR_BYTES;
    int length = Math.min(version.length, target.length - start);
    int from = 0;
    int to = length;
    if (length > 0 && random.nextInt(3) == 0) {
      int cut = random.nextInt(length);
      from = random.nextBoolean() ? cut : 0;
      to = from == cut ? length : cut;
    }
    if (to > from) {
      System.arraycopy(version, from, target, start + from, to - from);
    }
  }

  /**
   * Names the files, also after a crash.
   *
   * @return a copy of their names
   */
  public synchronized Set<String> names() {
    return Set.copyOf(names.keySet());
  }

  /**
   * Reads a file.
   *
   * @param name its name
   * @return a copy of what is in it, or {@code null} where there is none
   */
  public synchronized byte[] content(String name) {
    Inode inode = names.get(name);
    return inode == null ? null : inode.content.clone();
  }

  /**
   * Puts something into a file, synced: to damage it.
   *
   * @param name its name
   * @param content what is in it from now on, or {@code null} to have no such file
   */
  public synchronized void setContent(String name, byte[] content) {
    names.remove(name);
    syncedNames.remove(name);
    if (content != null) {
      Inode inode = Inode.synced(kind(name), content.clone());
      names.put(name, inode);
      syncedNames.put(name, inode);
    }
  }

  // ---- what a store does

  @Override
  public synchronized List<String> list() throws IOException {
    checkWorking();
    return List.copyOf(names.keySet());
  }

  @Override
  public synchronized DiskFile create(String name) throws IOException {
    change();
    if (names.containsKey(name)) {
      throw new IOException("file exists already: name=" + name);
    }
    Inode inode = Inode.synced(kind(name), new byte[0]);
    record(new DirectoryChange(null, name, inode));
    return new OpenFile(inode);
  }

  @Override
  public synchronized DiskFile open(String name) throws IOException {
    checkWorking();
    Inode inode = names.get(name);
    if (inode == null) {
      throw new IOException("no such file: name=" + name);
    }
    return new OpenFile(inode);
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    change();
    Inode inode = names.get(from);
    if (inode == null) {
      throw new IOException("no such file: name=" + from);
    }
    record(new DirectoryChange(from, to, inode));
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    change();
    Inode inode = names.get(name);
    if (inode == null) {
      throw new IOException("no such file: name=" + name);
    }
    record(new DirectoryChange(name, null, null));
  }

  private void record(DirectoryChange made) {
    made.applyTo(names);
    unsynced.add(made);
  }

  @Override
  public synchronized void sync() throws IOException {
    try {
      change();
    } finally {
      if (!hasCrashed) {
        unsynced.clear();
      }
    }
    syncedNames.clear();
    syncedNames.putAll(names);
  }

  @Override
  public synchronized Closeable lock() throws IOException {
    if (isLocked) {
      throw new IOException("directory is open in this process: directory=" + this);
    }
    isLocked = true;
    return () -> {
      synchronized (this) {
        isLocked = false;
      }
    };
  }

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public String toString() {
    return "simulated";
  }

  private void checkWorking() throws IOException {
    if (hasCrashed) {
      throw new Crash();
    }
  }

  /** Counts a change, and lets it fail if it is to. */
  private void change() throws IOException {
    checkWorking();
    if (operations >= crashAt) {
      hasCrashed = true;
      throw new Crash();
    }
    IOException failure = failures.remove(operations++);
    if (failure != null) {
      throw failure;
    }
  }

  private final class OpenFile implements DiskFile {
    private final Inode inode;

    OpenFile(Inode inode) {
      this.inode = inode;
    }

    @Override
    public long size() throws IOException {
      synchronized (SimulatedDisk.this) {
        checkWorking();
        return inode.content.length;
      }
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkWorking();
        int length = (int) Math.min(target.remaining(), inode.content.length - position);
        if (length > 0) {
          target.put(inode.content, (int) position, length);
        }
      }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkWorking();
        boolean isLast = operations >= crashAt;
        if (!isLast) {
          change();
        }
        write(source, (int) position);
        if (isLast) {
          change(); // what was being written when the disk crashed is written in part
        }
      }
    }

    private void write(ByteBuffer source, int position) {
      int length = source.remaining();
      if (position > inode.content.length) {
        throw new IllegalArgumentException(
            "write behind the end: position=" + position + ", size=" + inode.content.length);
      }
      inode.makeWritable(position + length);
      source.get(inode.content, position, length);
      int last = (position + length - 1) / SECTOR_BYTES;
      for (int sector = position / SECTOR_BYTES; length > 0 && sector <= last; sector++) {
        int start = sector * SECTOR_BYTES;
        int end = Math.min(start + SECTOR_BYTES, inode.content.length);
        byte[] version = Arrays.copyOfRange(inode.content, start, end);
        inode.versions.computeIfAbsent(sector, s -> new ArrayList<>()).add(version);
        if (sector < OLD_SECTORS) {
          Place place = new Place(inode.kind, sector);
          oldSectors.computeIfAbsent(place, p -> new ArrayList<>()).add(version);
        }
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (SimulatedDisk.this) {
        boolean isDone = false;
        try {
          change();
          isDone = true;
        } finally {
          if (isDone) {
            inode.sync();
          }
          if (!hasCrashed) {
            inode.versions.clear();
          }
        }
      }
    }

    @Override
    public void close() {}
  }
}
