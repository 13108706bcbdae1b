package io.fkvs.cluster.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import io.fkvs.cluster.consensus.Consensus;
import io.fkvs.cluster.consensus.Group;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members in one process. Each test leaves all of them running, for the next one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 60, threadMode = SEPARATE_THREAD)
abstract class ThreeMembers {
  static final int MEMBERS = 3;

  final Entries[] entries = new Entries[MEMBERS];
  final RatisConsensus[] members = new RatisConsensus[MEMBERS];
  List<Group.Address> addresses;
  long ticket;
  private Path directory;

  @BeforeAll
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void startAll(@TempDir Path directory) throws IOException {
    this.directory = directory;
    addresses = freePorts();
    for (int member = 0; member < MEMBERS; member++) {
      start(member);
    }
  }

  @AfterAll
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void closeAll() {
    Stream.of(members).parallel().forEach(RatisConsensus::close);
  }

  /** Lets those that a test has stopped catch up. A test stops those that it lets fail. */
  @AfterEach
  @Timeout(value = 60, threadMode = SEPARATE_THREAD)
  void startStopped() {
    for (int member = 0; member < MEMBERS; member++) {
      entries[member].hold(false);
      if (members[member] != null) {
        assertNull(entries[member].failure());
      } else {
        start(member);
      }
    }
    agree(0, "end of test " + ++ticket);
  }

  /** What a member is told. */
  Group group(int member) {
    return new Group(member, addresses, home(member));
  }

  void start(int member) {
    entries[member] = new Entries();
    members[member] = new RatisConsensus(group(member), entries[member]);
  }

  void stop(int member) {
    members[member].close();
    members[member] = null;
  }

  Path home(int member) {
    return directory.resolve("member-" + member);
  }

  void propose(int member, String text) {
    while (!members[member].propose(bytes(text))) {
      entries[member].await(e -> e.leader() != Consensus.NOBODY);
    }
  }

  /** Proposes something, and waits until all have applied it. */
  void agree(int member, String text) {
    proposeUntilApplied(member, text);
    running().forEach(each -> entries[each].await(e -> e.has(text)));
  }

  /** Proposes something, again if it may have got lost, until this member has applied it. */
  void proposeUntilApplied(int member, String text) {
    do {
      int leader = awaitLeader();
      int lost = entries[member].lost();
      propose(member, text);
      entries[member].await(e -> e.has(text) || e.leader() != leader || e.lost() > lost);
    } while (!entries[member].has(text));
  }

  /** What all have applied is the same. One may be ahead, if something was proposed twice. */
  void assertSame() {
    List<List<String>> applied = Stream.of(entries).map(Entries::applied).toList();
    int common = applied.stream().mapToInt(List::size).min().orElseThrow();
    for (List<String> each : applied) {
      assertEquals(applied.getFirst().subList(0, common), each.subList(0, common));
    }
  }

  static MemorySegment bytes(String text) {
    return MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8));
  }

  long confirm(int member) {
    assertTrue(members[member].confirm(++ticket));
    return ticket;
  }

  IntStream running() {
    return IntStream.range(0, MEMBERS).filter(member -> members[member] != null);
  }

  /** Waits until all that run agree who leads. */
  int awaitLeader() {
    while (true) {
      running().forEach(member -> entries[member].await(e -> e.leader() != Consensus.NOBODY));
      int[] leaders = running().map(member -> entries[member].leader()).distinct().toArray();
      if (leaders.length == 1 && leaders[0] >= 0 && members[leaders[0]] != null) {
        return leaders[0];
      }
      Thread.onSpinWait();
    }
  }

  int follower() {
    return (awaitLeader() + 1) % MEMBERS;
  }

  static List<Group.Address> freePorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Group.Address> free = new ArrayList<>();
    for (int member = 0; member < MEMBERS; member++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(socket);
      free.add(new Group.Address("127.0.0.1", socket.getLocalPort()));
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return free;
  }
}
