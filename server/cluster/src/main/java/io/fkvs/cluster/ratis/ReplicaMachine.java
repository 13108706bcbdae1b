package io.fkvs.cluster.ratis;

import io.fkvs.cluster.consensus.Replica;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.LifeCycle;

/**
 * Feeds a {@link Replica} with what Ratis has agreed on. All calls of the replica are made here,
 * one after another, guarded by {@link #turn}: entries, snapshots and restores by Ratis's thread
 * that applies, the others by the thread that asks for them.
 *
 * <p>The data of an entry in the log is its time, 8 bytes given by the leader, and what was
 * proposed.
 *
 * <p>A snapshot is written while entries go on being applied. When its file is finished, the log up
 * to the snapshot <em>before</em> may be forgotten: who was away for less than the time between two
 * snapshots catches up from the log, without a copy of the whole state.
 */
final class ReplicaMachine extends BaseStateMachine {
  private static final Logger LOG = System.getLogger(ReplicaMachine.class.getName());

  /**
   * A snapshot is taken when so many bytes of entries came after the last one, or as many as it is
   * long if that is more: then it costs no more writing than the log itself.
   */
  private static final long SNAPSHOT_EVERY = 64 << 20;

  /**
   * A member waits for a part of that more, by its number: to save takes processor and disk from
   * requests, and all have the same entries.
   */
  private static final int LATER_PARTS = 4;

  private record Waiting(long index, Runnable then) {}

  private record Saved(Path file, long index) {}

  private final Object turn = new Object();
  private final int member;
  private final Replica replica;
  private final Consumer<Throwable> failed;
  private final Supplier<ByteString> floor;
  private final Snapshots snapshots = new Snapshots();
  private final PromptGrpc.Appenders appenders = new PromptGrpc.Appenders();
  private final List<Waiting> waiting = new ArrayList<>();

  private boolean closed;
  private long bytesSinceSnapshot;
  private volatile boolean snapshotWanted;
  private volatile CompletableFuture<Saved> saving;

  /**
   * @param member the number of this member
   * @param replica what follows
   * @param failed told once when this member cannot go on
   * @param floor answers the question of other members that {@link Confirmations} asks
   */
  ReplicaMachine(
      int member, Replica replica, Consumer<Throwable> failed, Supplier<ByteString> floor) {
    this.member = member;
    this.replica = replica;
    this.failed = failed;
    this.floor = floor;
  }

  /** What sends to the others while this member leads. */
  PromptGrpc.Appenders appenders() {
    return appenders;
  }

  /** Runs something while the replica is doing nothing else, unless this member is closed. */
  void inTurn(Consumer<Replica> call) {
    synchronized (turn) {
      if (!closed) {
        guarded(() -> call.accept(replica));
      }
    }
  }

  /** Runs something {@link #inTurn} when an index is applied, maybe at once. */
  void whenApplied(long index, Consumer<Replica> call) {
    synchronized (turn) {
      if (getLastAppliedTermIndex().getIndex() >= index) {
        inTurn(call);
      } else {
        waiting.add(new Waiting(index, () -> inTurn(call)));
      }
    }
  }

  /** Forgets who waits: what they wait for may never come, as another member leads. */
  void forgetWaiting() {
    synchronized (turn) {
      waiting.clear();
    }
  }

  void requestSnapshot() {
    snapshotWanted = true;
  }

  /** Whether {@link #takeSnapshot} has something to do. */
  boolean wantsSnapshot() {
    CompletableFuture<Saved> saving = this.saving;
    return saving == null ? snapshotWanted : saving.isDone();
  }

  /** Applies nothing any more. */
  void stop() {
    synchronized (turn) {
      closed = true;
      waiting.clear();
    }
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage storage)
      throws IOException {
    super.initialize(server, group, storage);
    snapshots.init(storage);
    getLifeCycle().startAndTransition(this::restore, IOException.class);
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    ByteBuffer time = ByteBuffer.allocate(Long.BYTES).putLong(System.currentTimeMillis()).flip();
    ByteString data =
        UnsafeByteOperations.unsafeWrap(time).concat(request.getMessage().getContent());
    return TransactionContext.newBuilder()
        .setStateMachine(this)
        .setClientRequest(request)
        .setLogData(data)
        .build();
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    ByteString data = entry.getStateMachineLogEntry().getLogData();
    long timeMs = data.substring(0, Long.BYTES).asReadOnlyByteBuffer().getLong();
    ByteBuffer proposed = data.substring(Long.BYTES).asReadOnlyByteBuffer();
    synchronized (turn) {
      if (closed) {
        return CompletableFuture.failedFuture(new IllegalStateException("the member is closed"));
      }
      guarded(() -> replica.apply(entry.getIndex(), timeMs, MemorySegment.ofBuffer(proposed)));
      noteSize(data.size());
      applied(entry.getTerm(), entry.getIndex());
    }
    appenders.tell();
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  /** An entry of Ratis's own has been passed: a configuration, or how far the others are. */
  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    synchronized (turn) {
      applied(term, index);
    }
  }

