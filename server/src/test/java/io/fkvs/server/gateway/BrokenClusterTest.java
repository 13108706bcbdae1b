package io.fkvs.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsException;
import io.fkvs.client.Protocol;
import io.fkvs.history.Linearizability;
import io.fkvs.history.OrderCheck;
import io.fkvs.history.Recorder;
import io.fkvs.history.SocketTarget;
import io.fkvs.history.Workload;
import io.fkvs.server.Info;
import io.fkvs.server.Server;
import io.fkvs.server.TestServers;
import io.fkvs.server.replication.AgreedLog;
import io.fkvs.server.replication.Follower;
import io.fkvs.server.replication.Replication;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the checks of a cluster are worth: clusters that have one fault each are caught. */
class BrokenClusterTest {
  private static final int MEMBERS = 3;
  private static final int TRIES = 6;
  private static final long SKEW_MS = 500;

  /** A fault of the log as one member, or all, see it. */
  enum Fault {
    /** A member carries out what it proposes before the others agree, and never again. */
    ACKNOWLEDGES_BEFORE_AGREEMENT,

    /** Reads are confirmed without asking anybody. */
    READS_WITHOUT_A_MAJORITY,

    /** Each round is carried out twice by all, as if a retry were another request. */
    CARRIES_RETRIES_OUT_TWICE,

    /** One member goes by its own clock. */
    GOES_BY_ITS_OWN_CLOCK,

    /** One member leaves an entry out, as after a snapshot without its tail. */
    LEAVES_AN_ENTRY_OUT,

    /** One member carries out two rounds of others in another order. */
    CHANGES_THE_ORDER,

    /** One member carries a round of another one out twice. */
    CARRIES_ONE_OUT_TWICE,

    /** One member has a byte of a value wrong. */
    FLIPS_A_BYTE,

    /** None, to see that the checks let whole clusters pass. */
    NONE;

    private boolean isOfAll() {
      return this == CARRIES_RETRIES_OUT_TWICE || this == READS_WITHOUT_A_MAJORITY;
    }
  }

  @ParameterizedTest
  @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void shouldCatch(Fault fault) throws InterruptedException {
    boolean isCaught = false;
    for (int i = 0; i < TRIES && !isCaught; i++) {
      isCaught = !faults(fault).isEmpty();
    }
    assertTrue(isCaught, fault::name);
  }

  @Test
  void shouldLetAWholeClusterPass() throws InterruptedException {
    assertEquals(List.of(), faults(Fault.NONE));
  }

  /** What the checks find. */
  private static List<String> faults(Fault fault) throws InterruptedException {
    List<String> found = new ArrayList<>();
    MemoryLog log = new MemoryLog(System::currentTimeMillis);
    List<Server> servers = new ArrayList<>();
    for (int member = 0; member < MEMBERS; member++) {
      AgreedLog part = log.newMember();
      if (fault.isOfAll() || member == 1 && fault != Fault.NONE) {
        part = new BrokenLog(part, fault, member);
      }
      Replication replication =
          new Replication(member, MEMBERS, part, false, Duration.ofSeconds(5));
      servers.add(TestServers.start(TestServers.config().withReplication(replication)));
    }
    try {
      ask(servers, found);
      compare(servers, found);
    } catch (FkvsException | IllegalStateException e) {
      found.add(e.toString());
    } finally {
      servers.forEach(Server::close);
    }
    servers.forEach(server -> server.failure().ifPresent(e -> found.add(e.toString())));
    return found;
  }

  private static void ask(List<Server> servers, List<String> found) throws InterruptedException {
    List<SocketAddress> addresses = new ArrayList<>();
    servers.forEach(server -> addresses.add(server.address()));
    SocketTarget target = new SocketTarget(addresses, compact());
    for (SocketAddress address : addresses) {
      try (FkvsClient client = FkvsClient.connect(address, compact())) {
        client.set("expires", "soon", Duration.ofMillis(SKEW_MS * 100));
      }
    }
    Workload workload = Workload.defaults().withRequests(150);
    String verdict = Linearizability.check(Recorder.record(target, workload)).toString();
    if (!verdict.equals("linearizable")) {
      found.add(verdict);
    }
    found.addAll(
        OrderCheck.defaults().withPairs(3).withVersions(100).run(target).faults().stream()
            .map(Object::toString)
            .toList());
  }

  /** All members have the same, once each has carried out all that the others have. */
  private static void compare(List<Server> servers, List<String> found) {
    List<FkvsClient> clients =
        servers.stream().map(server -> FkvsClient.connect(server.address(), compact())).toList();
    clients.forEach(client -> client.get("last")); // waits for what was agreed on before
    Set<String> hashes = new HashSet<>();
    clients.forEach(client -> hashes.add(Info.text(client.info(), "state_hash")));
    clients.forEach(FkvsClient::close);
    if (hashes.size() > 1) {
      found.add("states differ: " + hashes);
    }
  }

  private static ClientConfig compact() {
    return ClientConfig.defaults().withProtocol(Protocol.COMPACT);
  }

  /** A log with a fault. */
  private static final class BrokenLog implements AgreedLog, Follower {
    private final AgreedLog log;
    private final Fault fault;
    private final int member;
    private final ArrayDeque<Long> confirmed = new ArrayDeque<>();
    private final ArrayDeque<byte[]> early = new ArrayDeque<>();
    private Runnable wakesLoop;
    private Follower follower;
    private long rounds;
    private byte[] kept;
    private boolean hasStranger;

