package io.fkvs.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.Call;
import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsException;
import io.fkvs.client.PendingReply;
import io.fkvs.client.Pipeline;
import io.fkvs.client.Protocol;
import io.fkvs.history.CrossingCheck;
import io.fkvs.history.Linearizability;
import io.fkvs.history.OrderCheck;
import io.fkvs.history.Recorder;
import io.fkvs.history.SocketTarget;
import io.fkvs.history.Target;
import io.fkvs.history.Workload;
import io.fkvs.server.Info;
import io.fkvs.server.MutableClock;
import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.TestServers;
import io.fkvs.server.replication.Replication;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.wire.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that agree on a log in memory act as one, whatever becomes of what they propose. */
class GatewayTest {
  private static final int MEMBERS = 3;
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private final MutableClock clock = new MutableClock(1_000_000);
  private final MemoryLog log = new MemoryLog(clock::millis);
  private final List<Server> servers = new ArrayList<>();

  @AfterEach
  void stop() {
    servers.forEach(Server::close);
  }

  private ServerConfig config(int member, MemoryLog.Member part, boolean readsLocal) {
    return TestServers.config()
        .withClock(clock)
        .withReplication(new Replication(member, MEMBERS, part, readsLocal, PATIENCE));
  }

  private Server start(int member) {
    return started(config(member, log.newMember(), false));
  }

  private Server started(ServerConfig config) {
    Server server = TestServers.start(config);
    servers.add(server);
    return server;
  }

  private void startAll() {
    for (int member = 0; member < MEMBERS; member++) {
      start(member);
    }
  }

  private FkvsClient client(int member) {
    return FkvsClient.connect(
        servers.get(member).address(), ClientConfig.defaults().withProtocol(Protocol.COMPACT));
  }

  private Target target(Protocol protocol) {
    List<SocketAddress> addresses = new ArrayList<>();
    servers.forEach(server -> addresses.add(server.address()));
    return new SocketTarget(addresses, ClientConfig.defaults().withProtocol(protocol));
  }

  private void assertAnswerAsOne(Protocol protocol) throws InterruptedException {
    Target target = target(protocol);
    assertEquals(
        "linearizable",
        Linearizability.check(
                Recorder.record(
                    target, Workload.defaults().withRequests(100).withLongValueBytes(4_000)))
            .toString());
    assertEquals(
        List.of(), OrderCheck.defaults().withPairs(3).withVersions(50).run(target).faults());
    assertEquals(List.of(), CrossingCheck.run(target, "cross:", 2, 50).faults());
  }

  @Test
  void shouldAnswerAsOne() throws InterruptedException {
    startAll();
    assertAnswerAsOne(Protocol.COMPACT);
    assertAnswerAsOne(Protocol.CLASSIC);
  }

  @Test
  void shouldAnswerAsOneWhenProposalsGetLostOrComeTwice() throws InterruptedException {
    startAll();
    log.repeats(true);
    log.isLossy(true);
    Thread wakes = Thread.ofVirtual().start(this::changeLeaders);
    try {
      assertAnswerAsOne(Protocol.COMPACT);
    } finally {
      wakes.interrupt();
      wakes.join();
    }
  }

  /** Long before the patience ends, which is shorter than the wait for what nobody tells of. */
  @Test
  void shouldProposeAgainWhatItIsToldGotLost() {
    startAll();
    log.isLossy(true);
    log.tellsOfLosses(true);
    try (FkvsClient client = client(0)) {
      for (int i = 1; i <= 20; i++) {
        assertEquals(i, client.increment("key"));
      }
    }
  }

