package io.fkvs.store.durable;

import io.fkvs.store.Store;
import io.fkvs.store.durable.crash.ForwardingDisk;
import io.fkvs.store.durable.crash.Opened;
import io.fkvs.store.durable.crash.SimulatedDisk;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Durable stores with one realistic fault each. */
final class BrokenLogs {
  private BrokenLogs() {}

  /**
   * A store with a fault.
   *
   * @param fault what is wrong with it
   * @param opener opens it
   */
  record Broken(String fault, BiFunction<SimulatedDisk, DurableOptions, Opened> opener) {
    @Override
    public String toString() {
      return fault;
    }
  }

  private static Broken onDisk(String fault, UnaryOperator<Disk> disk) {
    return new Broken(
        fault, (real, options) -> Opened.of(DurableStore.open(disk.apply(real), options)));
  }

  private static Broken opening(
      String fault, BiFunction<Disk, DurableOptions, OpenStore.Opening> opening) {
    return new Broken(
        fault, (disk, options) -> Opened.of(DurableStore.open(opening.apply(disk, options))));
  }

  static List<Broken> all() {
    return List.of(
        onDisk("the directory is never synced", NoDirectorySync::new),
        onDisk("the directory is not synced after the manifest", NoSyncOfManifestName::new),
        onDisk("old files go before the manifest that was read is durable", NoSyncOfRead::new),
        onDisk("logs are not synced", disk -> new NoForce(disk, name -> name.startsWith("log-"))),
        onDisk("bases are not synced", disk -> new NoForce(disk, name -> name.startsWith("base-"))),
        onDisk(
            "the manifest is not synced before it is renamed",
            disk -> new NoForce(disk, Manifest.NEW_NAME::equals)),
        onDisk("what was recovered is not synced before it is built on", NoForceOfOpened::new),
        onDisk("what a failed sync has left is not written again", NoRewrite::new),
        onDisk("the manifest is written in place", InPlace::new),
        onDisk("the log is synced before it is written", ForceFirst::new),
        onDisk("a sync that failed is tried again", ForceAgain::new),
        onDisk("a write that failed is taken for done", IgnoredWriteFailure::new),
        onDisk("the end of a long write is lost", ShortWrite::new),
        onDisk("every other sync of a log is left out", LazyForce::new),
        opening("old files go before the manifest is durable", EarlyDelete::new),
        opening("a base is named before the log is durable beyond it", EarlyBase::new),
        opening("a base does not say what it contains", SilentBase::new),
        opening(
            "frames are not bound to their file",
            (disk, options) -> new OneFileId(disk, options, 7)),
        opening("the clock goes back after a restart", FreeClock::new),
        opening("calls do not wait for the sync", NotWaiting::new),
        opening("removals are not logged", NoRemovals::new),
        opening("deadlines are not logged", NoDeadlines::new),
        opening("puts forget the deadline", NoDeadlineInPuts::new),
        opening("a clear is not logged", NoClears::new),
        new Broken("groups are no frames", (disk, options) -> ungrouped(disk, options)));
  }

  // ---- faults of what is done with the disk

  private static final class NoDirectorySync extends ForwardingDisk {
    NoDirectorySync(Disk disk) {
      super(disk);
    }

    @Override
    public void sync() {}
  }

  private static final class NoSyncOfManifestName extends ForwardingDisk {
    private boolean isRenamed;

    NoSyncOfManifestName(Disk disk) {
      super(disk);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      super.rename(from, to);
      isRenamed = to.equals(Manifest.NAME);
    }

    @Override
    public void sync() throws IOException {
      if (!isRenamed) {
        super.sync();
      }
      isRenamed = false;
    }
  }

  private static final class NoSyncOfRead extends ForwardingDisk {
    private boolean isChanged;

    NoSyncOfRead(Disk disk) {
      super(disk);
    }

    @Override
    protected DiskFile file(String name, DiskFile file, boolean isNew) {
      isChanged |= isNew;
      return file;
    }

    @Override
    public void sync() throws IOException {
      if (isChanged) {
        super.sync();
      }
    }
  }

  private static final class NoForce extends ForwardingDisk {
    private final Predicate<String> isMeant;

    NoForce(Disk disk, Predicate<String> isMeant) {
      super(disk);
      this.isMeant = isMeant;
    }

    @Override
    protected DiskFile file(String name, DiskFile file, boolean isNew) {
      return new ForwardingFile(file) {
        @Override
        public void force() throws IOException {
          if (!isMeant.test(name)) {
            super.force();
          }
        }
      };
    }
  }

  private static final class NoForceOfOpened extends ForwardingDisk {
    NoForceOfOpened(Disk disk) {
      super(disk);
    }

