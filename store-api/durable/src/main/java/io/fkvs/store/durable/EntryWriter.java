package io.fkvs.store.durable;

import io.fkvs.store.Journal;
import io.fkvs.store.JournaledStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.ScanVisitor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes the entries of a store to a file while the store is used: a scan in steps, and between
 * them what the store tells of its changes. Who reads them in their order has what the store had at
 * the {@link #end}. {@link EntryFile} reads it. One file after another.
 *
 * <p>It is a journal, to be told of all changes between {@link #begin} and {@link #end}; at other
 * times it does nothing.
 *
 * <p>Thread rule: that of the store. A thread of its own writes and syncs, so that the caller does
 * not wait for the disk, unless 32 MiB of changes wait for it already.
 */
public final class EntryWriter implements Journal {
  private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
  private HandedBase base;
  private ScanCursor cursor;
  private ScanVisitor visitor;
  private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);

  /** Creates a writer, which has nothing to write. */
  public EntryWriter() {}

  /**
   * Begins a file.
   *
   * @param file the file, which is empty; closed when all is written, or when it cannot be
   * @param timeMs the time of the store, in milliseconds since 1970
   * @return completed when {@link #end} was called and the file was synced and closed; with the
   *     {@link IOException} if that failed, or with a {@link
   *     java.util.concurrent.CancellationException} after {@link #giveUp}
   * @throws IllegalStateException if the file before is not finished
   */
  public CompletionStage<Void> begin(DiskFile file, long timeMs) {
    if (isWriting()) {
      throw new IllegalStateException("file before is not finished");
    }
    ClampedClock clock = DurableDirectory.noClock();
    clock.advance(timeMs);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    FileHeader header =
        new FileHeader(
            FileHeader.Kind.BASE,
            random.nextInt(1, Integer.MAX_VALUE),
            random.nextLong(),
            Snapshots.NUMBER,
            1,
            timeMs);
    HandedBase begun = new HandedBase(header, clock, chunks);
    CompletableFuture<Void> done = new CompletableFuture<>();
    base = begun;
    written = done;
    cursor = new ScanCursor();
    visitor = JournaledStore.telling(begun);
    begun.start(file);
    Thread.ofPlatform().daemon().name("fkvs-entries").start(() -> write(begun, file, done));
    return done;
  }

  private static void write(HandedBase base, DiskFile file, CompletableFuture<Void> done) {
    try {
      file.write(base.header().encode(), 0);
      if (base.writeAll()) {
        base.finish();
        done.complete(null);
      } else {
        base.abandon();
        done.cancel(false);
      }
    } catch (IOException | RuntimeException | Error e) {
      base.giveUp();
      closeAfter(e, file);
      done.completeExceptionally(e);
    }
  }

  private static void closeAfter(Throwable failure, DiskFile file) {
    try {
      file.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** Whether a file was begun and is not finished. */
  boolean isWriting() {
    return !written.isDone();
  }

  /**
   * Says whether a file was begun that can still be written, and {@link #end} was not called for.
   *
   * @return whether changes are to be told
   */
  public boolean isScanning() {
    return cursor != null && isWriting();
  }

  /**
   * Scans a piece, unless the disk is behind.
   *
   * @param store the store, the same for all pieces of a file
   * @param entries about how many entries, at least 1
   * @return whether the scan has come to its end: then {@link #end} may be called
   */
  public boolean step(KeyValueStore store, int entries) {
    return isScanning() && !base.isBehind() && !store.scan(cursor, entries, visitor);
  }

  /** Ends the file: it holds what the store holds now. */
  public void end() {
    if (isScanning()) {
      base.end(0);
      base.setEnded(0);
    }
    cursor = null;
  }

  /** Gives up what was begun and not finished. */
  public void giveUp() {
    cursor = null;
    if (isWriting()) {
      base.giveUp();
    }
  }

  // ---- what the store tells

  @Override
  public void onPut(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    if (isScanning()) {
      base.onPut(key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    }
  }

  @Override
  public void onRemove(MemorySegment key, long keyOffset, int keyLength) {
    if (isScanning()) {
      base.onRemove(key, keyOffset, keyLength);
    }
  }

  @Override
  public boolean onDeadline(
      MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
    if (isScanning()) {
      base.onDeadline(key, keyOffset, keyLength, beforeMs, deadlineMs);
    }
    return true;
  }

  @Override
  public void onClear() {
    if (isScanning()) {
      base.onClear();
    }
  }
}
