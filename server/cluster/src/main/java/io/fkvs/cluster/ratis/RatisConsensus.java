package io.fkvs.cluster.ratis;

import io.fkvs.cluster.consensus.Consensus;
import io.fkvs.cluster.consensus.Group;
import io.fkvs.cluster.consensus.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.ExitUtils;

/**
 * A member of a group that agrees by Raft, as Apache Ratis implements it.
 *
 * <p>Threads: Ratis has its own. Two more are here: one hands proposals to the leader in their
 * order; the other asks the members for {@link #confirm}, looks who leads and starts snapshots.
 */
public final class RatisConsensus implements Consensus {
  /** How often it is looked who leads and whether a snapshot is due, in milliseconds. */
  private static final int WATCH_MS = 20;

  /** How long a snapshot that is due may wait for its turn before it is asked for again. */
  private static final long SNAPSHOT_TURN_MS = 10_000;

  private static final System.Logger LOG = System.getLogger(RatisConsensus.class.getName());

  /** Kept, since a logger that nobody holds forgets its level. */
  private static final Logger RATIS = Logger.getLogger("org.apache.ratis");

  static {
    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    // Ratis would end the process on any exception that nobody caught, in any of its threads.
    ExitUtils.disableSystemExit();
    ExitUtils.setTerminateOnUncaughtException(false);
    Thread.setDefaultUncaughtExceptionHandler(handler);
    if (RATIS.getLevel() == null) {
      RATIS.setLevel(Level.SEVERE);
    }
  }

  private final Group group;
  private final Replica replica;
  private final Optional<Tls> tls;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private final Map<String, Link> links = new ConcurrentHashMap<>();
  private final AtomicBoolean failed = new AtomicBoolean();
  private final ReplicaMachine machine;
  private final Membership membership;
  private final Confirmations confirmations;

  private final ExecutorService proposals;
  private final ScheduledExecutorService engine;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong bytesInFlight = new AtomicLong();

  private int toldLeader = NOBODY;
  private volatile boolean closed;

