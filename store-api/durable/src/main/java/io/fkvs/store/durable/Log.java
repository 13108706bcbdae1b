package io.fkvs.store.durable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The log of a store. Whoever changes the store appends frames to memory; one thread, the worker,
 * writes them to the file and syncs it, so that nobody else waits for a disk but who wants to, or
 * who finds the memory for the backlog used up.
 *
 * <p>Any thread may append; frames lie in the log in the order of the calls.
 */
class Log implements AutoCloseable {
  /*
   * Frames are written to chunks under the lock. The worker takes all chunks that are full, and the
   * one that is being filled if no frame is open in it, writes them in order without the lock, and
   * gives them back. There are never more chunks than the backlog may have, however long a value
   * is: a long one goes through them piece by piece.
   *
   * With ALWAYS the worker is woken at each append, with the other policies it looks by itself
   * every POLL_NANOS while there is something to do, because waking a thread costs more than an
   * append. A worker that sleeps says so in isAsleep, and where it does not look by itself in
   * waitsForAppend, under the lock.
   */
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How often one who appends looks for the lock before he sleeps: some microseconds. */
  private static final int LOOKS = 100;

  /** How many looks in vain before the worker sleeps until it is woken. */
  private static final int IDLE_POLLS = 50;

  /**
   * How far zeros are written ahead of the frames, so that a sync finds the file's length right.
   */
  private static final int ZEROS_BYTES = 256 << 10;

  /**
   * With EVERY_SECOND, so much is synced at once at the most. While a sync goes on nothing is
   * written: one that takes long would fill the backlog, and hold those up who change the store.
   */
  private static final long SYNCED_BYTES = 16 << 20;

  private final StoreFiles files;
  private final ClampedClock clock;
  private final SyncPolicy policy;
  private final DurableListener listener;
  private final Thread worker;

  // ---- under the lock

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition durableMoved = lock.newCondition();
  private final ArrayDeque<Chunk> full = new ArrayDeque<>();
  private final ArrayDeque<Chunk> free = new ArrayDeque<>();
  private final Frame frames = new Frame();
  private FileHeader header;
  private int chunks;
  private int maxChunks;
  private long timeMs;

  /** Whether somebody waits for room amid a frame; nobody else appends then. */
  private boolean isBusy;

  private boolean isInGroup;
  private boolean isAsleep;
  private boolean waitsForAppend;
  private boolean isClosing;
  private long wantedSequence;

  /** Bytes of the logs before this one, and of this one, as far as they are appended. */
  private long earlierBytes;

  private long appendedBytes;

  // ---- read by anybody

  private volatile long durableSequence;

  /** When the last sync ended, by the system's clock, and how long it took. */
  private volatile long syncTimeMs;

  private volatile long syncNanos;

  /** Chunks that hold what is not written yet; changed under the lock. */
  private volatile int usedChunks;

  /** The number of the file that is being written. */
  private volatile long fileNumber;

  private volatile DurableException failure;

  // ---- the worker's

  private DiskFile file;
  private long position = FileHeader.BYTES;
  private long zerosEnd = FileHeader.BYTES;
  private long writtenSequence;
  private long unsyncedBytes;
  private final ArrayDeque<Chunk> batch = new ArrayDeque<>();
  private long lastSyncNanos = System.nanoTime();
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(64 << 10);

  /**
   * Goes on with a log.
   *
   * @param files the files of the store
   * @param header the header of a file that was made for this and holds nothing yet
   * @param file that file, from now on the log's
   * @param lastSequence the last frame before, which is durable
   * @param earlierBytes how many bytes of logs have to be replayed before this one
   */
  Log(
      StoreFiles files,
      FileHeader header,
      DiskFile file,
      long lastSequence,
      long earlierBytes,
      ClampedClock clock,
      DurableOptions options) {
    this.files = files;
    this.header = header;
    this.file = file;
    this.earlierBytes = earlierBytes;
    this.clock = clock;
    this.timeMs = header.timeMs();
    this.policy = options.syncPolicy();
    this.listener = options.listener();
    this.maxChunks = (int) Math.min(Integer.MAX_VALUE, options.backlogBytes() / Chunk.BYTES);
    free.add(new Chunk());
    chunks = 1;
    frames.setSequence(lastSequence);
    durableSequence = lastSequence;
    writtenSequence = lastSequence;
    fileNumber = header.number();
    worker =
        options.hasThread()
            ? Thread.ofPlatform().daemon().name("fkvs-log-" + header.number()).unstarted(this::run)
            : null;
  }

  /** Starts the worker, where there is one. */
  final void start() {
    if (worker != null) {
      worker.start();
    }
  }

