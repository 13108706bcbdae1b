package io.fkvs.server.gateway;

import io.fkvs.server.command.Agreement;
import io.fkvs.server.command.CommandExecutor;
import io.fkvs.server.command.Conversation;
import io.fkvs.server.command.Effects;
import io.fkvs.server.command.RequestBatch;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.protocol.Session;
import io.fkvs.server.replication.Follower;
import io.fkvs.server.replication.Replication;
import io.fkvs.store.Journal;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import io.fkvs.wire.Command;
import io.fkvs.wire.Request;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/*
 *                    ask                    propose                        follow
 *   clients' requests --> round at hand (one) --> rounds on their way (few) --> carried out, replies
 *                                \                                               ^
 *                                 '--> readers: confirm, or wait for the round --'
 *
 * A request that changes something goes into the round at hand and back to its client, whose input
 * keeps it. When the round comes out of the log, all members carry it out: those of whom a client
 * is there let that client go on, which answers it; for all others strangers carry it out. Requests
 * that only read wait until this member is sure to know what any client had been told before.
 */

/** One server's part in a cluster: what its clients ask, and what all have agreed to. */
public final class Gateway implements Agreement, Effects, Follower {
  private static final Logger LOGGER = System.getLogger(Gateway.class.getName());

  /** Rounds on their way: more would make them smaller, and fewer leave the log idle. */
  private static final int MOST_ROUNDS = 4;

  /** What a round takes before it has to leave: it may take one long request more. */
  private static final int ROUND_BYTES = 1 << 20;

  /** What an entry holds beside requests, at most: runs of all clients. */
  private static final int ENTRY_SPARE_BYTES = 64 << 10;

  /** Entries that are carried out in one cycle, before clients have their turn. */
  private static final int MOST_ENTRIES = 64;

  /**
   * How long the replies may be to requests that only look, amid some that change something. They
   * must be carried out in their place, whether there is memory then or not.
   */
  private static final int MIXED_REPLY_BYTES = 64 << 10;

  /** After so long what was proposed is taken for lost. */
  private static final long RETRY_MS = 1_000;

  /** After so long what was not taken is proposed again. */
  private static final long RETRY_REFUSED_MS = 20;

  /** So often a member says what it has. */
  private static final long VOTE_MS = 1_000;

  /** Milliseconds in an incarnation stand above so many bits that tell two of a moment apart. */
  private static final int INCARNATION_SHIFT = 20;

  /** The clock of the store may be so much behind before readers have it set. */
  static final long STALE_CLOCK_MS = 10;

  private final Replication replication;
  private final InstantSource wallClock;
  private final LongSupplier nanoClock;
  private final long maxBytes;

  /** The longest request that fits an entry behind others. */
  private final long mostRequestBytes;

  private final ReplicaState state;
  private final Entry entry = new Entry();
  private final ValueView looked = new ValueView();
  private final ArrayDeque<Round> underWay = new ArrayDeque<>();

  private Store store;
  private RequestBatch batch;
  private Strangers strangers;

  private Round round = new Round();

  /** The run that the next request may belong to, of a client that waits already. */
  private Round.Run lastRun;

  /** Readers that wait for {@link #onConfirmed}, or {@code null}. */
  private Round reading;

  private long ticket;
  private long lastSequence;
  private long incarnation;
  private boolean hasStarted;
  private boolean isCutOff;

  /** For those who watch: it has started and is not cut off. */
  private volatile boolean hasMajority;

  private boolean isFull;
  private long startedMs = Long.MIN_VALUE / 2;
  private long proposedMs;
  private long confirmedMs;
  private long votedMs = Long.MIN_VALUE / 2;

  /**
   * Creates a gateway.
   *
   * @param wallClock the clock of this machine, which sees whether that of the store is behind
   * @param nanoClock the monotonic clock
   * @param maxBytes what the store may hold before this server's clients are refused more
   */
  public Gateway(
      Replication replication, InstantSource wallClock, LongSupplier nanoClock, long maxBytes) {
    this.replication = replication;
    this.wallClock = wallClock;
    this.nanoClock = nanoClock;
    this.maxBytes = maxBytes;
    mostRequestBytes = replication.log().maxEntryBytes() - ROUND_BYTES - ENTRY_SPARE_BYTES;
    state = new ReplicaState(replication.members());
  }

