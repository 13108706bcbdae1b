package io.fkvs.cluster.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.cluster.consensus.Consensus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What three members agree on, and what they do without one of them. */
class RatisConsensusTest extends ThreeMembers {
  /** The name of a snapshot that is finished: what is in it, by term and index. */
  private static final String SNAPSHOT = "snapshot\\.\\d+_\\d+";

  @Test
  void shouldApplyTheSameEntriesEverywhere() {
    for (int i = 0; i < 300; i++) {
      propose(i % MEMBERS, "same " + i);
    }
    IntStream.range(0, MEMBERS).forEach(member -> agree(member, "same, from " + member));
    assertSame();
  }

  @Test
  void shouldKeepTheOrderOfOneMember() {
    int follower = follower();
    // Until a leader is ready proposals get lost.
    agree(follower, "in order");
    List<String> texts = IntStream.range(0, 300).mapToObj(i -> "ordered " + i).toList();
    texts.forEach(text -> propose(follower, text));
    entries[follower].await(e -> e.has("ordered 299"));
    assertEquals(
        texts,
        entries[follower].applied().stream()
            .filter(entry -> entry.startsWith("ordered "))
            .map(entry -> entry.substring(0, entry.indexOf('@')))
            .toList());
  }

  @Test
  void shouldApplyLongEntries() {
    agree(follower(), "x".repeat(Settings.MAX_ENTRY));
    MemorySegment tooLong = MemorySegment.ofArray(new byte[Settings.MAX_ENTRY + 1]);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> members[0].propose(tooLong));
    assertEquals("entry too long: length=4194305 limit=4194304", refused.getMessage());
  }

  @Test
  void shouldGoOnWithoutItsLeaderAndTakeItBack() {
    int old = awaitLeader();
    stop(old);
    assertNotEquals(old, awaitLeader());
    agree(awaitLeader(), "without it");
    start(old);
    agree(old, "with it again");
    assertTrue(entries[old].has("without it"));
    assertSame();
  }

  @Test
  void shouldSayWhoDoesNotAnswerAndWhoDoesAgain() throws InterruptedException {
    int leader = awaitLeader();
    int stopped = (leader + 1) % MEMBERS;
    agree(leader, "all answer");
    try (Logged log = new Logged()) {
      stop(stopped);
      confirm(leader);
      String address = "address=127.0.0.1:" + addresses.get(stopped).port();
      log.await("another member does not answer: " + address + ", cause=");
      start(stopped);
      while (!log.has("another member answers again: " + address)) {
        long asked = confirm(leader);
        entries[leader].await(e -> e.isConfirmed(asked));
      }
    }
  }

  @Test
  void shouldConfirmWhatIsAppliedHereAndNotSooner() {
    int leader = awaitLeader();
    int follower = (leader + 1) % MEMBERS;
    entries[follower].hold(true);
    proposeUntilApplied(leader, "held back");
    long here = confirm(follower);
    // Each of these takes as long as the one above would, if it did not wait.
    for (int i = 0; i < 10; i++) {
      long there = confirm(leader);
      entries[leader].await(e -> e.isConfirmed(there));
    }
    assertFalse(entries[follower].isConfirmed(here));
    entries[follower].hold(false);
    entries[follower].await(e -> e.isConfirmed(here));
    assertTrue(entries[follower].has("held back"));
  }

  @Test
  void shouldConfirmEveryTicket() {
    int follower = follower();
    agree(follower, "to be confirmed");
    List<Long> tickets = IntStream.range(0, 1000).mapToObj(i -> confirm(follower)).toList();
    entries[follower].await(e -> tickets.stream().allMatch(e::isConfirmed));
  }

  @Test
  void shouldConfirmNothingWithoutMajority() {
    int leader = awaitLeader();
    agree(leader, "with a majority");
    long before = confirm(leader);
    entries[leader].await(e -> e.isConfirmed(before));
    stop((leader + 1) % MEMBERS);
    stop((leader + 2) % MEMBERS);
    // It does not know yet that it leads nobody.
    long after = ++ticket;
    members[leader].confirm(after);
    entries[leader].await(e -> e.leader() == Consensus.NOBODY);
    assertFalse(entries[leader].isConfirmed(after));
    assertFalse(members[leader].propose(bytes("refused")));
  }

  @Test
  void shouldSendASnapshotToWhoWasAwayForTooLong() throws IOException {
    int away = follower();
    stop(away);
    // Two files of the log, which are forgotten when there are two snapshots behind them.
    String text = "x".repeat(3 << 20);
    for (int i = 0; i < 3; i++) {
      agree(awaitLeader(), i + text);
    }
    snapshotEverywhere("first snapshot");
    snapshotEverywhere("second snapshot");
    start(away);
    agree(away, "caught up");
    assertTrue(entries[away].restored() > 0);
    assertSame();
  }

  @Test
  void shouldRestoreItsOwnSnapshotAndTheLogBehindIt() throws IOException {
    snapshotEverywhere("in the snapshot");
    agree(0, "behind the snapshot");
    List<String> before = entries[0].applied();
    closeAll();
    IntStream.range(0, MEMBERS).forEach(this::start);
    agree(0, "after the restart");
    assertSame();
    for (Entries each : entries) {
      assertEquals(1, each.restored());
      assertEquals(before, each.applied().subList(0, before.size()));
    }
  }

  @Test
  void shouldCutOffAnEntryThatIsHalfWritten() throws IOException {
    agree(0, "written");
    int member = follower();
    stop(member);
    Path log = logInProgress(member);
    byte[] bytes = Files.readAllBytes(log);
    // What a longer entry begins with, before the zeros that were there.
    byte[] torn = Arrays.copyOf(bytes, bytes.length + 1000);
    torn[bytes.length] = 100;
    torn[bytes.length + 1] = 8;
    Files.write(log, torn);
    start(member);
    agree(member, "after the torn entry");
    assertTrue(entries[member].has("written"));
    assertSame();
  }

  @Test
  void shouldRefuseALogThatIsDamaged() throws IOException {
    agree(0, "to be damaged");
    agree(0, "behind the damage");
    int member = follower();
    stop(member);
    Path log = logInProgress(member);
    byte[] good = Files.readAllBytes(log);
    byte[] damaged = good.clone();
    damaged[indexOf(damaged, "to be damaged")]++;
    Files.write(log, damaged);
    assertThrows(RuntimeException.class, () -> start(member));
    Files.write(log, good);
  }

  @Test
  void shouldTakeBackAMemberThatLostItsDirectory() throws IOException {
    agree(0, "before the loss");
    int lost = awaitLeader();
    stop(lost);
    delete(home(lost));
    start(lost);
    while (!members[lost].isVoter()) {
      Thread.onSpinWait();
    }
    // It counts again: without another one it makes a majority.
    stop((lost + 1) % MEMBERS);
    agree(lost, "after the loss");
    assertTrue(entries[lost].has("before the loss"));
    long now = confirm(lost);
    entries[lost].await(e -> e.isConfirmed(now));
  }

  @Test
  void shouldStopWhereTheReplicaFails() {
    int follower = follower();
    entries[follower].failFromNowOn();
    proposeUntilApplied(awaitLeader(), "the last one");
    entries[follower].await(e -> e.failure() != null);
    assertEquals("the replica fails", entries[follower].failure().getMessage());
    assertFalse(members[follower].propose(bytes("refused")));
    assertFalse(members[follower].confirm(++ticket));
    stop(follower);
  }

  @Test
  void shouldRefuseAPortInUse() throws IOException {
    stop(0);
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", addresses.get(0).port()));
      UncheckedIOException refused = assertThrows(UncheckedIOException.class, () -> start(0));
      assertEquals(
          "cannot listen: address=127.0.0.1:" + addresses.get(0).port(),
          refused.getCause().getMessage());
    }
  }

  private void snapshotEverywhere(String text) throws IOException {
    agree(awaitLeader(), text);
    int[] running = running().toArray();
    Map<Integer, Set<Path>> before = new HashMap<>();
    for (int member : running) {
      before.put(member, files(member, SNAPSHOT));
      members[member].requestSnapshot();
    }
    for (int member : running) {
      while (before.get(member).containsAll(files(member, SNAPSHOT))) {
        Thread.onSpinWait();
      }
    }
  }

  private Path logInProgress(int member) throws IOException {
    return files(member, "log_inprogress.*").iterator().next();
  }

  /** The files of a member with such names. */
  private Set<Path> files(int member, String names) throws IOException {
    try (Stream<Path> files = Files.walk(home(member))) {
      return files
          .filter(file -> file.getFileName().toString().matches(names))
          .collect(Collectors.toSet());
    } catch (UncheckedIOException e) {
      // One was deleted meanwhile.
      return files(member, names);
    }
  }

  private static int indexOf(byte[] bytes, String text) {
    return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
