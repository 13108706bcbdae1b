package io.fkvs.server;

import io.fkvs.server.limits.Limits;
import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableListener;
import io.fkvs.store.durable.DurableOptions;
import io.fkvs.store.durable.DurableStatus;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The log that keeps the data of a server: how it is opened, how it does, and what it tells. Any
 * thread may ask.
 */
abstract class Persistence implements DurableListener {
  private static final Logger LOGGER = System.getLogger(Server.class.getName());
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SyncChoice sync;

  /** What the loops see of it; the log's thread may be told of something before there is any. */
  private final List<DurableEffects> loops = new CopyOnWriteArrayList<>();

  private final long openedNanos = System.nanoTime();
  private long loadingNanos;
  private long loadedEntries;

  /** Progress was last logged then; used by the thread that opens the store. */
  private long toldNanos = openedNanos;

  private volatile DurableException failure;

  Persistence(ServerConfig config) {
    sync = config.sync();
  }

  /** How a store is opened whose log tells this. */
  final DurableOptions options(ServerConfig config, DurableOptions options) {
    return config
        .durability()
        .apply(
            options
                .withSyncPolicy(config.sync().policy())
                .withBacklogBytes(Limits.BACKLOG_BYTES)
                .withoutWaiting()
                .withListener(this));
  }

  /**
   * Where the data of a configuration are.
   *
   * @throws DurableException if the directory cannot be used
   */
  static Disk disk(ServerConfig config) {
    return config.disk().orElseGet(() -> disk(config.dataDirectory().orElseThrow()));
  }

  private static Disk disk(Path directory) {
    try {
      return Disk.of(directory);
    } catch (IOException e) {
      throw new DurableException(
          "data directory cannot be used: directory=" + directory + ", cause=" + e, e);
    }
  }

  /** The store is open, with so many entries. */
  final void opened(long entries) {
    loadedEntries = entries;
    loadingNanos = System.nanoTime() - openedNanos;
  }

  /** How the log does. */
  abstract DurableStatus status();

  /** Adds what one more loop sees of the log. */
  final DurableEffects add(DurableEffects loop) {
    loops.add(loop);
    return loop;
  }

  final boolean isSyncedAlways() {
    return sync == SyncChoice.ALWAYS;
  }

  final void logLoaded() {
    LOGGER.log(
        Level.INFO,
        "data loaded: entries=" + loadedEntries + ", ms=" + loadingMs() + ", sync=" + sync);
  }

  /** How many entries there were when the store was opened. */
  final long loadedEntries() {
    return loadedEntries;
  }

  final long loadingMs() {
    return TimeUnit.NANOSECONDS.toMillis(loadingNanos);
  }

  /** Why nothing becomes durable any more, {@code null} where all does. */
  final DurableException failure() {
    return failure;
  }

  /** Whether nothing becomes durable any more. */
  final boolean haveFailed() {
    return failure != null;
  }

  // ---- what the log tells

  @Override
  public final void onDurable(long sequence) {
    loops.forEach(DurableEffects::wakeIfAwaited);
  }

  @Override
  public final void onFailure(DurableException cause) {
    failure = cause;
    LOGGER.log(
        Level.ERROR,
        "nothing can be made durable any more, the server stops: " + cause.getMessage());
    loops.forEach(DurableEffects::wake);
  }

  @Override
  public final void onLoading(long readBytes, long totalBytes) {
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
}
