package io.fkvs.store.durable;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The log of a store. Whoever changes the store appends frames to memory; one thread, the worker,
 * writes them to the file and syncs it, so that nobody else waits for a disk but who wants to, or
 * who finds the memory for the backlog used up.
 *
 * <p>One thread at a time appends, which is the owner of the store; or any thread, where the log is
 * shared. Frames lie in the log in the order of the calls.
 */
class Log implements AutoCloseable {
  /*
   *   filled by who appends:  chunk -> chunk -> chunk
   *                             ^ read by the worker   ^ published up to here
   *
   * Who appends lays frames out in chunks and publishes them, with no lock and no fence: a fence
   * would wait for the stores before it, and in a table larger than the caches these wait for
   * memory. The worker reads up to what is published, completes the frames (FrameSealer), writes
   * them in order and gives back each chunk that another one follows. There are never more chunks
   * than the backlog may have, however long a value is: a long one goes through them piece by piece.
   * Where the log is shared, a lock makes those who append one at a time.
   *
   * The worker looks by itself every POLL_NANOS while there is something to do, because waking a
   * thread costs more than an append. A worker that sleeps says so in isAsleep, and where it does
   * not look by itself in waitsForAppend. With ALWAYS it is woken at each append, and a fence sees
   * to it that either it sees the append or the one who appends sees that it sleeps. With the other
   * policies there is no fence, and so it looks after IDLE_NANOS, whatever it was told.
   */
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
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

  /**
   * How many times the backlog may go beyond its bound where calls do not wait: so far, one request
   * of an event loop that began below the bound is carried out without a wait.
   */
  private static final int OVERRUN = 7;

  private static final VarHandle SEQUENCE = sequenceHandle();

  private static VarHandle sequenceHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(Log.class, "sequence", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final StoreFiles files;
  private final ClampedClock clock;
  private final SyncPolicy policy;
  private final DurableListener listener;
  private final Thread worker;

  // ---- of who appends

  /** Held by who appends, where that may be any thread; else null. */
  private final ReentrantLock appending;

  private final Frame frames = new Frame();
  private boolean isInGroup;

  /** How often the group was begun with a lock and not ended. */
  private int groupDepth;

  private long timeMs;
  private long appendedBytes;

  /** The last frame that is published. */
  private long sequence;

  // ---- under the lock

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition durableMoved = lock.newCondition();
  private final ArrayDeque<Chunk> free = new ArrayDeque<>();
  private int chunks;

  /** How many there may be, and how many beyond that where nobody may be made to wait. */
  private int maxChunks;

  private int mostPassing;
  private int passing;

  // ---- read by anybody

  private volatile boolean isAsleep;
  private volatile boolean waitsForAppend;
  private volatile boolean isClosing;

  /** How far somebody wants the log to be synced; grows under the lock. */
  private volatile long wantedSequence;

  /** Bytes of the logs before this one. */
  private volatile long earlierBytes;

  private volatile long writtenSequence;
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

  private final FrameSealer sealer;
  private Chunk reading;

  /** How much of it is written. */
  private int read;

  private DiskFile file;
  private long position = FileHeader.BYTES;
  private long zerosEnd = FileHeader.BYTES;
  private long unsyncedBytes;
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
   * @param isShared whether any thread may append; so it is in any case where there is no worker
   */
  Log(
      StoreFiles files,
      FileHeader header,
      DiskFile file,
      long lastSequence,
      long earlierBytes,
      ClampedClock clock,
      DurableOptions options,
      boolean isShared) {
    this.files = files;
    this.file = file;
    this.earlierBytes = earlierBytes;
    this.clock = clock;
    this.timeMs = header.timeMs();
    this.policy = options.syncPolicy();
    this.listener = options.listener();
    this.appending = isShared || !options.hasThread() ? new ReentrantLock() : null;
    this.maxChunks = (int) Math.min(Integer.MAX_VALUE, options.backlogBytes() / Chunk.BYTES);
    this.mostPassing =
        options.isWaiting() ? 0 : (int) Math.min(Integer.MAX_VALUE, (long) OVERRUN * maxChunks);
    sealer = new FrameSealer(header.fileId(), lastSequence);
    reading = new Chunk();
    chunks = 1;
    usedChunks = 1;
    frames.start(reading, lastSequence);
    sequence = lastSequence;
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
      leave();
    }
  }

  final long remove(MemorySegment key, long keyOffset, int keyLength) {
    begin();
    try {
      frames.remove(key, keyOffset, keyLength);
      return end(keyLength);
    } finally {
      leave();
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
      leave();
    }
  }

  final long clear() {
    begin();
    try {
      frames.clear();
      return end(0);
    } finally {
      leave();
    }
  }