  // ---- appending

  /** Appends a put; answers the frame that it is in. */
  final long put(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    begin();
    try {
      frames.put(key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
      return end(keyLength + (long) valueLength);
    } finally {
      lock.unlock();
    }
  }

  final long remove(MemorySegment key, long keyOffset, int keyLength) {
    begin();
    try {
      frames.remove(key, keyOffset, keyLength);
      return end(keyLength);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Appends a deadline, or answers 0 where the whole entry must be put: where the deadline before
   * is not behind the time of the log, recovery may have let the entry go.
   */
  final long deadline(
      MemorySegment key, long keyOffset, int keyLength, long beforeMs, long deadlineMs) {
    begin();
    try {
      if (beforeMs <= timeMs) {
        return 0;
      }
      frames.deadline(key, keyOffset, keyLength, deadlineMs);
      return end(keyLength);
    } finally {
      lock.unlock();
    }
  }

  final long clear() {
    begin();
    try {
      frames.clear();
      return end(0);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the lock. The worker holds it for moments alone: looking again is less than sleeping, and
   * makes no object.
   */
  private void acquire() {
    for (int i = 0; i < LOOKS; i++) {
      if (lock.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    lock.lock();
  }

  private void begin() {
    acquire();
    try {
      while (isBusy) {
        room.awaitUninterruptibly();
      }
      checkUsable();
      if (!isInGroup) { // a frame has one time, by which its deadlines were judged
        timeMs = Math.max(timeMs, clock.lastMs());
      }
    } catch (RuntimeException | Error e) {
      lock.unlock();
      throw e;
    }
  }

  private long end(long bytes) {
    appendedBytes += bytes + Frames.OVERHEAD;
    if (isInGroup) {
      return frames.sequence() + 1;
    }
    frames.endGroup();
    appended();
    return frames.sequence();
  }

  private void appended() {
    if (waitsForAppend) {
      wake();
    } else if (worker == null && policy == SyncPolicy.EVERY_SECOND && isSecondOver()) {
      workOrThrow();
    }
  }

  private boolean isSecondOver() {
    return System.nanoTime() - lastSyncNanos >= SECOND_NANOS;
  }

  /** Lets the next changes be one frame. */
  final void beginGroup() {
    begin();
    try {
      if (isInGroup) {
        throw new IllegalStateException("group is open already");
      }
      isInGroup = true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the frame; answers its number, or that of the last one where nothing was changed. */
  final long endGroup() {
    begin();
    try {
      if (!isInGroup) {
        throw new IllegalStateException("no group is open");
      }
      isInGroup = false;
      frames.endGroup();
      appended();
      return frames.sequence();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets the next changes be one frame, and lets no other thread append anything until {@link
   * #unlockGroup}.
   */
  final void lockGroup() {
    begin();
    isInGroup = true;
  }

  final void unlockGroup() {
    try {
      isInGroup = false;
      frames.endGroup();
      appended();
    } finally {
      lock.unlock();
    }
  }

  /** The last frame that was appended. */
  final long sequence() {
    lock.lock();
    try {
      return frames.sequence();
    } finally {
      lock.unlock();
    }
  }

  /** About how many bytes of logs recovery would have to replay; no lock, so it may be late. */
  final long bytes() {
    return earlierBytes + appendedBytes;
  }

  /** How many bytes wait to be written, at the most. No lock. */
  final long backlogBytes() {
    return usedChunks * (long) Chunk.BYTES;
  }

  final long syncTimeMs() {
    return syncTimeMs;
  }

  final long syncNanos() {
    return syncNanos;
  }

  /** Begins another file: the frames from the next one on. Answers its header. */
  final FileHeader rotate() {
    begin();
    try {
      long number = files.nextNumber();
      header = files.newHeader(FileHeader.Kind.LOG, number, frames.sequence() + 1, clock.lastMs());
      earlierBytes += appendedBytes;
      appendedBytes = 0;
      frames.beginFile(header);
      wake();
      return header;
    } finally {
      lock.unlock();
    }
  }

  /** Says that a base has taken the place of all logs before the last rotation. */
  final void forgetEarlier() {
    lock.lock();
    try {
      earlierBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /** Frames in chunks of the backlog. */
  private final class Frame extends FrameWriter {
    @Override
    Chunk emptyChunk() {
      Chunk chunk = free.poll();
      if (chunk == null && chunks < maxChunks) {
        chunk = addedChunk();
      }
      if (chunk == null) {
        chunk = awaitChunk();
      }
      usedChunks = chunks - free.size();
      return chunk;
    }

    @Override
    void onFull(Chunk chunk) {
      full.add(chunk);
      if (worker == null) {
        workOrThrow();
      } else if (full.size() > maxChunks / 2) {
        wake();
      }
    }

    @Override
    int fileId() {
      return header.fileId();
    }

    @Override
    long timeMs() {
      return timeMs;
    }

    @Override
    int behind(long sequence) {
      return (int) Math.min(sequence - durableSequence, 0xFFFF_FFFFL);
    }
  }

  /**
   * One more chunk, or null where the JVM has no memory for it: those that there are must do. The
   * table has been changed already, so the change has to be appended.
   */
  private Chunk addedChunk() {
    try {
      Chunk chunk = new Chunk();
      chunks++;
      return chunk;
    } catch (OutOfMemoryError e) {
      maxChunks = chunks;
      return null;
    }
  }

  /** Waits until the worker has given a chunk back. */
  private Chunk awaitChunk() {
    isBusy = true;
    try {
      Chunk chunk;
      while ((chunk = free.poll()) == null) {
        checkUsable();
        wake();
        room.awaitUninterruptibly();
      }
      return chunk;
    } finally {
      isBusy = false;
      room.signalAll();
    }
  }

  // ---- waiting

  /** The last frame that is durable, with all before it. */
  final long durableSequence() {
    return durableSequence;
  }

  /** Has everything up to a frame synced, and returns when it is. */
  final void awaitDurable(long sequence) {
    if (durableSequence >= sequence) {
      check();
      return;
    }
    lock.lock();
    try {
      wantedSequence = Math.max(wantedSequence, sequence);
      while (durableSequence < sequence) {
        checkUsable();
        if (worker == null) {
          workOrThrow();
        } else {
          wake();
          durableMoved.awaitUninterruptibly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns when a file that {@link #rotate} has begun is named in the manifest. */
  final void awaitFile(long number) {
    lock.lock();
    try {
      while (fileNumber < number) {
        checkUsable();
        if (worker == null) {
          workOrThrow();
        } else {
          durableMoved.awaitUninterruptibly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Throws where something has failed. */
  final void check() {
    DurableException failed = failure;
    if (failed != null) {
      throw again(failed);
    }
  }

  private void checkUsable() {
    check();
    if (isClosing) {
      throw new IllegalStateException("store is closed");
    }
  }

  /** A failure for another caller, with a stack of its own. */
  private static DurableException again(DurableException failed) {
    return failed instanceof DiskFullException
        ? new DiskFullException(failed.getMessage(), failed)
        : new DurableException(failed.getMessage(), failed);
  }

  final DurableException failure() {
    return failure;
  }

  // ---- the worker

  private void wake() {
    if (worker != null && isAsleep) {
      isAsleep = false;
      waitsForAppend = false;
      LockSupport.unpark(worker);
    }
  }

  private void run() {
    int vain = 0;
    while (failure == null) {
      boolean isClosed = isClosing();
      if (work()) {
        vain = 0;
      } else if (isClosed) {
        break;
      } else if (sleepIfIdle(++vain > IDLE_POLLS)) {
        vain = 0;
      }
    }
    finish();
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return isClosing;
    } finally {
      lock.unlock();
    }
  }

  /** Sleeps, until somebody wakes it where nothing is to be done; answers whether that was so. */
  private boolean sleepIfIdle(boolean isQuiet) {
    boolean isClean = writtenSequence == durableSequence || policy == SyncPolicy.NEVER;
    boolean untilWoken = policy == SyncPolicy.ALWAYS || isQuiet && isClean;
    lock.lock();
    try {
      if (hasWork() || untilWoken && isTakeable()) {
        return true;
      }
      isAsleep = true;
      waitsForAppend = untilWoken;
    } finally {
      lock.unlock();
    }
    if (untilWoken) {
      LockSupport.park(this);
    } else {
      LockSupport.parkNanos(this, POLL_NANOS);
    }
    return untilWoken;
  }

  /** Whether there is something that cannot wait for the next look. */
  private boolean hasWork() {
    boolean isWanted = wantedSequence > durableSequence && wantedSequence <= frames.sequence();
    return isClosing || isWanted || !full.isEmpty();
  }

  private boolean isTakeable() {
    return !isBusy && !frames.isGroupOpen() && frames.hasChunk();
  }

  /** Writes what was appended, and syncs if it is time; answers whether there was anything. */
  final boolean work() {
    try {
      clock.tick();
      boolean isBusyNow = take();
      Chunk chunk;
      while ((chunk = batch.poll()) != null) {
        write(chunk);
        giveBack(chunk);
        if (isMuchUnsynced()) {
          sync();
        }
      }
      boolean isDue = isSyncDue();
      if (isDue) {
        sync();
      }
      return isDue || isBusyNow;
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
      return false;
    }
  }

  private void workOrThrow() {
    work();
    check();
  }

  /** Takes what can be written; answers whether there is any. */
  private boolean take() {
    lock.lock();
    try {
      Chunk chunk;
      while ((chunk = full.poll()) != null) {
        batch.add(chunk);
      }
      if (isTakeable()) {
        batch.add(frames.detach());
      }
      return !batch.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(Chunk chunk) {
    lock.lock();
    try {
      chunk.clear();
      free.add(chunk);
      usedChunks = chunks - free.size();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void write(Chunk chunk) throws IOException {
    if (chunk.newFile != null) {
      beginFile(chunk.newFile);
    }
    if (chunk.end > 0) {
      fillAhead(chunk.end);
      file.write(chunk.content(), position);
      position += chunk.end;
      unsyncedBytes += chunk.end;
    }
    writtenSequence = chunk.lastSequence;
  }

  /** With ALWAYS, writes zeros ahead: a sync then has to bring data to the disk, and no lengths. */
  private void fillAhead(int bytes) throws IOException {
    if (policy != SyncPolicy.ALWAYS || position + bytes <= zerosEnd) {
      return;
    }
    long end = position + bytes + ZEROS_BYTES;
    for (zerosEnd = Math.max(zerosEnd, position); zerosEnd < end; ) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), end - zerosEnd));
      int length = zeros.remaining();
      file.write(zeros, zerosEnd);
      zerosEnd += length;
    }
  }

  /** Finishes the file and begins another one, which is named when all before it is durable. */
  private void beginFile(FileHeader newFile) throws IOException {
    sync();
    DiskFile next = files.create(newFile);
    files.addLog(newFile.number(), position);
    file.close();
    file = next;
    position = FileHeader.BYTES;
    zerosEnd = FileHeader.BYTES;
    lock.lock();
    try {
      fileNumber = newFile.number();
      durableMoved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean isMuchUnsynced() {
    return policy == SyncPolicy.EVERY_SECOND && unsyncedBytes >= SYNCED_BYTES;
  }

  private boolean isSyncDue() {
    if (writtenSequence == durableSequence) {
      return false;
    }
    return switch (policy) {
      case ALWAYS -> true;
      case EVERY_SECOND -> isSecondOver() || isSyncWanted();
      case NEVER -> isSyncWanted();
    };
  }

  private boolean isSyncWanted() {
    lock.lock();
    try {
      return wantedSequence > durableSequence;
    } finally {
      lock.unlock();
    }
  }

  private void sync() throws IOException {
    lastSyncNanos = System.nanoTime();
    unsyncedBytes = 0;
    if (writtenSequence == durableSequence) {
      return;
    }
    file.force();
    syncNanos = System.nanoTime() - lastSyncNanos;
    syncTimeMs = System.currentTimeMillis();
    lock.lock();
    try {
      durableSequence = writtenSequence;
      durableMoved.signalAll();
    } finally {
      lock.unlock();
    }
    listener.onDurable(writtenSequence);
  }

  /** Ends the store's life: from now on everything throws. */
  final void fail(Throwable cause) {
    DurableException failed = describe(cause);
    lock.lock();
    try {
      if (failure != null) {
        return;
      }
      failure = failed;
      room.signalAll();
      durableMoved.signalAll();
    } finally {
      lock.unlock();
    }
    listener.onFailure(failed);
  }

  private DurableException describe(Throwable cause) {
    if (cause instanceof DurableException known) {
      return known;
    }
    return DiskErrors.describe("log cannot be written", files.disk(), cause);
  }

  // ---- the end

  /** Syncs everything and finishes the file. Does nothing the second time. */
  @Override
  public final void close() {
    lock.lock();
    try {
      if (isClosing) {
        return;
      }
      if (isInGroup) {
        isInGroup = false;
        frames.endGroup();
      }
      isClosing = true;
      wantedSequence = frames.sequence();
      wake();
    } finally {
      lock.unlock();
    }
    if (worker != null) {
      join();
    } else {
      while (failure == null && work()) {}
      finish();
    }
    check();
  }

  /**
   * Names the length of the file where nothing has failed, and closes it. The worker does it where
   * there is one: an interrupt of the thread that closes the store would close the file amid that.
   */
  private void finish() {
    try (DiskFile _ = file) {
      if (failure == null) {
        sync();
        files.finish(position);
      }
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    }
  }

  private void join() {
    boolean isInterrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