    BrokenLog(AgreedLog log, Fault fault, int member) {
      this.log = log;
      this.fault = fault;
      this.member = member;
    }

    @Override
    public boolean propose(MemorySegment entry) {
      if (fault == Fault.ACKNOWLEDGES_BEFORE_AGREEMENT) {
        early.add(entry.toArray(ValueLayout.JAVA_BYTE));
        wakesLoop.run();
      }
      return log.propose(entry);
    }

    @Override
    public boolean confirm(long ticket) {
      if (fault == Fault.READS_WITHOUT_A_MAJORITY) {
        confirmed.add(ticket);
        wakesLoop.run();
        return true;
      }
      return log.confirm(ticket);
    }

    @Override
    public int poll(Follower asking, int most) {
      follower = asking;
      int count = confirmed.size() + early.size();
      while (!confirmed.isEmpty()) {
        asking.onConfirmed(confirmed.remove());
      }
      while (!early.isEmpty()) {
        asking.onEntry(rounds, System.currentTimeMillis(), MemorySegment.ofArray(early.remove()));
      }
      return count + log.poll(this, most);
    }

    @Override
    public void onEntry(long index, long timeMs, MemorySegment entry) {
      Entry read = new Entry();
      read.wrap(entry);
      boolean isRound = read.kind() == Entry.Kind.ROUND && read.runCount() > 0;
      boolean isOther = isRound && read.member() != member;
      rounds += isRound ? 1 : 0;
      switch (fault) {
        case GOES_BY_ITS_OWN_CLOCK -> follower.onEntry(index, timeMs + SKEW_MS, entry);
        case LEAVES_AN_ENTRY_OUT -> {
          if (!isOther || rounds < 20 || kept != null) {
            follower.onEntry(index, timeMs, entry);
          } else {
            kept = new byte[0];
          }
        }
        case CHANGES_THE_ORDER -> changeOrder(index, timeMs, entry, isOther);
        case CARRIES_ONE_OUT_TWICE -> {
          follower.onEntry(index, timeMs, entry);
          if (isOther && rounds == 20) {
            again(index, timeMs, entry);
          }
        }
        case CARRIES_RETRIES_OUT_TWICE -> {
          follower.onEntry(index, timeMs, entry);
          if (isRound) {
            again(index, timeMs, entry);
          }
        }
        case FLIPS_A_BYTE -> {
          byte[] bytes = entry.toArray(ValueLayout.JAVA_BYTE);
          if (isOther && rounds == 20) {
            bytes[bytes.length - 1] ^= 1;
          }
          follower.onEntry(index, timeMs, MemorySegment.ofArray(bytes));
        }
        default -> follower.onEntry(index, timeMs, entry);
      }
    }

    /** Two rounds in a row of two other members. */
    private void changeOrder(long index, long timeMs, MemorySegment entry, boolean isOther) {
      byte[] bytes = entry.toArray(ValueLayout.JAVA_BYTE);
      if (kept == null && isOther && rounds > 20) {
        kept = bytes;
        return;
      }
      follower.onEntry(index, timeMs, entry);
      if (kept != null && kept.length > 0) {
        follower.onEntry(index, timeMs, MemorySegment.ofArray(kept));
        kept = new byte[0];
      }
    }

    /** In the name of a member that there is not, so that it is not taken for the same. */
    private void again(long index, long timeMs, MemorySegment entry) {
      int stranger = Replication.MAX_MEMBERS - 1;
      if (!hasStranger) {
        hasStranger = true;
        MemorySegment start = MemorySegment.ofArray(new byte[Entry.HEADER_BYTES]);
        Entry.write(start, Entry.Kind.START, stranger, 0, 1, 0);
        follower.onEntry(index, timeMs, start);
        rounds = fault == Fault.CARRIES_RETRIES_OUT_TWICE ? 1 : rounds;
      }
      MemorySegment copy = MemorySegment.ofArray(entry.toArray(ValueLayout.JAVA_BYTE));
      Entry read = new Entry();
      read.wrap(copy);
      long sequence = fault == Fault.CARRIES_RETRIES_OUT_TWICE ? rounds : 1;
      Entry.write(copy, Entry.Kind.ROUND, stranger, read.runCount(), 1, sequence);
      follower.onEntry(index, timeMs, copy);
    }

    @Override
    public void onConfirmed(long ticket) {
      follower.onConfirmed(ticket);
    }

    @Override
    public void onProposalLost() {
      follower.onProposalLost();
    }

    @Override
    public void onLeaderChanged() {
      follower.onLeaderChanged();
    }

    @Override
    public void onSave(Path file, CompletableFuture<Long> saved) {
      follower.onSave(file, saved);
    }

    @Override
    public void onRestore(Path file, CompletableFuture<Long> restored) {
      follower.onRestore(file, restored);
    }

    @Override
    public int maxEntryBytes() {
      return log.maxEntryBytes();
    }

    @Override
    public int leader() {
      return log.leader();
    }

    @Override
    public void onNews(Runnable wakes) {
      wakesLoop = wakes;
      log.onNews(wakes);
    }
  }
}