  /** So that what got lost is proposed again at once. */
  private void changeLeaders() {
    while (!Thread.interrupted()) {
      log.changeLeader();
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void shouldShowEveryMemberWhatOneWasTold() {
    startAll();
    try (FkvsClient first = client(0);
        FkvsClient second = client(1);
        FkvsClient third = client(2)) {
      first.set("key", "1");
      assertEquals(2, second.increment("key"));
      assertEquals("2", third.get("key"));
      first.delete("key");
      assertEquals(null, second.get("key"));
    }
  }

  @Test
  void shouldExpireByTheTimeOfTheLog() {
    startAll();
    try (FkvsClient first = client(0);
        FkvsClient second = client(1)) {
      first.set("key", "value");
      first.expire("key", Duration.ofSeconds(10));
      clock.advance(9_999);
      assertEquals("value", second.get("key"));
      clock.advance(1 + Gateway.STALE_CLOCK_MS);
      assertEquals(null, second.get("key"));
      assertEquals(null, first.get("key"));
    }
  }

  @Test
  void shouldRefuseInBoundedTimeAndGoOnLater() {
    startAll();
    try (FkvsClient client = client(0)) {
      client.set("key", "1");
      log.hasMajority(false);
      assertEquals(
          Optional.of(ErrorCode.UNDECIDED),
          assertThrows(FkvsException.class, () -> client.increment("key")).code());
      assertEquals(
          Optional.of(ErrorCode.NO_MAJORITY),
          assertThrows(FkvsException.class, () -> client.increment("key")).code());
      assertEquals(
          Optional.of(ErrorCode.NO_MAJORITY),
          assertThrows(FkvsException.class, () -> client.get("key")).code());
      log.hasMajority(true);
      log.changeLeader();
      assertEquals("2", readWhenAnswered(client), "what was undecided is carried out once");
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldGoOnWithASavedStateThatHasWhatItWaitsFor(@TempDir Path directory) {
    MemoryLog.Member part = log.newMember();
    MemoryLog.Member otherPart = log.newMember();
    started(config(0, part, false));
    started(config(1, otherPart, false));
    try (FkvsClient client = client(0);
        FkvsClient other = client(1)) {
      client.set("key", "1");
      part.isDeaf(true);
      assertEquals(
          Optional.of(ErrorCode.UNDECIDED),
          assertThrows(FkvsException.class, () -> client.increment("key")).code());
      assertEquals("2", other.get("key"));
      Path file = directory.resolve("state");
      part.restore(file, otherPart.save(file));
      part.isDeaf(false);
      assertEquals("2", readWhenAnswered(client));
    }
  }

  private static String readWhenAnswered(FkvsClient client) {
    while (true) {
      try {
        return client.get("key");
      } catch (FkvsException e) {
        Thread.onSpinWait(); // its server has not heard yet
      }
    }
  }

  @Test
  void shouldReadWithoutAMajorityWhereReadsAreLocal() {
    started(config(0, log.newMember(), true));
    try (FkvsClient client = client(0)) {
      client.set("key", "1");
      log.hasMajority(false);
      assertEquals("1", client.get("key"));
    }
  }

  @Test
  void shouldBeTheSameAfterARestart() {
    start(0);
    try (FkvsClient client = client(0)) {
      for (int i = 0; i < 100; i++) {
        client.increment("key");
      }
    }
    servers.removeFirst().close();
    start(0);
    try (FkvsClient client = client(0)) {
      assertEquals("100", client.get("key"));
      assertEquals(101, client.increment("key"));
    }
  }

  @Test
  void shouldBeginWithASavedState(@TempDir Path directory) {
    MemoryLog.Member first = log.newMember();
    started(config(0, first, false));
    Path file = directory.resolve("state");
    long index;
    try (FkvsClient client = client(0)) {
      for (int i = 0; i < 3 * Checkpoints.ROUNDS; i++) {
        client.increment("key");
        client.set("key-" + i, "value-" + i);
      }
      client.expire("key-1", Duration.ofSeconds(10));
      index = first.save(file);
      client.increment("key");
    }
    started(config(1, log.newMember(file, index), false));
    try (FkvsClient other = client(1)) {
      assertEquals(Integer.toString(3 * Checkpoints.ROUNDS + 1), other.get("key"));
      assertEquals("value-7", other.get("key-7"));
      assertEquals(10, other.ttl("key-1"));
      try (FkvsClient client = client(0)) {
        assertEquals(Info.text(client.info(), "state_hash"), Info.text(other.info(), "state_hash"));
      }
    }
  }

  @Test
  void shouldSaveWhileClientsChange(@TempDir Path directory) throws InterruptedException {
    MemoryLog.Member first = log.newMember();
    started(config(0, first, false));
    Path file = directory.resolve("state");
    long index;
    int keys = 20_000;
    try (FkvsClient client = client(0)) {
      Pipeline filling = client.pipeline();
      for (int i = 0; i < keys; i++) {
        filling.queue(Call.set("key-" + i, "value-" + i));
      }
      filling.flush();
      AtomicBoolean isSaved = new AtomicBoolean();
      Thread changing =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; !isSaved.get(); i = (i + 7) % keys) {
                      client.increment("count");
                      client.set("key-" + i, "other");
                      client.getAndRemove("key-" + (i + 1));
                    }
                  });
      index = first.save(file);
      isSaved.set(true);
      changing.join();
    }
    started(config(1, log.newMember(file, index), false));
    try (FkvsClient client = client(0);
        FkvsClient other = client(1)) {
      assertEquals(client.get("count"), other.get("count"));
      assertEquals(Info.text(client.info(), "state_hash"), Info.text(other.info(), "state_hash"));
      for (int i = 0; i < keys; i += 3) {
        assertEquals(client.get("key-" + i), other.get("key-" + i));
      }
    }
  }

  @Test
  void shouldRefuseASavedStateThatIsDamaged(@TempDir Path directory) throws Exception {
    MemoryLog.Member first = log.newMember();
    started(config(0, first, false));
    try (FkvsClient client = client(0)) {
      client.set("key", "value");
    }
    Path file = directory.resolve("state");
    long index = first.save(file);
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 4;
      Path other = directory.resolve("damaged-" + i);
      Files.write(other, damaged);
      ReplicaState state = new ReplicaState(MEMBERS);
      try (Store store = Store.open(StoreConfig.defaults())) {
        assertThrows(RuntimeException.class, () -> state.restore(store, other), "byte=" + i);
      }
    }
    assertTrue(index > 0);
  }

