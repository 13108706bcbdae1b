package io.fkvs.store.durable;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreException;
import io.fkvs.store.StoreFullException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** A directory that is open: its lock, its files, its log, and the clock of its store. */
final class OpenStore implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger("io.fkvs.store.durable");

  /**
   * By how much the bound on memory is raised at once where the content does not fit: an eighth.
   */
  private static final int BOUND_STEP_SHIFT = 3;

  private static final long LEAST_BOUND_STEP_BYTES = 64 << 10;

  /** How often: up to half as much again. */
  private static final int MOST_BOUND_STEPS = 4;

  /**
   * With so many logs a base is written when the store is opened: a program that runs for moments
   * leaves a short log each time, and would never have one long enough.
   */
  static final int MOST_LOGS = 100;

  /** By how much the clock may be behind the log before that is told. */
  private static final long TOLD_CLOCK_MS = 1_000;

  private final Closeable lock;
  private final StoreFiles files;
  private final Log log;
  private final Compaction compaction;
  private final ClampedClock clock;

  private OpenStore(
      Closeable lock, StoreFiles files, Log log, Compaction compaction, ClampedClock clock) {
    this.lock = lock;
    this.files = files;
    this.log = log;
    this.compaction = compaction;
    this.clock = clock;
  }

  StoreFiles files() {
    return files;
  }

  Log log() {
    return log;
  }

  Compaction compaction() {
    return compaction;
  }

  ClampedClock clock() {
    return clock;
  }

  /** How a directory is opened; what does the parts can be replaced to test the whole. */
  static class Opening {
    final Disk disk;
    final DurableOptions options;
    final ClampedClock clock;

    /** Whether any thread may change the store. */
    private boolean isShared;

    Opening(Disk disk, DurableOptions options) {
      this.disk = disk;
      this.options = options;
      this.clock = clock(options);
    }

    ClampedClock clock(DurableOptions of) {
      return new ClampedClock(of.config().clock());
    }

    /** Lets any thread change the store. */
    final void share() {
      isShared = true;
    }

    StoreFiles files(Manifest manifest) {
      return new StoreFiles(disk, manifest);
    }

    Log log(StoreFiles files, FileHeader header, DiskFile file, Recovery recovery) {
      return new Log(
          files,
          header,
          file,
          recovery.lastSequence(),
          recovery.replayedBytes(),
          clock,
          options,
          isShared);
    }

    Compaction compaction(StoreFiles files, Log log) {
      return new Compaction(files, log, clock, options);
    }

    StoreJournal journal(Store table, OpenStore open) {
      return new StoreJournal(table, open, options);
    }

    /**
     * Opens the directory.
     *
     * @param opener opens an empty store with the configuration that it is given
     * @param user is handed both when they are ready
     */
    final <S extends KeyValueStore, R> R open(Function<StoreConfig, S> opener, User<S, R> user) {
      Closeable lock = null;
      try {
        lock = disk.lock();
        return open(opener, user, lock);
      } catch (IOException e) {
        close(lock, e);
        throw DiskErrors.describe("store cannot be opened", disk, e);
      } catch (StoreException e) {
        close(lock, e);
        throw new DurableException(
            "store does not fit its bounds: "
                + "maxBytes="
                + options.config().maxBytes()
                + ", maxValueBytes="
                + options.config().maxValueBytes()
                + ", disk="
                + disk
                + ", cause="
                + e.getMessage(),
            e);
      } catch (RuntimeException | Error e) {
        close(lock, e);
        throw e;
      }
    }

    /**
     * Opens with the bound on memory, or else with the least one above it that the content needs:
     * how much fits depends on the order in which it comes, and a full store must not be lost.
     */
    private <S extends KeyValueStore, R> R open(
        Function<StoreConfig, S> opener, User<S, R> user, Closeable lock) throws IOException {
      long maxBytes = options.config().maxBytes();
      long step = Math.max(maxBytes >> BOUND_STEP_SHIFT, LEAST_BOUND_STEP_BYTES);
      for (int steps = 0; ; steps++) {
        long bound = maxBytes + steps * step;
        try {
          R opened = open(opener, user, lock, bound);
          if (steps > 0) {
            tellBound(bound);
          }
          return opened;
        } catch (StoreFullException e) {
          if (steps == MOST_BOUND_STEPS || bound > Long.MAX_VALUE - step) {
            throw e;
          }
        }
      }
    }

    private <S extends KeyValueStore, R> R open(
        Function<StoreConfig, S> opener, User<S, R> user, Closeable lock, long maxBytes)
        throws IOException {
      StoreConfig config =
          options.config().withMaxBytes(maxBytes).withClock(clock).withExpectedEntries(expected());
      S store = opener.apply(config);
      try {
        return user.use(store, open(lock, store));
      } catch (IOException | RuntimeException | Error e) {
        close(store, e);
        throw e;
      }
    }

    /** How many entries the table will have at least, as far as the base can be believed. */
    private long expected() throws IOException {
      Manifest manifest = StoreFiles.read(disk);
      long inBase = manifest == null ? 0 : Recovery.expectedEntries(disk, manifest);
      return Math.max(options.config().expectedEntries(), inBase);
    }

    private void tellBound(long bound) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "content needs more memory than its bound, which is greater until the store is closed:"
              + " maxBytes="
              + options.config().maxBytes()
              + ", bytes="
              + bound
              + ", disk="
              + disk);
    }

    private OpenStore open(Closeable lock, KeyValueStore store) throws IOException {
      Manifest manifest = StoreFiles.read(disk);
      if (manifest == null) {
        manifest = newManifest(disk);
      }
      Loader loader = new Loader(store);
      Recovery recovery = new Recovery(disk, manifest, loader, clock);
      recovery.setProgress(options.listener()::onLoading);
      recovery.run();
      loader.flush();
      tell(recovery, manifest);
      StoreFiles files = files(manifest);
      if (recovery.openLength() > 0) {
        String name = manifest.logs().getLast().fileName();
        files.rewrite(name, recovery.doubtfulStart(), recovery.openLength());
      }
      files.deleteRemains();
      clock.endRecovery();
      tellClock();
      if (loader.hasDeadlines()) {
        store.sweep(Integer.MAX_VALUE);
      }
      FileHeader header =
          files.newHeader(
              FileHeader.Kind.LOG, files.nextNumber(), recovery.lastSequence() + 1, clock.millis());
      DiskFile file = files.create(header);
      try {
        files.addLog(header.number(), recovery.openLength());
      } catch (IOException | RuntimeException | Error e) {
        close(file, e);
        throw e;
      }
      Log log = log(files, header, file, recovery);
      log.start();
      try {
        Compaction compaction = compaction(files, log);
        compaction.setBaseTimeMs(recovery.baseTimeMs());
        if (files.manifest().logs().size() > MOST_LOGS) {
          compaction.begin(options.hasThread());
          compaction.complete(store, Integer.MAX_VALUE);
        }
        return new OpenStore(lock, files, log, compaction, clock);
      } catch (RuntimeException | Error e) {
        close(log, e);
        throw e;
      }
    }

    private void tellClock() {
      long behindMs = clock.behindMs();
      if (behindMs > TOLD_CLOCK_MS) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "clock is behind the last time in the log, time stands still until it has caught up:"
                + " ms="
                + behindMs
                + ", disk="
                + disk);
      }
    }

    private void tell(Recovery recovery, Manifest manifest) {
      if (recovery.cutBytes() > 0) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "log has a torn tail, which is cut off: file="
                + manifest.logs().getLast().fileName()
                + ", offset="
                + recovery.openLength()
                + ", bytes="
                + recovery.cutBytes()
                + ", validFrames="
                + recovery.cutFrames()
                + ", disk="
                + disk);
      }
    }

    private static void close(AutoCloseable opened, Throwable cause) {
      try {
        if (opened != null) {
          opened.close();
        }
      } catch (Exception e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** Makes a durable store of a store and its directory. */
  interface User<S, R> {
    R use(S store, OpenStore open);
  }

  /** How the log does. Any thread. */
  DurableStatus status() {
    return new DurableStatus(
        log.sequence(),
        log.durableSequence(),
        log.backlogBytes(),
        log.bytes(),
        compaction.baseBytes(),
        compaction.baseTimeMs(),
        compaction.isRunning(),
        log.syncTimeMs(),
        log.syncNanos());
  }

  /** The manifest of an empty store, where nothing says that there was one. */
  static Manifest newManifest(Disk disk) throws IOException {
    for (String name : disk.list()) {
      if (StoreFiles.isContent(name) && size(disk, name) > FileHeader.BYTES) {
        throw new CorruptException("manifest is missing, but there is " + name, Manifest.NAME, 0);
      }
    }
    return new Manifest(ThreadLocalRandom.current().nextLong(), 1, null, List.of());
  }

  private static long size(Disk disk, String name) throws IOException {
    try (DiskFile file = disk.open(name)) {
      return file.size();
    }
  }

  /** Syncs and finishes the log, and gives the directory up. */
  @Override
  public void close() {
    compaction.abandon();
    try {
      log.close();
    } finally {
      try {
        lock.close();
      } catch (IOException e) {
        log.fail(e);
      }
    }
  }
}