  /**
   * Starts a member: from what its directory holds, or as a new one. Does not wait for the others.
   *
   * @param group the members
   * @param replica what follows; may be called before the constructor returns
   * @throws UncheckedIOException if the directory cannot be used, or the port
   * @throws IllegalArgumentException if this member's own TLS would not let it in
   */
  public RatisConsensus(Group group, Replica replica) {
    this.group = group;
    this.replica = replica;
    this.tls = group.tls().map(context -> Tls.of(context, group.own().host()));
    this.proposals = Executors.newSingleThreadExecutor(threads("proposals"));
    this.engine = Executors.newSingleThreadScheduledExecutor(threads("engine"));
    this.machine = new ReplicaMachine(group.member(), replica, this::fail, () -> floor().bytes());
    this.membership = new Membership(group, machine, tls, this::link);
    this.confirmations =
        new Confirmations(
            engine, membership::name, membership::voters, this::floor, this::askFloor, machine);
    try {
      membership.start();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    engine.scheduleWithFixedDelay(this::watch, 0, WATCH_MS, TimeUnit.MILLISECONDS);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the entry is longer than 4 MiB
   */
  @Override
  public boolean propose(MemorySegment entry) {
    long length = entry.byteSize();
    if (length > Settings.MAX_ENTRY) {
      throw new IllegalArgumentException(
          "entry too long: length=" + length + " limit=" + Settings.MAX_ENTRY);
    }
    if (closed || leader() == NOBODY || !reserve(length)) {
      return false;
    }
    ByteString bytes = ByteString.copyFrom(entry.asByteBuffer());
    proposals.execute(() -> submit(bytes).whenComplete((reply, _) -> answered(reply, length)));
    return true;
  }

  private void answered(RaftClientReply reply, long length) {
    release(length);
    if (reply == null || !reply.isSuccess()) {
      machine.inTurn(Replica::proposalLost);
    }
  }

  private boolean reserve(long length) {
    int entries = inFlight.incrementAndGet();
    long bytes = bytesInFlight.addAndGet(length);
    if (entries <= Settings.MAX_IN_FLIGHT_ENTRIES && bytes <= Settings.MAX_IN_FLIGHT) {
      return true;
    }
    release(length);
    return false;
  }

  private void release(long length) {
    inFlight.decrementAndGet();
    bytesInFlight.addAndGet(-length);
  }

  private CompletableFuture<RaftClientReply> submit(ByteString entry) {
    RaftPeerId leader = membership.leader();
    if (leader == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("there is no leader"));
    }
    RaftClientRequest request =
        request(leader, RaftClientRequest.writeRequestType(), Message.valueOf(entry));
    try {
      return leader.equals(membership.id())
          ? membership.server().submitClientRequestAsync(request)
          : link(leader.toString()).send(request);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private RaftClientRequest request(RaftPeerId to, RaftClientRequest.Type type, Message message) {
    return RaftClientRequest.newBuilder()
        .setClientId(client)
        .setServerId(to)
        .setGroupId(Membership.GROUP)
        .setCallId(calls.incrementAndGet())
        .setType(type)
        .setMessage(message)
        .build();
  }

  @Override
  public boolean confirm(long ticket) {
    return !closed && membership.division() != null && confirmations.confirm(ticket);
  }

  private Floor floor() {
    return Floor.of(membership.division());
  }

  private CompletableFuture<Floor> askFloor(String name) {
    RaftClientRequest request =
        request(RaftPeerId.valueOf(name), RaftClientRequest.staleReadRequestType(0), Message.EMPTY);
    return link(name).send(request).thenApply(RatisConsensus::floorIn);
  }

  private static Floor floorIn(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw new IllegalStateException("no answer", reply.getException());
    }
    return Floor.from(reply.getMessage().getContent());
  }

  @Override
  public int leader() {
    RaftPeerId leader = membership.leader();
    return leader == null ? NOBODY : Membership.number(leader);
  }

  /**
   * Whether this member counts when a majority is asked for. One that has lost its directory does
   * not until it has been taken back: before, no other one should be stopped.
   *
   * @return whether it is one of the members, as far as it knows
   */
  public boolean isVoter() {
    return membership.isVoter();
  }

  @Override
  public void requestSnapshot() {
    machine.requestSnapshot();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Takes some seconds at most, whether there is a majority or not.
   */
  @Override
  public void close() {
    closed = true;
    machine.stop();
    engine.shutdownNow();
    proposals.shutdownNow();
    membership.close();
    links.values().forEach(Link::close);
  }

  private void fail(Throwable cause) {
    if (failed.compareAndSet(false, true)) {
      closed = true;
      // Not on this thread: it is one of those that close() waits for.
      Thread.ofPlatform().name(name("failed")).start(this::close);
      replica.failed(cause);
    }
  }

  private void watch() {
    try {
      membership.settle();
      if (membership.division() != null) {
        watchLeader();
        watchSnapshot();
        watchLife();
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.DEBUG, "will be tried again", e);
    }
  }

  private void watchLeader() {
    int leader = leader();
    if (leader != toldLeader) {
      toldLeader = leader;
      machine.forgetWaiting();
      machine.inTurn(replica -> replica.leaderChanged(leader));
    }
  }

  /** Asks Ratis to call {@link ReplicaMachine#takeSnapshot} between two entries. */
  private void watchSnapshot() {
    if (machine.wantsSnapshot()) {
      membership
          .server()
          .snapshotManagementAsync(
              SnapshotManagementRequest.newCreate(
                  client,
                  membership.id(),
                  Membership.GROUP,
                  calls.incrementAndGet(),
                  SNAPSHOT_TURN_MS,
                  1));
    }
  }

  private void watchLife() {
    if (!closed && membership.division().getInfo().getLifeCycleState().isClosingOrClosed()) {
      fail(new IllegalStateException("the engine has stopped"));
    }
  }

  private Link link(String name) {
    return links.computeIfAbsent(name, n -> new Link(membership.address(n), tls));
  }

  private ThreadFactory threads(String purpose) {
    return Thread.ofPlatform().daemon().name(name(purpose)).factory();
  }

  private String name(String purpose) {
    return "fkvs-cluster-" + group.member() + "-" + purpose;
  }
}