  /** The time of the store. */
  public InstantSource clock() {
    return state.clock();
  }

  /** What is to be told of all changes of the store. */
  public Journal journal() {
    return state.journal();
  }

  /** Sets what wakes the loop. */
  public void onWakeUp(Runnable wakesLoop) {
    replication.log().onNews(wakesLoop);
  }

  @Override
  public boolean isNeeded() {
    return true;
  }

  @Override
  public void open(Store opened, RequestBatch requests, IntFunction<Conversation> newStranger) {
    store = opened;
    batch = requests;
    strangers = new Strangers(requests, newStranger);
    incarnation = newIncarnation();
  }

  /** Greater than those before if the clock is right; else it grows when the log says so. */
  private long newIncarnation() {
    long spread = ThreadLocalRandom.current().nextLong(1L << INCARNATION_SHIFT);
    return wallClock.millis() << INCARNATION_SHIFT | spread;
  }

  private long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong());
  }

  // ---- what clients ask

  @Override
  public Verdict ask(
      Conversation client, Request request, long changedBytes, long start, long end) {
    if (client.decided() > 0) {
      return client.verdict();
    }
    boolean isWaiting = client.awaitsAgreement();
    boolean isChange = changedBytes > 0;
    if (!isConcerned(client, request, isChange)) {
      lastRun = null;
      return isWaiting ? Verdict.WAIT : Verdict.CARRY_OUT;
    }
    if (isWaiting) {
      if (lastRun != null && lastRun.client == client) {
        goOn(request, isChange, start, end);
      }
      return Verdict.WAIT;
    }
    MemorySegment prelude = prelude(client, request, isChange);
    Verdict refusal = refusal(client, request, isChange, prelude.byteSize() + end - start);
    if (refusal != null) {
      return refusal;
    }
    lastRun = round.begin(client, Strangers.protocolOf(client), isChange, nowMs());
    add(request, isChange, prelude, start, end);
    lastRun.replyBytes = isChange ? 0 : replyBytes(request, client);
    return Verdict.WAIT;
  }

  /**
   * Adds a request to the last run, unless it would be refused by itself, has no room in the round,
   * or would have to be carried out while there may be no memory for what the run answers.
   */
  private void goOn(Request request, boolean isChange, long start, long end) {
    Conversation client = lastRun.client;
    long replyBytes = sum(lastRun.replyBytes, isChange ? 0 : replyBytes(request, client));
    boolean isMixed = lastRun.isChange() || isChange;
    MemorySegment prelude = prelude(client, request, isChange);
    long bytes = prelude.byteSize() + end - start;
    boolean isRefused =
        isChange && (!admits(bytes) || refusal(client, request, true, bytes) != null);
    if (isRefused || isMixed && replyBytes > MIXED_REPLY_BYTES) {
      lastRun = null;
      return;
    }
    if (isChange && !lastRun.isChange()) {
      round.change(lastRun);
    }
    add(request, isChange, prelude, start, end);
    lastRun.replyBytes = replyBytes;
  }

  private long replyBytes(Request request, Conversation client) {
    if (client.session() != null) {
      return client.session().replyBytes(request);
    }
    if (request.command() != Command.GET) {
      return request.command() == Command.TTL ? 0 : Session.UNKNOWN_LENGTH;
    }
    boolean isThere = store.get(request.buffer(), request.keyOffset(), request.keyLength(), looked);
    return isThere ? looked.length() : 0;
  }

  /** Whether a request has to wait for others at all. */
  private boolean isConcerned(Conversation client, Request request, boolean isChange) {
    if (!request.isWellFormed() || !client.authentication().isAuthenticated()) {
      return false;
    }
    if (isChange) {
      return true;
    }
    Session session = client.session();
    boolean observes =
        session != null ? session.observes(request) : CommandExecutor.observes(request);
    return observes && !replication.readsLocal();
  }

  /** What a round has to carry before a request; empty where it carries nothing of it. */
  private static MemorySegment prelude(Conversation client, Request request, boolean isChange) {
    Session session = client.session();
    return isChange && session != null ? session.prelude(request) : MemorySegment.NULL;
  }

  /** Why a request is refused at once, {@code null} where it is not. */
  private Verdict refusal(Conversation client, Request request, boolean isChange, long bytes) {
    if (isCutOff) {
      return Verdict.REFUSE_NO_MAJORITY;
    }
    if (!isChange) {
      return null;
    }
    if (bytes > mostRequestBytes) {
      return Verdict.REFUSE_TOO_LARGE;
    }
    Session session = client.session();
    boolean mayGrow = session != null ? session.mayGrow(request) : CommandExecutor.mayGrow(request);
    return mayGrow && isFull ? Verdict.REFUSE_FULL : null;
  }

  private void add(Request request, boolean isChange, MemorySegment prelude, long start, long end) {
    lastRun.count++;
    if (isChange) {
      round.append(lastRun, prelude, 0, (int) prelude.byteSize());
      round.append(lastRun, request.buffer(), start, (int) (end - start));
    }
  }

  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  // ---- room in the round at hand

  @Override
  public boolean admits(long bytes) {
    return isCutOff || !round.changes() || round.length() + bytes <= ROUND_BYTES;
  }

  @Override
  public boolean haveRoom() {
    return isCutOff || round.length() < ROUND_BYTES;
  }

  // ---- what leaves

  @Override
  public void propose() {
    lastRun = null;
    if (round.isEmpty()) {
      return;
    }
    if (!round.changes() && !isClockStale()) {
      confirm();
    } else if (underWay.size() < MOST_ROUNDS) {
      round.seal(++lastSequence);
      underWay.add(round);
      round = new Round();
      sendFresh();
    }
  }

  /** Whether readers would see the past because nobody has changed anything for a while. */
  private boolean isClockStale() {
    return wallClock.millis() - state.clock().millis() > STALE_CLOCK_MS;
  }

  private void confirm() {
    if (reading == null) {
      reading = round;
      round = new Round();
      ticket++;
      askAgain();
    }
  }

  private void askAgain() {
    boolean isAsked = replication.log().confirm(ticket);
    confirmedMs = nowMs() - (isAsked ? 0 : RETRY_MS - RETRY_REFUSED_MS);
  }

  /** Proposes the rounds that have not been taken yet, in their order. */
  private void sendFresh() {
    if (!hasStarted) {
      return;
    }
    proposedMs = nowMs();
    for (Round waiting : underWay) {
      if (!waiting.isTaken()) {
        waiting.taken(replication.log().propose(waiting.entry(replication.member(), incarnation)));
        if (!waiting.isTaken()) {
          return;
        }
      }
    }
  }

  /** Proposes all rounds again: those that did arrive do not count twice. */
  private void sendAll() {
    underWay.forEach(waiting -> waiting.taken(false));
    sendFresh();
  }

  /** Whether the log has not taken some of the rounds. */
  private boolean hasUntaken() {
    return !underWay.isEmpty() && !underWay.peekLast().isTaken();
  }

  private void start() {
    startedMs = nowMs();
    byte[] bytes = new byte[Entry.HEADER_BYTES];
    MemorySegment start = MemorySegment.ofArray(bytes);
    Entry.write(start, Entry.Kind.START, replication.member(), 0, incarnation, 0);
    replication.log().propose(start);
  }

  // ---- what has been agreed

  @Override
  public int follow() {
    int work = replication.log().poll(this, MOST_ENTRIES);
    if (work > 0) {
      isFull = store.statistics().reservedBytes() >= maxBytes;
    }
    long nowMs = nowMs();
    if (!hasStarted) {
      if (nowMs - startedMs >= RETRY_MS) {
        start();
      }
    } else if (!underWay.isEmpty() && nowMs - proposedMs >= RETRY_MS) {
      sendAll();
    } else if (hasUntaken() && nowMs - proposedMs >= RETRY_REFUSED_MS) {
      sendFresh();
    }
    if (reading != null && nowMs - confirmedMs >= RETRY_MS) {
      askAgain();
    }
    losePatience(nowMs);
    return work;
  }

  /** What is on its way goes again, after the pause of what was not taken. */
  @Override
  public void onProposalLost() {
    underWay.forEach(waiting -> waiting.taken(false));
    if (!hasStarted) {
      startedMs = Math.min(startedMs, nowMs() - RETRY_MS + RETRY_REFUSED_MS);
    }
  }

  @Override
  public void onLeaderChanged() {
    startedMs = Math.min(startedMs, nowMs() - RETRY_MS);
    proposedMs = Math.min(proposedMs, nowMs() - RETRY_MS);
    confirmedMs = Math.min(confirmedMs, nowMs() - RETRY_MS);
  }

  @Override
  public void onEntry(long index, long timeMs, MemorySegment bytes) {
    state.begin(index, timeMs);
    entry.wrap(bytes);
    switch (entry.kind()) {
      case START -> onStart();
      case ROUND -> onRound();
      case CHECKPOINT -> onCheckpoint();
    }
  }

  private void onStart() {
    boolean isNew = state.proposers().begin(entry.member(), entry.incarnation());
    if (entry.member() != replication.member()) {
      return;
    }
    if (entry.incarnation() != incarnation) {
      if (hasStarted && isNew) {
        throw new IllegalStateException(
            "another server acts as this member: member=" + entry.member());
      }
    } else if (isNew) {
      hasStarted = true;
      answered();
      sendAll();
    } else if (!hasStarted) {
      beNewer();
    }
  }

  /** The clock of this machine was behind when it started. */
  private void beNewer() {
    incarnation = state.proposers().incarnation(replication.member()) + 1;
    start();
  }

  private void onRound() {
    if (!state.proposers().take(entry.member(), entry.incarnation(), entry.sequence())) {
      return;
    }
    state.hash().add(state.clock().millis());
    if (entry.member() == replication.member() && entry.incarnation() == incarnation) {
      answered();
      carryOut(underWay.remove());
    } else {
      carryOutForOthers();
    }
    if (state.checkpoints().add(state.hash().value()) && nowMs() - votedMs >= VOTE_MS) {
      vote(state.checkpoints().last());
    }
  }

  /** Carries out a round of this server's clients, in its order. */
  private void carryOut(Round own) {
    long at = entry.requestsAt();
    for (Round.Run run : own.runs()) {
      if (!run.decide(Verdict.CARRY_OUT, true)) {
        batch.execute();
        strangers.carryOut(run.protocol, entry.bytes(), at, run.length);
      }
      at += run.length;
    }
    batch.execute();
    for (Round.Run run : own.runs()) {
      if (run.client.decided() > 0 && run.client.verdict() == Verdict.CARRY_OUT) {
        throw new IllegalStateException("requests were not carried out: count=" + run.count);
      }
    }
    letRead(own);
  }

  private static void letRead(Round done) {
    for (Round.Run reader : done.readers()) {
      reader.decide(Verdict.CARRY_OUT, false);
    }
  }

  private void carryOutForOthers() {
    int runs = entry.runCount();
    long at = entry.requestsAt();
    int run = 0;
    while (run < runs) {
      int protocol = entry.runProtocol(run);
      int length = 0;
      while (run < runs && entry.runProtocol(run) == protocol) {
        length += entry.runLength(run);
        run++;
      }
      strangers.carryOut(protocol, entry.bytes(), at, length);
      at += length;
    }
  }

  @Override
  public void onConfirmed(long confirmedTicket) {
    if (reading == null || confirmedTicket != ticket) {
      return;
    }
    Round confirmed = reading;
    reading = null;
    answered();
    letRead(confirmed);
  }

  // ---- no majority

  private void answered() {
    if (isCutOff) {
      LOGGER.log(Level.INFO, "a majority of the cluster answers again");
    }
    isCutOff = false;
    hasMajority = true;
  }

  /** Refuses those who have waited too long, and with them all others until somebody answers. */
  private void losePatience(long nowMs) {
    long waitedMs = nowMs - waitingSinceMs(nowMs);
    if (!isCutOff && waitedMs < replication.patience().toMillis()) {
      return;
    }
    if (!isCutOff) {
      LOGGER.log(Level.WARNING, "no majority of the cluster answers: waitedMs=" + waitedMs);
    }
    isCutOff = true;
    hasMajority = false;
    for (Round waiting : underWay) {
      waiting.refuse(Verdict.REFUSE_UNDECIDED);
    }
    if (reading != null) {
      reading.refuse(Verdict.REFUSE_NO_MAJORITY);
    }
    if (!round.isEmpty()) {
      Round refused = round;
      round = new Round();
      refused.refuse(Verdict.REFUSE_NO_MAJORITY);
    }
    probe();
  }

  /** Since when the oldest request waits; those that were refused do not any more. */
  private long waitingSinceMs(long nowMs) {
    long sinceMs = round.isEmpty() ? nowMs : round.sinceMs();
    if (reading != null && !reading.isRefused()) {
      sinceMs = Math.min(sinceMs, reading.sinceMs());
    }
    for (Round waiting : underWay) {
      if (!waiting.isRefused()) {
        return Math.min(sinceMs, waiting.sinceMs());
      }
    }
    return sinceMs;
  }

  /** Has something on its way, so that an answer is noticed. */
  private void probe() {
    if (underWay.isEmpty() && reading == null) {
      confirm();
    }
  }

  // ---- what others have

  private void vote(long checkpoint) {
    if (!hasStarted || !state.checkpoints().vote(checkpoint)) {
      return;
    }
    votedMs = nowMs();
    byte[] bytes = new byte[Entry.CHECKPOINT_BYTES];
    MemorySegment vote = MemorySegment.ofArray(bytes);
    Entry.write(vote, Entry.Kind.CHECKPOINT, replication.member(), 0, incarnation, 0);
    Entry.writeCheckpoint(vote, checkpoint, state.checkpoints().hash(checkpoint));
    replication.log().propose(vote);
  }

  private void onCheckpoint() {
    long number = entry.checkpoint();
    state.checkpoints().onVote(entry.member(), number, entry.checkpointHash());
    if (entry.member() != replication.member() && state.checkpoints().knows(number)) {
      vote(number);
    }
  }

  @Override
  public boolean hasMajority() {
    return hasMajority;
  }

  @Override
  public Optional<Status> status() {
    return Optional.of(
        new Status(
            replication.members(),
            replication.member(),
            replication.log().leader(),
            hasMajority,
            state.index(),
            state.checkpoints().rounds(),
            state.hash().value(),
            state.clock().millis()));
  }

  // ---- saved states

  @Override
  public void onSave(Path file, CompletableFuture<Long> saved) {
    state.save(file, saved);
  }

  @Override
  public boolean work(boolean isIdle) {
    boolean isUnderWay = true;
    for (int i = isIdle ? Limits.IDLE_BASE_STEPS : Limits.BASE_STEPS; isUnderWay && i > 0; i--) {
      isUnderWay = state.saveOn(store, Limits.BASE_STEP_ENTRIES);
    }
    return isUnderWay;
  }

  @Override
  public void close() {
    state.giveUpSaving();
  }

  @Override
  public void onRestore(Path file, CompletableFuture<Long> restored) {
    try {
      state.giveUpSaving();
      state.restore(store, file);
      forgetCarriedOut();
      restored.complete(state.index());
    } catch (RuntimeException e) {
      restored.completeExceptionally(e);
      throw e;
    }
  }

  /** Rounds of this server may be in the state: nobody knows what they answered. */
  private void forgetCarriedOut() {
    long done = state.proposers().sequence(replication.member());
    boolean isOwn = state.proposers().incarnation(replication.member()) == incarnation;
    while (isOwn && !underWay.isEmpty() && underWay.peek().sequence() <= done) {
      underWay.remove().refuse(Verdict.REFUSE_UNDECIDED);
    }
  }
}
