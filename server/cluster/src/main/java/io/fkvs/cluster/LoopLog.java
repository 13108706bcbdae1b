package io.fkvs.cluster;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.cluster.consensus.Consensus;
import io.fkvs.cluster.consensus.Replica;
import io.fkvs.server.replication.AgreedLog;
import io.fkvs.server.replication.Follower;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What stands between the threads of an engine and the event loop of the server: what the engine
 * has agreed on waits here, in its order, until the loop takes it. When too much waits the engine
 * does.
 */
final class LoopLog implements AgreedLog, Replica {
  /** What may wait: a tenth of a second's work of the loop. */
  private static final long MOST_BYTES = 32L << 20;

  /** What a waiting thing takes beside its bytes, about. */
  private static final int ITEM_BYTES = 100;

  private final int maxEntryBytes;
  private final Consumer<Throwable> onFailure;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition hasRoom = lock.newCondition();
  private final ArrayDeque<Item> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean isClosed;
  private volatile Runnable wakesLoop = () -> {};
  private volatile Consensus consensus;

  /** What the loop is handed. */
  private sealed interface Item {
    void handTo(Follower follower);

    default long bytes() {
      return ITEM_BYTES;
    }

    /** Nobody will take it any more. */
    default void drop() {}
  }

  private record Entry(long index, long timeMs, MemorySegment entry) implements Item {
    @Override
    public void handTo(Follower follower) {
      follower.onEntry(index, timeMs, entry);
    }

    @Override
    public long bytes() {
      return ITEM_BYTES + entry.byteSize();
    }
  }

  private record Confirmed(long ticket) implements Item {
    @Override
    public void handTo(Follower follower) {
      follower.onConfirmed(ticket);
    }
  }

  private record ProposalLost() implements Item {
    @Override
    public void handTo(Follower follower) {
      follower.onProposalLost();
    }
  }

  private record LeaderChanged() implements Item {
    @Override
    public void handTo(Follower follower) {
      follower.onLeaderChanged();
    }
  }

  private record Save(Path file, CompletableFuture<Long> done) implements Item {
    @Override
    public void handTo(Follower follower) {
      follower.onSave(file, done);
    }

    @Override
    public void drop() {
      done.completeExceptionally(new IllegalStateException("server has stopped"));
    }
  }

  private record Restore(Path file, CompletableFuture<Long> done) implements Item {
    @Override
    public void handTo(Follower follower) {
      follower.onRestore(file, done);
    }

    @Override
    public void drop() {
      done.completeExceptionally(new IllegalStateException("server has stopped"));
    }
  }

  /**
   * Creates a log that nothing is agreed on yet.
   *
   * @param maxEntryBytes the longest entry that the engine takes
   * @param onFailure told when the engine fails
   */
  LoopLog(int maxEntryBytes, Consumer<Throwable> onFailure) {
    this.maxEntryBytes = maxEntryBytes;
    this.onFailure = onFailure;
  }

  /** Sets what agrees. */
  void agreesBy(Consensus engine) {
    consensus = engine;
  }

  /** The server has stopped: nothing is handed over any more. */
  void close() {
    lock.lock();
    try {
      isClosed = true;
      waiting.forEach(Item::drop);
      waiting.clear();
      hasRoom.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- the engine's threads

  private void put(Item item) {
    lock.lock();
    try {
      while (!isClosed && waitingBytes > MOST_BYTES) {
        hasRoom.awaitUninterruptibly();
      }
      if (isClosed) {
        item.drop();
        return;
      }
      waiting.add(item);
      waitingBytes += item.bytes();
    } finally {
      lock.unlock();
    }
    wakesLoop.run();
  }

  @Override
  public void apply(long index, long timeMs, MemorySegment entry) {
    put(new Entry(index, timeMs, MemorySegment.ofArray(entry.toArray(JAVA_BYTE))));
  }

  @Override
  public void confirmed(long ticket) {
    put(new Confirmed(ticket));
  }

  @Override
  public void proposalLost() {
    put(new ProposalLost());
  }

  @Override
  public void leaderChanged(int member) {
    put(new LeaderChanged());
  }

  @Override
  public CompletionStage<Long> save(Path file) {
    CompletableFuture<Long> saved = new CompletableFuture<>();
    put(new Save(file, saved));
    return saved;
  }

  @Override
  public void restore(Path file) {
    CompletableFuture<Long> restored = new CompletableFuture<>();
    put(new Restore(file, restored));
    restored.join();
  }

  @Override
  public void failed(Throwable cause) {
    onFailure.accept(cause);
  }

  // ---- the loop's thread

  @Override
  public boolean propose(MemorySegment entry) {
    Consensus engine = consensus;
    return engine != null && engine.propose(entry);
  }

  @Override
  public boolean confirm(long ticket) {
    Consensus engine = consensus;
    return engine != null && engine.confirm(ticket);
  }

  @Override
  public int poll(Follower follower, int most) {
    int count = 0;
    for (Item item = take(); item != null; item = count < most ? take() : null) {
      item.handTo(follower);
      count++;
    }
    return count;
  }

  private Item take() {
    lock.lock();
    try {
      Item item = waiting.poll();
      if (item != null) {
        boolean wasFull = waitingBytes > MOST_BYTES;
        waitingBytes -= item.bytes();
        if (wasFull && waitingBytes <= MOST_BYTES) {
          hasRoom.signalAll();
        }
      }
      return item;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int maxEntryBytes() {
    return maxEntryBytes;
  }

  @Override
  public int leader() {
    Consensus engine = consensus;
    return engine == null ? Consensus.NOBODY : engine.leader();
  }

  @Override
  public void onNews(Runnable wakes) {
    wakesLoop = wakes;
  }
}