  private void applied(long term, long index) {
    updateLastAppliedTermIndex(term, index);
    answerWaiting(index);
  }

  private void answerWaiting(long index) {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> due = waiting.stream().filter(w -> w.index <= index).toList();
    waiting.removeAll(due);
    due.forEach(w -> w.then.run());
  }

  private void noteSize(int bytes) {
    bytesSinceSnapshot += bytes;
    SingleFileSnapshotInfo last = snapshots.getLatestSnapshot();
    long length = last == null ? 0 : last.getFile().getFileSize();
    long due = Math.max(SNAPSHOT_EVERY, length);
    if (bytesSinceSnapshot > due + member * due / LATER_PARTS) {
      snapshotWanted = true;
    }
  }

  /**
   * Called between two entries: makes a file that has been finished the latest snapshot, and begins
   * another one if one is wanted.
   *
   * @return up to where the log may be forgotten, or {@link RaftLog#INVALID_LOG_INDEX}
   */
  @Override
  public long takeSnapshot() throws IOException {
    long forgettable = RaftLog.INVALID_LOG_INDEX;
    if (saving != null && saving.isDone()) {
      forgettable = finishSnapshot();
    }
    if (snapshotWanted && saving == null) {
      beginSnapshot();
    }
    return forgettable;
  }

  private void beginSnapshot() {
    snapshotWanted = false;
    bytesSinceSnapshot = 0;
    TermIndex last = getLastAppliedTermIndex();
    SingleFileSnapshotInfo latest = snapshots.getLatestSnapshot();
    if (last.getIndex() < RaftLog.LEAST_VALID_LOG_INDEX
        || latest != null && latest.getIndex() >= last.getIndex()) {
      return;
    }
    Path file = snapshots.begin();
    inTurn(
        replica ->
            saving =
                replica
                    .save(file)
                    .thenApply(index -> new Saved(file, index))
                    .toCompletableFuture());
  }

  private long finishSnapshot() throws IOException {
    CompletableFuture<Saved> finished = saving;
    saving = null;
    if (finished.isCompletedExceptionally()) {
      LOG.log(Level.WARNING, "no snapshot was taken: " + finished.exceptionNow());
      return RaftLog.INVALID_LOG_INDEX;
    }
    Saved saved = finished.join();
    SingleFileSnapshotInfo before = snapshots.getLatestSnapshot();
    if (before != null && before.getIndex() >= saved.index) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    TermIndex last = log().getTermIndex(saved.index);
    if (last == null) {
      LOG.log(Level.WARNING, "no snapshot was taken: its last entry is not in the log any more");
      return RaftLog.INVALID_LOG_INDEX;
    }
    snapshots.publish(saved.file, last);
    return before == null ? RaftLog.INVALID_LOG_INDEX : before.getIndex();
  }

  private RaftLog log() throws IOException {
    return getServer().join().getDivision(getGroupId()).getRaftLog();
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return snapshots;
  }

  /** A snapshot of another member is about to replace ours. */
  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  /** A snapshot of another member has replaced ours. */
  @Override
  public void reinitialize() throws IOException {
    getLifeCycle().startAndTransition(this::restoreReceived, IOException.class);
  }

  private void restoreReceived() throws IOException {
    CompletableFuture<Saved> saving = this.saving;
    if (saving != null) {
      saving.exceptionally(failure -> null).join();
      this.saving = null;
    }
    snapshots.load();
    restore();
  }

  private void restore() {
    SingleFileSnapshotInfo snapshot = snapshots.getLatestSnapshot();
    if (snapshot == null) {
      return;
    }
    synchronized (turn) {
      inTurn(replica -> replica.restore(Snapshots.file(snapshot)));
      setLastAppliedTermIndex(snapshot.getTermIndex());
      bytesSinceSnapshot = 0;
      answerWaiting(snapshot.getIndex());
    }
  }

  /** Answers another member's question how far this one's log goes, see {@link Confirmations}. */
  @Override
  public CompletableFuture<Message> queryStale(Message question, long minIndex) {
    return CompletableFuture.completedFuture(Message.valueOf(floor.get()));
  }

  /** The log cannot be written, for example because the disk is full. */
  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    failed.accept(cause);
  }

  /** A replica that throws ends this member: it cannot know what state it is in. */
  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (Throwable failure) {
      closed = true;
      failed.accept(failure);
      throw failure;
    }
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    // RatisConsensus looks itself: this event does not tell that there is no leader any more.
  }

  /** Leaves a snapshot that is being written to its end, but does not wait for it. */
  @Override
  public void close() {
    stop();
  }
}
