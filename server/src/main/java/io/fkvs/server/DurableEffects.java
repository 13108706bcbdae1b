package io.fkvs.server;

import io.fkvs.server.command.Effects;
import io.fkvs.server.limits.Limits;
import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableListener;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.DurableStatus;
import io.fkvs.store.durable.DurableStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Effects that a log in a directory keeps: what requests do in a cycle is one frame of it. A thread
 * of the log writes and syncs, and wakes the loop where replies wait for it.
 *
 * <p>Belongs to the thread of the event loop, but for what the log tells.
 */
final class DurableEffects implements Effects, DurableListener {
  private static final Logger LOGGER = System.getLogger(Server.class.getName());
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What the log may take for a request beside its bytes. */
  private static final long SPARE_BYTES = DurableOptions.LEAST_BACKLOG_BYTES;

  private final SyncChoice sync;
  private final long openedNanos = System.nanoTime();
  private DurableStore store;
  private boolean isStepOpen;
  private long step;
  private long loadingNanos;

  /** The most that a request wants which was not admitted; 0 where all were. */
  private long wantedBytes;

  private long loadedEntries;

  /** Progress was last logged then; used by the thread that opens the store. */
  private long toldNanos = openedNanos;

  // ---- the log's thread reads or writes these

  private volatile Runnable wakeUp = () -> {};
  private volatile boolean isAwaited;
  private volatile DurableException failure;

  private DurableEffects(ServerConfig config) {
    sync = config.sync();
  }

  /**
   * Opens the store of a configuration that has one.
   *
   * @param options how its table is opened
   * @throws DurableException if the directory is damaged, in use or cannot be used
   */
  static DurableEffects open(ServerConfig config, DurableOptions options) {
    DurableEffects effects = new DurableEffects(config);
    DurableOptions completed =
        config
            .durability()
            .apply(
                options
                    .withSyncPolicy(config.sync().policy())
                    .withBacklogBytes(Limits.BACKLOG_BYTES)
                    .withoutWaiting()
                    .withListener(effects));
    Disk disk = config.disk().orElseGet(() -> disk(config.dataDirectory().orElseThrow()));
    effects.store = DurableStore.open(disk, completed);
    effects.opened();
    return effects;
  }

  private static Disk disk(Path directory) {
    try {
      return Disk.of(directory);
    } catch (IOException e) {
      throw new DurableException(
          "data directory cannot be used: directory=" + directory + ", cause=" + e, e);
    }
  }

  private void opened() {
    step = store.sequence();
    loadedEntries = store.size();
    store.handOver();
    loadingNanos = System.nanoTime() - openedNanos;
  }

  /** Sets what wakes the loop. */
  void onWakeUp(Runnable wakesLoop) {
    wakeUp = wakesLoop;
  }

  DurableStore store() {
    return store;
  }

  DurableStatus status() {
    return store.status();
  }

  void logLoaded() {
    LOGGER.log(
        Level.INFO,
        "data loaded: entries=" + loadedEntries + ", ms=" + loadingMs() + ", sync=" + sync);
  }

  /** How many entries there were when the store was opened. */
  long loadedEntries() {
    return loadedEntries;
  }

  long loadingMs() {
    return TimeUnit.NANOSECONDS.toMillis(loadingNanos);
  }

  // ---- what the log tells

  @Override
  public void onDurable(long sequence) {
    if (isAwaited) {
      wakeUp.run();
    }
  }

  @Override
  public void onFailure(DurableException cause) {
    failure = cause;
    LOGGER.log(
        Level.ERROR,
        "nothing can be made durable any more, the server stops: " + cause.getMessage());
    wakeUp.run();
  }

  @Override
  public void onLoading(long readBytes, long totalBytes) {
    long nowNanos = System.nanoTime();
    if (nowNanos - toldNanos >= PROGRESS_NANOS) {
      toldNanos = nowNanos;
      LOGGER.log(
          Level.INFO,
          "loading data: percent="
              + 100 * readBytes / Math.max(1, totalBytes)
              + ", bytes="
              + readBytes
              + ", of="
              + totalBytes);
    }
  }

  // ---- what the loop does

  @Override
  public void begin() {
    if (!isStepOpen) {
      store.beginGroup();
      isStepOpen = true;
    }
  }

  /** A request that is longer than the backlog may be begins when nothing waits for the disk. */
  private boolean hasRoomFor(long bytes) {
    long backlogBytes = store.backlogBytes();
    return backlogBytes == 0 || backlogBytes + bytes + SPARE_BYTES <= Limits.BACKLOG_BYTES;
  }

  @Override
  public boolean admits(long bytes) {
    if (wantedBytes == 0 && hasRoomFor(bytes)) {
      return true;
    }
    wantedBytes = Math.max(wantedBytes, bytes);
    return false;
  }

  @Override
  public boolean haveRoom() {
    return hasRoomFor(wantedBytes);
  }

  @Override
  public void admitAgain() {
    wantedBytes = 0;
  }

  @Override
  public long end() {
    if (isStepOpen) {
      isStepOpen = false;
      step = store.endGroup();
    }
    DurableException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return holdReplies() ? step : AT_ONCE;
  }

  @Override
  public boolean holdReplies() {
    return sync == SyncChoice.ALWAYS;
  }

  @Override
  public long durable() {
    return store.durableSequence();
  }

  @Override
  public void replyWaits(boolean isWaiting) {
    isAwaited = isWaiting;
  }

  @Override
  public boolean work(boolean isIdle) {
    boolean isUnderWay = true;
    for (int i = isIdle ? Limits.IDLE_BASE_STEPS : Limits.BASE_STEPS; isUnderWay && i > 0; i--) {
      isUnderWay = store.work(Limits.BASE_STEP_ENTRIES);
    }
    return isUnderWay;
  }

  @Override
  public boolean haveFailed() {
    return failure != null;
  }
}
