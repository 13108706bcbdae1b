package io.fkvs.store.durable;

import io.fkvs.store.JournaledStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.ScanVisitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;

/**
 * Writes a base when the log has become long: the log begins another file, a scan of the store is
 * written in steps while the store is used, and then the base takes the place of all files before.
 *
 * <p>While the scan goes on the store changes, so the base holds some changes of frames behind its
 * beginning. They are replayed, which does no harm, because records are absolute. But the manifest
 * must not name the base before the log is durable up to the scan's end: after a crash the base
 * would show changes, and the log would not have others that were made before them.
 *
 * <p>Thread rule: one thread begins and scans, the owner of a {@link DurableStore}, or a thread of
 * its own for a {@link DurableConcurrentStore}.
 */
class Compaction {
  /** About how much is scanned before the writing thread is looked at again. */
  private static final int PIECE_BYTES = Chunk.BYTES;

  private final StoreFiles files;
  private final Log log;
  private final ClampedClock clock;
  private final double factor;
  private final long leastBytes;

  /** Whether a base is being written, from its beginning to its end. */
  private volatile boolean isRunning;

  private volatile long baseBytes;
  private volatile long baseTimeMs;

  // ---- the scanning thread's

  /** What a base was handed over in, for the next one; while one is written, that one's. */
  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();

  private BaseWriter writer;
  private HandedBase handed;
  private Thread writing;
  private ScanVisitor visitor;
  private ScanCursor cursor;
  private boolean isScanning;

  Compaction(StoreFiles files, Log log, ClampedClock clock, DurableOptions options) {
    this.files = files;
    this.log = log;
    this.clock = clock;
    this.factor = options.compactionFactor();
    this.leastBytes = options.compactionBytes();
    Manifest.Base base = files.manifest().base();
    this.baseBytes = base == null ? 0 : base.length();
  }

  final boolean isRunning() {
    return isRunning;
  }

  final long baseBytes() {
    return baseBytes;
  }

  final long baseTimeMs() {
    return baseTimeMs;
  }

  final void setBaseTimeMs(long baseTimeMs) {
    this.baseTimeMs = baseTimeMs;
  }

  /** Whether the log has become so long that a base is worth its while. */
  final boolean isDue() {
    long bytes = log.bytes();
    return bytes >= leastBytes && bytes >= factor * baseBytes && !isRunning;
  }

  /**
   * Begins a base.
   *
   * @param isHanded whether a thread of its own writes it. The scanning thread then does not wait
   *     for the disk, and an interrupt of it does not close the file
   */
  final void begin(boolean isHanded) {
    isRunning = true;
    FileHeader logHeader = log.rotate();
    FileHeader header =
        files.newHeader(
            FileHeader.Kind.BASE,
            logHeader.number(),
            logHeader.firstSequence(),
            logHeader.timeMs());
    cursor = new ScanCursor();
    isScanning = true;
    handed = null;
    writing = null;
    if (isHanded) {
      handed = new HandedBase(header, clock, chunks);
      writer = handed;
      writing = Thread.ofPlatform().daemon().name("fkvs-" + header.fileName()).start(this::write);
    } else {
      writer = new BaseWriter(header, clock);
      create(writer);
    }
    visitor = JournaledStore.telling(writer);
  }

  private void create(BaseWriter base) {
    try {
      base.start(files.create(base.header()));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Scans about so many entries, unless the disk is behind; answers whether there is more. */
  final boolean step(KeyValueStore store, int entries) {
    try {
      for (int left = entries; left > 0 && isScanning && !isBehind(); ) {
        int piece = Math.min(left, writer.entriesOf(PIECE_BYTES));
        left -= piece;
        isScanning = store.scan(cursor, piece, visitor);
        if (!isScanning) {
          endScan();
        }
      }
      return isScanning;
    } catch (UncheckedIOException e) {
      throw failed(e.getCause());
    }
  }

  private boolean isBehind() {
    return handed != null && handed.isBehind();
  }

  private void endScan() {
    long lastContained = lastContained();
    writer.end(lastContained);
    if (handed != null) {
      handed.setEnded(lastContained);
    } else {
      try {
        finish(writer, lastContained);
      } catch (IOException e) {
        throw failed(e);
      } finally {
        isRunning = false;
      }
    }
  }

  /** The last change that the scan may have seen. */
  long lastContained() {
    return log.sequence();
  }

  /** What the writing thread does. */
  private void write() {
    HandedBase base = handed;
    try {
      base.start(files.create(base.header()));
      if (base.writeAll()) {
        finish(base, base.lastContained());
      } else {
        base.abandon();
      }
    } catch (IOException | RuntimeException | Error e) {
      base.giveUp();
      log.fail(e);
    } finally {
      isRunning = false;
    }
  }

  /** Puts the base in the place of what was before, once the log is durable beyond it. */
  private void finish(BaseWriter base, long lastContained) throws IOException {
    long length = base.finish();
    log.awaitFile(base.header().number());
    awaitDurable(lastContained);
    files.setBase(new Manifest.Base(base.header().number(), length, base.header().firstSequence()));
    log.forgetEarlier();
    baseBytes = length;
    baseTimeMs = base.header().timeMs();
  }

  /** Waits for what the base may contain. */
  void awaitDurable(long lastContained) {
    log.awaitDurable(lastContained);
  }

  private DurableException failed(IOException e) {
    log.fail(e);
    log.check();
    throw new AssertionError("a failed log says so", e);
  }

  /**
   * Scans what is left of a base that is under way, about so many entries at once, and returns when
   * it is in its place.
   */
  final void complete(KeyValueStore store, int entriesAStep) {
    while (isRunning && step(store, entriesAStep)) {
      if (handed != null) {
        handed.awaitRoom();
      }
    }
    await();
  }

  private void await() {
    if (writing != null) {
      join();
    }
    log.check();
  }

  /** Gives up what is under way: its file is deleted when the store is opened again. */
  final void abandon() {
    if (handed != null) {
      handed.giveUp();
      join();
    } else if (isRunning && writer != null) {
      try {
        writer.abandon();
      } catch (IOException e) {
        log.fail(e);
      }
    }
    isScanning = false;
    isRunning = false;
  }

  private void join() {
    boolean isInterrupted = false;
    while (writing.isAlive()) {
      try {
        writing.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