  private void enter() {
    if (appending != null) {
      acquire();
    }
  }

  /**
   * Takes the lock. Who has it holds it for moments alone: looking again is less than sleeping, and
   * makes no object.
   */
  private void acquire() {
    for (int i = 0; i < LOOKS; i++) {
      if (appending.tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    appending.lock();
  }

  private void leave() {
    if (appending != null) {
      appending.unlock();
    }
  }

  private void begin() {
    enter();
    if (failure != null || isClosing) {
      leave();
      checkUsable();
    }
    if (!isInGroup) { // a frame has one time, by which its deadlines were judged
      timeMs = Math.max(timeMs, clock.lastMs());
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
    frames.chunk().publish();
    SEQUENCE.setRelease(this, frames.sequence());
    if (policy == SyncPolicy.ALWAYS) {
      VarHandle.fullFence();
    }
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
      leave();
    }
  }

  /** Ends the frame; answers its number, or that of the last one where nothing was changed. */
  final long endGroup() {
    begin();
    try {
      if (!isInGroup) {
        throw new IllegalStateException("no group is open");
      }
      finishGroup();
      return frames.sequence();
    } finally {
      leave();
    }
  }

  private void finishGroup() {
    isInGroup = false;
    frames.endGroup();
    appended();
  }

  /**
   * Lets the next changes be one frame, and lets no other thread append anything until {@link
   * #unlockGroup}. The one who did may do so again: the first one's end ends the frame.
   */
  final void lockGroup() {
    begin();
    isInGroup = true;
    groupDepth++;
  }

  final void unlockGroup() {
    groupDepth--;
    try {
      if (groupDepth == 0) {
        finishGroup();
      }
    } finally {
      leave();
    }
  }

  /** The last frame that was appended, and is whole. */
  final long sequence() {
    return (long) SEQUENCE.getAcquire(this);
  }

  /** About how many bytes of logs recovery would have to replay; no lock, so it may be late. */
  final long bytes() {
    return earlierBytes + appendedBytes;
  }

  /** How many bytes wait to be written, at the most. No lock. */
  final long backlogBytes() {
    return writtenSequence >= sequence() && !isInGroup ? 0 : usedChunks * (long) Chunk.BYTES;
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
      long first = frames.sequence() + 1;
      FileHeader next = files.newHeader(FileHeader.Kind.LOG, number, first, clock.lastMs());
      earlierBytes = bytes();
      appendedBytes = 0;
      frames.beginFile(next);
      wake();
      return next;
    } finally {
      leave();
    }
  }

  /** Says that a base has taken the place of all logs before the last rotation. */
  final void forgetEarlier() {
    earlierBytes = 0;
  }

  /** Frames in chunks of the backlog. */
  private final class Frame extends FrameWriter {
    /** The last chunk so far; another one is to follow. */
    private Chunk last;

    private FileHeader newFile;

    /** The next frame begins a file. */
    void beginFile(FileHeader next) {
      newFile = next;
      leaveChunk();
    }

    @Override
    void onFull(Chunk full) {
      full.publish();
      SEQUENCE.setRelease(Log.this, sequence());
      last = full;
    }

    @Override
    Chunk emptyChunk() {
      Chunk chunk = takeChunk();
      chunk.newFile = newFile;
      newFile = null;
      last.follow(chunk);
      if (worker == null) {
        workOrThrow();
      } else if (usedChunks > maxChunks / 2) {
        wake();
      }
      return chunk;
    }

    @Override
    long timeMs() {
      return timeMs;
    }
  }

  /**
   * An empty chunk; waits until the worker has given one back where there are as many as may be.
   */
  private Chunk takeChunk() {
    lock.lock();
    try {
      Chunk chunk = freeChunk();
      while (chunk == null) {
        checkUsable();
        wake();
        room.awaitUninterruptibly();
        chunk = freeChunk();
      }
      countUsed();
      return chunk;
    } finally {
      lock.unlock();
    }
  }

  /**
   * An empty chunk, or null where there are as many as may be. Where the JVM has no memory for
   * more, those that there are must do: the table has been changed already, so the change has to be
   * appended.
   */
  private Chunk freeChunk() {
    Chunk chunk = free.poll();
    try {
      if (chunk == null && chunks < maxChunks) {
        chunk = new Chunk();
        chunks++;
      } else if (chunk == null && passing < mostPassing) {
        chunk = Chunk.passing();
        passing++;
      }
    } catch (OutOfMemoryError e) {
      maxChunks = chunks;
      mostPassing = passing;
    }
    return chunk;
  }

  private void countUsed() {
    usedChunks = chunks + passing - free.size();
  }

  // ---- waiting

  /** The last frame that is durable, with all before it. */
  final long durableSequence() {
    return durableSequence;
  }

  /** Has everything up to a frame synced, and returns when it is. */
  final void awaitDurable(long wanted) {
    if (durableSequence >= wanted) {
      check();
      return;
    }
    want(wanted);
    if (worker == null) {
      workUntil(() -> durableSequence >= wanted);
      return;
    }
    wake();
    lock.lock();
    try {
      while (durableSequence < wanted) {
        checkUsable();
        durableMoved.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void want(long wanted) {
    lock.lock();
    try {
      wantedSequence = Math.max(wantedSequence, wanted);
    } finally {
      lock.unlock();
    }
  }

  /** Returns when a file that {@link #rotate} has begun is named in the manifest. */
  final void awaitFile(long number) {
    if (worker == null) {
      workUntil(() -> fileNumber >= number);
      return;
    }
    lock.lock();
    try {
      while (fileNumber < number) {
        checkUsable();
        durableMoved.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Works in the caller's thread, where there is no worker. */
  private void workUntil(BooleanSupplier isDone) {
    acquire();
    try {
      while (!isDone.getAsBoolean()) {
        checkUsable();
        workOrThrow();
      }
    } finally {
      leave();
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

  /** Wakes the worker if it sleeps. Once is enough: it looks at everything when it wakes. */
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
      boolean isClosed = isClosing;
      if (work()) {
        vain = 0;
      } else if (isClosed) {
        break;
      } else {
        sleep(++vain > IDLE_POLLS);
      }
    }
    finish();
  }

  /** Sleeps, where nothing is to be done until somebody wakes it. */
  private void sleep(boolean isQuiet) {
    boolean isClean = writtenSequence == durableSequence || policy == SyncPolicy.NEVER;
    boolean untilWoken = policy == SyncPolicy.ALWAYS || isQuiet && isClean;
    waitsForAppend = untilWoken;
    isAsleep = true;
    VarHandle.fullFence();
    if (!hasWork() && !(untilWoken && isReady())) {
      if (policy == SyncPolicy.ALWAYS) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, untilWoken ? IDLE_NANOS : POLL_NANOS);
      }
    }
    isAsleep = false;
    waitsForAppend = false;
  }

  /** Whether there is something that cannot wait for the next look. */
  private boolean hasWork() {
    boolean isWanted = wantedSequence > durableSequence && wantedSequence <= sequence();
    return isClosing || isWanted || reading.next() != null;
  }

  private boolean isReady() {
    return reading.ready() > read || reading.next() != null;
  }

  /** Writes what was appended, and syncs if it is time; answers whether there was anything. */
  final boolean work() {
    try {
      clock.tick();
      boolean isBusy = writeReady();
      boolean isDue = isSyncDue();
      if (isDue) {
        sync();
      }
      return isDue || isBusy;
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
      return false;
    }
  }

  private void workOrThrow() {
    work();
    check();
  }

  /** Writes what is ready, but no more than is synced at once; answers whether there was any. */
  private boolean writeReady() throws IOException {
    long writtenBytes = 0;
    while (writtenBytes < SYNCED_BYTES) {
      Chunk following = reading.next(); // looked at first: what is ready then is all of this one
      int ready = reading.ready();
      if (ready > read) {
        write(read, ready);
        writtenBytes += ready - read;
        read = ready;
        if (isMuchUnsynced()) {
          sync();
        }
      }
      if (following == null) {
        break;
      }
      enterChunk(following);
      writtenBytes++; // it was something, if nothing else
    }
    return writtenBytes > 0;
  }

  private void enterChunk(Chunk following) throws IOException {
    giveBack(reading);
    reading = following;
    read = 0;
    if (following.newFile != null) {
      beginFile(following.newFile);
    }
  }

  private void giveBack(Chunk chunk) {
    chunk.clear();
    chunk.free();
    lock.lock();
    try {
      if (chunk.isPassing()) {
        passing--;
      } else {
        free.add(chunk);
      }
      countUsed();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void write(int from, int to) throws IOException {
    sealer.seal(reading, from, to, durableSequence);
    fillAhead(to - from);
    file.write(reading.content(from, to), position);
    position += to - from;
    unsyncedBytes += to - from;
    writtenSequence = sealer.sequence();
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
    sealer.beginFile(newFile.fileId());
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
    return wantedSequence > durableSequence;
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
    enter();
    try {
      if (isClosing) {
        return;
      }
      if (isInGroup && failure == null) {
        finishGroup();
      }
      want(frames.sequence());
      isClosing = true;
      wake();
    } finally {
      leave();
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
