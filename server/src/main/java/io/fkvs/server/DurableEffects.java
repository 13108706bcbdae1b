package io.fkvs.server;

import io.fkvs.server.command.Effects;
import io.fkvs.server.limits.Limits;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.DurableStatus;
import io.fkvs.store.durable.DurableStore;

/**
 * Effects that a log in a directory keeps: what requests do in a cycle is one frame of it. A thread
 * of the log writes and syncs, and wakes the loop where replies wait for it.
 *
 * <p>Belongs to the thread of the event loop, but for what the log tells.
 */
final class DurableEffects extends Persistence implements Effects {
  /** What the log may take for a request beside its bytes. */
  static final long SPARE_BYTES = DurableOptions.LEAST_BACKLOG_BYTES;

  private DurableStore store;
  private boolean isStepOpen;
  private long step;

  /** The most that a request wants which was not admitted; 0 where all were. */
  private long wantedBytes;

  // ---- the log's thread reads or writes these

  private volatile Runnable wakeUp = () -> {};
  private volatile boolean isAwaited;

  private DurableEffects(ServerConfig config) {
    super(config);
  }

  /**
   * Opens the store of a configuration that has one.
   *
   * @param options how its table is opened
   * @throws DurableException if the directory is damaged, in use or cannot be used
   */
  static DurableEffects open(ServerConfig config, DurableOptions options) {
    DurableEffects effects = new DurableEffects(config);
    effects.store = DurableStore.open(disk(config), effects.options(config, options));
    effects.step = effects.store.sequence();
    effects.opened(effects.store.size());
    effects.store.handOver();
    return effects;
  }

  /** Sets what wakes the loop. */
  void onWakeUp(Runnable wakesLoop) {
    wakeUp = wakesLoop;
  }

  DurableStore store() {
    return store;
  }

  @Override
  DurableStatus status() {
    return store.status();
  }

  @Override
  void wakeWaiting() {
    if (isAwaited) {
      wakeUp.run();
    }
  }

  @Override
  void wakeAll() {
    wakeUp.run();
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
    DurableException failed = failure();
    if (failed != null) {
      throw failed;
    }
    return holdReplies() ? step : AT_ONCE;
  }

  @Override
  public boolean holdReplies() {
    return isSyncedAlways();
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
}