    @Override
    protected DiskFile file(String name, DiskFile file, boolean isNew) {
      return isNew
          ? file
          : new ForwardingFile(file) {
            @Override
            public void force() {}
          };
    }
  }

  private static final class NoRewrite extends ForwardingDisk {
    NoRewrite(Disk disk) {
      super(disk);
    }

    @Override
    protected DiskFile file(String name, DiskFile file, boolean isNew) {
      return isNew
          ? file
          : new ForwardingFile(file) {
            @Override
            public void write(ByteBuffer source, long position) {
              source.position(source.limit());
            }
          };
    }
  }

  private static final class InPlace extends ForwardingDisk {
    InPlace(Disk disk) {
      super(disk);
    }

    @Override
    public void rename(String from, String to) throws IOException {
      if (!to.equals(Manifest.NAME)) {
        super.rename(from, to);
        return;
      }
      try (DiskFile source = open(from);
          DiskFile target = list().contains(to) ? open(to) : create(to)) {
        ByteBuffer all = ByteBuffer.allocate((int) Math.max(source.size(), target.size()));
        source.read(all, 0);
        while (all.hasRemaining()) {
          all.put((byte) '\n');
        }
        target.write(all.flip(), 0);
        target.force();
      }
      delete(from);
    }
  }

  private static final class ForceFirst extends ForwardingDisk {
    ForceFirst(Disk disk) {
      super(disk);
    }

    @Override
    protected DiskFile file(String name, DiskFile file, boolean isNew) {
      return !name.startsWith("log-")
          ? file
          : new ForwardingFile(file) {
            private ByteBuffer late;
            private long latePosition;

            @Override
            public void write(ByteBuffer source, long position) throws IOException {
              writeLate();
              late = ByteBuffer.allocate(source.remaining()).put(source).flip();
              latePosition = position;
            }

            @Override
            public void force() throws IOException {
              super.force();
              writeLate();
            }

            private void writeLate() throws IOException {
              if (late != null) {
                super.write(late, latePosition);
              }
              late = null;
            }
          };
    }
  }

  private static final class ForceAgain extends ForwardingDisk {
    ForceAgain(Disk disk) {
      super(disk);
    }

    @Override
    protected DiskFile file(String name, DiskFile file, boolean isNew) {
      return new ForwardingFile(file) {
        @Override
        public void force() throws IOException {
          try {
            super.force();
          } catch (IOException e) {
            super.force();
          }
        }
      };
    }
  }

  private static final class IgnoredWriteFailure extends ForwardingDisk {
    IgnoredWriteFailure(Disk disk) {
      super(disk);
    }

    @Override
    protected DiskFile file(String name, DiskFile file, boolean isNew) {
      return new ForwardingFile(file) {
        @Override
        public void write(ByteBuffer source, long position) throws IOException {
          try {
            super.write(source, position);
          } catch (SimulatedDisk.Crash e) {
            throw e;
          } catch (IOException e) {
            source.position(source.limit());
          }
        }
      };
    }
  }

  private static final class ShortWrite extends ForwardingDisk {
    private static final int LONGEST = 4_096;

    ShortWrite(Disk disk) {
      super(disk);
    }

    @Override
    protected DiskFile file(String name, DiskFile file, boolean isNew) {
      return new ForwardingFile(file) {
        @Override
        public void write(ByteBuffer source, long position) throws IOException {
          int end = source.limit();
          int most = Math.min(end, source.position() + LONGEST);
          super.write(source.limit(most), Math.min(position, size()));
          source.limit(end).position(end);
        }
      };
    }
  }

  private static final class LazyForce extends ForwardingDisk {
    private int forces;

    LazyForce(Disk disk) {
      super(disk);
    }

    @Override
    protected DiskFile file(String name, DiskFile file, boolean isNew) {
      return new ForwardingFile(file) {
        @Override
        public void force() throws IOException {
          if (!name.startsWith("log-") || forces++ % 2 == 0) {
            super.force();
          }
        }
      };
    }
  }

  // ---- faults of the store

  private static final class EarlyDelete extends OpenStore.Opening {
    EarlyDelete(Disk disk, DurableOptions options) {
      super(disk, options);
    }

    @Override
    StoreFiles files(Manifest manifest) {
      return new StoreFiles(disk, manifest) {
        @Override
        synchronized void replace(Manifest newManifest) throws IOException {
          for (String name : disk.list()) {
            boolean isOld = name.matches("(base|log)-[0-9]+") && !newManifest.names(name);
            if (isOld) {
              disk.delete(name);
            }
          }
          super.replace(newManifest);
        }
      };
    }
  }