  @Test
  void shouldTakeWhatFitsAnEntryAndRefuseTheRest() {
    startAll();
    try (FkvsClient first = client(0);
        FkvsClient second = client(1)) {
      int most = (4 << 20) - (1 << 20) - (256 << 10);
      byte[] key = {1};
      first.set(key, new byte[most]);
      assertEquals(most, second.get(key).length);
      assertEquals(
          Optional.of(ErrorCode.TOO_LARGE),
          assertThrows(FkvsException.class, () -> first.set(key, new byte[most + 1])).code());
      first.ping();
    }
  }

  @Test
  void shouldRefuseMoreThanItsBoundButRemove() {
    started(config(0, log.newMember(), false).withMaxMemoryBytes(4 << 20));
    try (FkvsClient client = client(0)) {
      Optional<ErrorCode> refusal = Optional.empty();
      for (int i = 0; refusal.isEmpty(); i++) {
        try {
          client.set("key-" + i, "v".repeat(10_000));
        } catch (FkvsException e) {
          refusal = e.code();
        }
      }
      assertEquals(Optional.of(ErrorCode.STORE_FULL), refusal);
      client.delete("key-0");
      assertEquals(null, client.get("key-0"));
    }
  }

  /** Nor may a request come in behind one that only looks. */
  @Test
  void shouldRefuseMoreThanItsBoundAmidAPipeline() {
    started(config(0, log.newMember(), false).withMaxMemoryBytes(4 << 20));
    byte[] value = new byte[10_000];
    int stored = 0;
    try (FkvsClient client = client(0)) {
      Optional<ErrorCode> refusal = Optional.empty();
      while (refusal.isEmpty()) {
        byte[] key = ("key-" + stored).getBytes();
        client.pipeline().queue(Call.get(key));
        PendingReply<?> reply = client.pipeline().queue(Call.set(key, value));
        client.pipeline().flush();
        try {
          reply.value();
          stored++;
        } catch (FkvsException e) {
          refusal = e.code();
        }
      }
      assertEquals(Optional.of(ErrorCode.STORE_FULL), refusal);
      assertTrue(stored < 1_000, "stored=" + stored);
    }
  }

  @Test
  void shouldStopWhenItsStateDiffersFromThatOfAMajority() throws InterruptedException {
    startAll();
    MemoryLog.Member other = log.newMember();
    try (FkvsClient client = client(0)) {
      client.set("key", "1");
      for (int member = 1; member < MEMBERS; member++) {
        other.propose(vote(member, 1, 4711));
      }
      for (int i = 0; i < 2 * Checkpoints.ROUNDS; i++) {
        client.increment("key");
      }
      for (int member = 1; member < MEMBERS; member++) {
        other.propose(vote(member, 1, 4711));
      }
    }
    for (Server server : servers) {
      server.awaitStop();
      assertInstanceOf(DivergedException.class, server.failure().orElseThrow());
    }
  }

  private static MemorySegment vote(int member, long number, long hash) {
    MemorySegment vote = MemorySegment.ofArray(new byte[Entry.CHECKPOINT_BYTES]);
    Entry.write(vote, Entry.Kind.CHECKPOINT, member, 0, 1, 0);
    Entry.writeCheckpoint(vote, number, hash);
    return vote;
  }

  @Test
  void shouldRefuseToDoWhatOthersDoNot() {
    ServerConfig config = config(0, log.newMember(), false);
    assertThrows(IllegalArgumentException.class, () -> Server.start(config.withThreads(2)));
    assertThrows(
        IllegalArgumentException.class, () -> Server.start(config.withEviction("allkeys-lfu")));
    assertThrows(
        IllegalArgumentException.class,
        () -> Server.start(config.withDataDirectory(Path.of("target/none"))));
  }
}
