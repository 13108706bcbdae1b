package io.fkvs.store.durable;

import io.fkvs.store.JournaledStore;
import io.fkvs.store.Store;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A store for one thread that outlives its process: a table, and a log of its changes in a
 * directory. It is used as every {@link Store} is.
 *
 * <pre>{@code
 * try (DurableStore store = DurableStore.open(Path.of("data"))) {
 *   store.put("greeting", "hello");
 *   store.sync();
 * }
 * }</pre>
 *
 * <p><b>What is promised.</b> Each change is in the log when its call returns, and durable when
 * {@link SyncPolicy} says. What comes back after a crash is a prefix of what was done. {@code
 * docs/durability.md} says what holds in which failure, and what is in the directory.
 *
 * <p><b>Thread rule:</b> that of a store; the thread that opens it need not be the one that uses
 * it. {@link #sync}, {@link #sequence}, {@link #durableSequence} and {@link #backlogBytes} may be
 * called from any thread. The store has a thread that writes, and one more while a base is written,
 * unless {@link DurableOptions#withoutThread} says otherwise.
 *
 * <p><b>Errors.</b> After a write or a sync has failed every method throws {@link
 * DurableException}, and the call that met the failure may have changed the table in memory. {@code
 * close} throws it, too, when it could not make everything durable.
 *
 * <p><b>Clock.</b> The time that the store tells does not go back, neither while it is open nor
 * from one opening to the next.
 *
 * <p><b>Closing.</b> A store that is not closed keeps its directory locked until the process ends.
 */
public final class DurableStore extends JournaledStore {
  private final OpenStore open;
  private final StoreJournal journal;
  private final Store table;

  private DurableStore(Store table, OpenStore open, StoreJournal journal) {
    super(table, journal);
    this.open = open;
    this.journal = journal;
    this.table = table;
  }

  /**
   * Opens the store of a directory with the defaults. Where the directory is not there or empty, it
   * becomes an empty store.
   *
   * @param directory the directory, for this store alone
   * @return the store, for the caller to close
   * @throws CorruptException if a file is damaged, with its name and the place
   * @throws DurableException if the directory cannot be read or written, is in use, or holds more
   *     than the configuration allows
   */
  public static DurableStore open(Path directory) {
    return open(directory, DurableOptions.defaults());
  }

  /**
   * Opens the store of a directory. Where the directory is not there or empty, it becomes an empty
   * store.
   *
   * @param directory the directory, for this store alone
   * @param options how
   * @return the store, for the caller to close
   * @throws CorruptException if a file is damaged, with its name and the place
   * @throws DurableException if the directory cannot be read or written, is in use, or holds more
   *     than the configuration allows
   */
  public static DurableStore open(Path directory, DurableOptions options) {
    return open(disk(directory), options);
  }

  /**
   * Opens the store of a disk.
   *
   * @param disk the directory, for this store alone
   * @param options how
   * @return the store, for the caller to close
   * @throws CorruptException if a file is damaged, with its name and the place
   * @throws DurableException if the directory cannot be read or written, is in use, or holds more
   *     than the configuration allows
   */
  public static DurableStore open(Disk disk, DurableOptions options) {
    return open(new OpenStore.Opening(disk, options));
  }

  static DurableStore open(OpenStore.Opening opening) {
    DurableOptions options = opening.options;
    return opening.open(
        options::openTable,
        (table, open) -> {
          table.handOver();
          return new DurableStore(table, open, opening.journal(table, open));
        });
  }

  static Disk disk(Path directory) {
    try {
      return Disk.of(directory);
    } catch (IOException e) {
      throw new DurableException("directory cannot be opened: directory=" + directory, e);
    }
  }

  // ---- durability

  /** Returns when everything that was done before is durable. */
  public void sync() {
    open.log().awaitDurable(open.log().sequence());
  }

  /**
   * The number of the last frame: of the last change, or of the last group.
   *
   * @return the number, which grows by at least one with each frame
   */
  public long sequence() {
    return open.log().sequence();
  }

  /**
   * How far the log is durable. Cheap enough to be asked in each turn of an event loop.
   *
   * @return all frames up to this one are durable
   */
  public long durableSequence() {
    return open.log().durableSequence();
  }

  /**
   * How much memory holds changes that are not written yet.
   *
   * @return bytes, at most {@link DurableOptions#backlogBytes()} unless calls do not wait ({@link
   *     DurableOptions#withoutWaiting()})
   */
  public long backlogBytes() {
    return open.log().backlogBytes();
  }

  /**
   * Says how the log does. Does not wait for the disk.
   *
   * @return the figures of this moment
   */
  public DurableStatus status() {
    return open.status();
  }

  /**
   * About how many bytes of changes the next opening would have to do again.
   *
   * @return bytes
   */
  public long logBytes() {
    return open.log().bytes();
  }

  /**
   * Begins a group: the changes from now to {@link #endGroup} are one frame, of which a crash
   * leaves all or nothing. Groups should be short, because nothing is written meanwhile but what is
   * too much for one piece of the backlog. With {@link SyncPolicy#ALWAYS} it is the end of the
   * group that waits.
   *
   * @throws IllegalStateException if a group has begun
   */
  public void beginGroup() {
    journal.beginGroup();
  }

  /**
   * Ends the group.
   *
   * @return the number of its frame, or of the last one where nothing was changed
   * @throws IllegalStateException if no group has begun
   */
  public long endGroup() {
    return journal.endGroup();
  }

  // ---- bases and snapshots

  /**
   * Writes a base now, so that the next opening has no log to replay. Returns when it is durable.
   * Takes time in proportion to the number of entries.
   */
  public void compact() {
    table.size();
    checkNoGroup();
    journal.compact();
  }

  /**
   * Does a piece of the work on a base, if one is under way. Changes do this by themselves; an
   * event loop may do it when it has time.
   *
   * @param entries about how many entries to write; a thousand take a tenth of a millisecond, and a
   *     few almost as long
   * @return whether there is more to do
   */
  public boolean work(int entries) {
    return journal.work(entries);
  }

  /**
   * Writes a snapshot: one file with the content of the store as it is now, for {@link
   * DurableDirectory#restore}. Returns when it is durable. Takes time in proportion to the number
   * of entries. Where it fails, the store goes on.
   *
   * @param file the file, which must not be there
   * @throws DurableException if it cannot be written
   */
  public void snapshot(Path file) {
    snapshot(Snapshots.Target.of(file));
  }

  /**
   * Writes a snapshot to a disk, as {@link #snapshot(Path)} does.
   *
   * @param disk where to
   * @param name the name of the file, which must not be there
   * @throws DurableException if it cannot be written
   */
  public void snapshot(Disk disk, String name) {
    snapshot(new Snapshots.Target(disk, name));
  }

  private void snapshot(Snapshots.Target target) {
    table.size();
    checkNoGroup();
    Snapshots.write(target, table, open, sequence());
  }

  private void checkNoGroup() {
    if (journal.isInGroup()) {
      throw new IllegalStateException("group is open");
    }
  }

  // ---- the end

  /**
   * Makes everything durable and closes the store. Closing again does nothing.
   *
   * @throws DurableException if not everything could be made durable
   */
  @Override
  public void close() {
    if (!isClosed()) {
      super.close();
      open.close();
    }
  }
}