  private static final class EarlyBase extends OpenStore.Opening {
    EarlyBase(Disk disk, DurableOptions options) {
      super(disk, options);
    }

    @Override
    Compaction compaction(StoreFiles files, Log log) {
      return new Compaction(files, log, clock, options) {
        @Override
        void awaitDurable(long lastContained) {}
      };
    }
  }

  /** Names no frame, so that nobody waits, and nobody can see what is missing. */
  private static final class SilentBase extends OpenStore.Opening {
    SilentBase(Disk disk, DurableOptions options) {
      super(disk, options);
    }

    @Override
    Compaction compaction(StoreFiles files, Log log) {
      return new Compaction(files, log, clock, options) {
        @Override
        long lastContained() {
          return 0;
        }
      };
    }
  }

  /** Gives all files the same id. */
  static final class OneFileId extends OpenStore.Opening {
    private final int fileId;

    OneFileId(Disk disk, DurableOptions options, int fileId) {
      super(disk, options);
      this.fileId = fileId;
    }

    @Override
    StoreFiles files(Manifest manifest) {
      return new StoreFiles(disk, manifest) {
        @Override
        FileHeader newHeader(FileHeader.Kind kind, long number, long firstSequence, long timeMs) {
          return new FileHeader(kind, fileId, manifest.storeId(), number, firstSequence, timeMs);
        }
      };
    }
  }

  private static final class FreeClock extends OpenStore.Opening {
    FreeClock(Disk disk, DurableOptions options) {
      super(disk, options);
    }

    @Override
    ClampedClock clock(DurableOptions of) {
      InstantSource source = of.config().clock();
      return new ClampedClock(source) {
        private boolean isOver;

        @Override
        void endRecovery() {
          super.endRecovery();
          isOver = true;
        }

        @Override
        public long millis() {
          return isOver ? source.millis() : super.millis();
        }
      };
    }
  }

  private static final class NotWaiting extends OpenStore.Opening {
    NotWaiting(Disk disk, DurableOptions options) {
      super(disk, options.withoutWaiting());
    }
  }

  /** A journal that leaves something out. */
  private static class ForgetfulJournal extends StoreJournal {
    ForgetfulJournal(Store table, OpenStore open, DurableOptions options) {
      super(table, open, options);
    }
  }

  private static final class NoRemovals extends OpenStore.Opening {
    NoRemovals(Disk disk, DurableOptions options) {
      super(disk, options);
    }

    @Override
    StoreJournal journal(Store table, OpenStore open) {
      return new ForgetfulJournal(table, open, options) {
        @Override
        public void onRemove(MemorySegment key, long keyOffset, int keyLength) {}
      };
    }
  }

  private static final class NoDeadlines extends OpenStore.Opening {
    NoDeadlines(Disk disk, DurableOptions options) {
      super(disk, options);
    }

    @Override
    StoreJournal journal(Store table, OpenStore open) {
      return new ForgetfulJournal(table, open, options) {
        @Override
        public boolean onDeadline(
            MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
          return true;
        }
      };
    }
  }

  private static final class NoDeadlineInPuts extends OpenStore.Opening {
    NoDeadlineInPuts(Disk disk, DurableOptions options) {
      super(disk, options);
    }

    @Override
    StoreJournal journal(Store table, OpenStore open) {
      return new ForgetfulJournal(table, open, options) {
        @Override
        public void onPut(
            MemorySegment key,
            long keyOffset,
            int keyLength,
            MemorySegment value,
            long valueOffset,
            int valueLength,
            long deadlineMs) {
          super.onPut(
              key, keyOffset, keyLength, value, valueOffset, valueLength, Store.NO_DEADLINE);
        }
      };
    }
  }

  private static final class NoClears extends OpenStore.Opening {
    NoClears(Disk disk, DurableOptions options) {
      super(disk, options);
    }

    @Override
    StoreJournal journal(Store table, OpenStore open) {
      return new ForgetfulJournal(table, open, options) {
        @Override
        public void onClear() {}
      };
    }
  }

  private static Opened ungrouped(SimulatedDisk disk, DurableOptions options) {
    Opened store = Opened.of(DurableStore.open(disk, options));
    return (Opened)
        java.lang.reflect.Proxy.newProxyInstance(
            Opened.class.getClassLoader(),
            new Class<?>[] {Opened.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "beginGroup":
                  return true;
                case "endGroup":
                  return null;
                default:
                  try {
                    return method.invoke(store, arguments);
                  } catch (java.lang.reflect.InvocationTargetException e) {
                    throw e.getCause();
                  }
              }
            });
  }
}
