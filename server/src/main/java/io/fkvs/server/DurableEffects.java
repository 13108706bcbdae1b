package io.fkvs.server;

import io.fkvs.server.command.Effects;
import io.fkvs.server.limits.Limits;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableOptions;

/**
 * What an event loop sees of a log that keeps what its requests do. A thread of the log writes and
 * syncs, and wakes the loop where replies wait for it.
 *
 * <p>Belongs to the thread of the event loop, but for {@link #wake} and {@link #wakeIfAwaited}.
 */
abstract class DurableEffects implements Effects {
  /** What the log may take for a request beside its bytes. */
  private static final long SPARE_BYTES = DurableOptions.LEAST_BACKLOG_BYTES;

  private final Persistence persistence;
  private volatile Runnable wakeUp = () -> {};
  private volatile boolean isAwaited;

  /** The most that a request wants which was not admitted; 0 where all were. */
  private long wantedBytes;

  DurableEffects(Persistence persistence) {
    this.persistence = persistence;
  }

  /** Sets what wakes the loop. */
  final void onWakeUp(Runnable wakesLoop) {
    wakeUp = wakesLoop;
  }

  /** Lets the loop look what has become of the log. Any thread. */
  final void wake() {
    wakeUp.run();
  }

  /** Does so where replies wait for the log. Any thread. */
  final void wakeIfAwaited() {
    if (isAwaited) {
      wake();
    }
  }

  // ---- room

  /** Whether a request may log so many bytes now. */
  abstract boolean hasRoomFor(long bytes);

  /** Takes that room, where there is any; answers whether there was. */
  boolean takeRoomFor(long bytes) {
    return hasRoomFor(bytes);
  }

  /** A request that is longer than the backlog may be begins when nothing waits for the disk. */
  static boolean fits(long backlogBytes, long bytes) {
    return backlogBytes == 0 || backlogBytes + bytes + SPARE_BYTES <= Limits.BACKLOG_BYTES;
  }

  @Override
  public final boolean admits(long bytes) {
    if (wantedBytes == 0 && takeRoomFor(bytes)) {
      return true;
    }
    wantedBytes = Math.max(wantedBytes, bytes);
    return false;
  }

  @Override
  public final boolean haveRoom() {
    return hasRoomFor(wantedBytes);
  }

  @Override
  public final void admitAgain() {
    wantedBytes = 0;
  }

  // ---- steps

  /** Ends the step; answers what has to be durable before replies to it may leave. */
  abstract long endStep();

  @Override
  public final long end() {
    long step = endStep();
    DurableException failed = persistence.failure();
    if (failed != null) {
      throw failed;
    }
    return holdReplies() ? step : AT_ONCE;
  }

  @Override
  public final boolean holdReplies() {
    return persistence.isSyncedAlways();
  }

  @Override
  public final void replyWaits(boolean isWaiting) {
    isAwaited = isWaiting;
  }

  @Override
  public final boolean haveFailed() {
    return persistence.haveFailed();
  }
}
