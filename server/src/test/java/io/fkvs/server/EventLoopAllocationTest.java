package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.fkvs.wire.Command;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The event loop, run on this thread, allocates nothing at steady state. */
@EveryTransport
class EventLoopAllocationTest {
  @Parameter private TransportChoice transport;

  private static final int PIPELINES_PER_ROUND = 200;

  /** The compiler needs some rounds before it does without objects that never leave a method. */
  private static final int MAX_ROUNDS = 200;

  private static final int QUIET_ROUNDS = 5;
  private static final int DEPTH = 10;

  /** What ends the reply to either of the requests below. */
  private static final byte[] END = Frames.ascii("the end of this");

  private static final byte[] CLASSIC_END = Frames.request(Frames.PING, END);
  private static final byte[] COMPACT_END = Compacts.request(Compacts.ECHO, END);

  /** The table that keeps its entries off-heap; others allocate on the heap by design. */
  private static final String OFF_HEAP_TABLE = "swiss";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldAllocateNothingWhenServingWhatTheTableAnswersWithoutAllocation(String table)
      throws IOException {
    byte[] requests =
        Frames.concat(
            Frames.repeat(Frames.request(Frames.PING, "payload"), DEPTH),
            Frames.repeat(Frames.request(Frames.GET, "no such key"), DEPTH),
            Frames.repeat(Frames.request(Frames.TTL, "no such key"), DEPTH),
            Frames.repeat(Frames.frame(new byte[0]), DEPTH));
    assertAllocatesNothing(table, new byte[0], requests);
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldAllocateNothingInCompactWhenTheTableNeedsNothing(String table) throws IOException {
    byte[] requests =
        Frames.concat(
            Frames.repeat(Compacts.request(Frames.PING, new byte[0][]), DEPTH),
            Frames.repeat(Compacts.request(Compacts.ECHO, "payload"), DEPTH),
            Frames.repeat(Compacts.request(Frames.GET, "no such key"), DEPTH),
            Frames.repeat(Compacts.request(Frames.TTL, "no such key"), DEPTH),
            Frames.repeat(Compacts.request(Frames.GET, new byte[65_536]), 2));
    assertAllocatesNothing(table, Compacts.SWITCH, requests);
  }

  @Test
  void shouldAllocateNothingInCompactWhenReadingAndWritingAnOffHeapTable() throws IOException {
    byte[] requests =
        Frames.concat(
            Frames.repeat(Compacts.request(Frames.SET, "k", "value"), DEPTH),
            Frames.repeat(Compacts.request(Frames.GET, "k"), DEPTH),
            Frames.repeat(Compacts.add(Frames.INCRBY, "n", -1000), DEPTH),
            Frames.repeat(Compacts.setex("d", "value", 100_000), DEPTH),
            Frames.repeat(Compacts.request(Frames.DEL, "d"), DEPTH),
            Compacts.scan(0, 10),
            Frames.repeat(Compacts.request(Command.GETDEL.code(), "k"), DEPTH));
    assertAllocatesNothing(OFF_HEAP_TABLE, Compacts.SWITCH, requests);
  }

  @Test
  void shouldAllocateNothingWhenReadingAndWritingAnOffHeapTable() throws IOException {
    byte[] load = Frames.concat(Frames.request(Frames.SET, "k", "value"));
    byte[] requests =
        Frames.concat(
            Frames.repeat(Frames.request(Frames.SET, "k", "value"), DEPTH),
            Frames.repeat(Frames.request(Frames.GET, "k"), DEPTH),
            Frames.repeat(Frames.request(Frames.INCR, "n"), DEPTH),
            Frames.repeat(Frames.request(Frames.SET, "d", "value", "100"), DEPTH),
            Frames.repeat(Frames.request(Frames.DEL, "d"), DEPTH));
    assertAllocatesNothing(OFF_HEAP_TABLE, load, requests);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldAllocateNothingWhenRefusingIncrements(boolean isCompact) throws IOException {
    byte[] requests =
        isCompact
            ? Frames.concat(
                Compacts.request(Frames.SET, "raw", "text"),
                Compacts.request(Frames.SET, "max", String.valueOf(Long.MAX_VALUE)),
                Frames.repeat(Compacts.request(Frames.INCR, "raw"), DEPTH),
                Frames.repeat(Compacts.request(Frames.INCR, "max"), DEPTH),
                Frames.repeat(Compacts.add(Frames.DECRBY, "max", Long.MIN_VALUE), DEPTH),
                Frames.repeat(Compacts.add(Frames.INCRBY, "raw", 5), DEPTH))
            : Frames.concat(
                Frames.request(Frames.SET, "raw", "text"),
                Frames.request(Frames.SET, "max", String.valueOf(Long.MAX_VALUE)),
                Frames.repeat(Frames.request(Frames.INCR, "raw"), DEPTH),
                Frames.repeat(Frames.request(Frames.INCR, "max"), DEPTH),
                Frames.repeat(Frames.request(Frames.DECRBY, "raw", "5"), DEPTH),
                Frames.repeat(Frames.request(Frames.INCRBY, "max", "no number"), DEPTH));
    assertAllocatesNothing(OFF_HEAP_TABLE, isCompact ? Compacts.SWITCH : new byte[0], requests);
  }

  /** With a log, replies that wait for the disk included. */
  @ParameterizedTest
  @EnumSource(names = {"ALWAYS", "EVERY_SECOND"})
  void shouldAllocateNothingWhenALogKeepsWhatIsWritten(SyncChoice sync) throws IOException {
    byte[] requests =
        Frames.concat(
            Frames.repeat(Frames.request(Frames.SET, "k", "value"), DEPTH),
            Frames.repeat(Frames.request(Frames.GET, "k"), DEPTH),
            Frames.repeat(Frames.request(Frames.INCR, "n"), DEPTH),
            Frames.repeat(Frames.request(Frames.SET, "d", "value", "100"), DEPTH),
            Frames.repeat(Frames.request(Frames.EXPIRE, "d", "200"), DEPTH),
            Frames.repeat(Frames.request(Frames.DEL, "d"), DEPTH));
    ServerConfig config =
        TestServers.config(transport, OFF_HEAP_TABLE)
            .withDisk(new ForgetfulDisk())
            .withSync(sync)
            .withDurability(options -> options.withCompaction(1, Long.MAX_VALUE));
    assertAllocatesNothing(config, new byte[0], requests);
  }

  private void assertAllocatesNothing(String table, byte[] load, byte[] requests)
      throws IOException {
    assertAllocatesNothing(TestServers.config(transport, table), load, requests);
  }

  private void assertAllocatesNothing(ServerConfig settings, byte[] load, byte[] requests)
      throws IOException {
    ServerConfig config =
        settings
            .withClock(new MutableClock(1))
            .withNanoClock(new MutableClock(1))
            .withIdleTimeout(Duration.ofSeconds(1));
    try (TestLoop loop = new TestLoop(config);
        Peer first = loop.connect();
        Peer second = loop.connect()) {
      boolean isCompact = Arrays.equals(load, Compacts.SWITCH);
      byte[] end = isCompact ? COMPACT_END : CLASSIC_END;
      first.send(load);
      second.send(isCompact ? load : new byte[0]);
      drain(loop, first, end);
      List<Long> allocatedBytes = new ArrayList<>();
      int quietRounds = 0;
      while (quietRounds < QUIET_ROUNDS && allocatedBytes.size() < MAX_ROUNDS) {
        long roundBytes = 0;
        for (int i = 0; i < PIPELINES_PER_ROUND; i++) {
          roundBytes += serve(loop, first, requests, end) + serve(loop, second, requests, end);
        }
        allocatedBytes.add(roundBytes);
        quietRounds = roundBytes == 0 ? quietRounds + 1 : 0;
      }
      assertEquals(QUIET_ROUNDS, quietRounds, () -> "bytes in each round=" + allocatedBytes);
    }
  }

  /** One pipeline through the loop; answers what the loop allocated. */
  private long serve(TestLoop loop, Peer peer, byte[] requests, byte[] end) throws IOException {
    // split amid a frame, so that a part has to be kept
    int cut = requests.length - 1;
    peer.send(Arrays.copyOf(requests, cut));
    long allocatedBytes = measureCycle(loop);
    peer.send(new byte[] {requests[cut]});
    allocatedBytes += measureCycle(loop);
    return allocatedBytes + drain(loop, peer, end);
  }

  private long measureCycle(TestLoop loop) throws IOException {
    long before = threads.getCurrentThreadAllocatedBytes();
    loop.cycle();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  /**
   * Takes all replies: the last is that of a request of this method's own, with this end. Answers
   * what the loop allocated.
   */
  private long drain(TestLoop loop, Peer peer, byte[] request) throws IOException {
    peer.send(request);
    long allocatedBytes = 0;
    do {
      allocatedBytes += measureCycle(loop);
    } while (loop.server().eventLoop().context().clients().haveReplies());
    peer.skipUntil(END);
    return allocatedBytes;
  }

  @Test
  void shouldNoticeAllocation() {
    long before = threads.getCurrentThreadAllocatedBytes();
    byte[] bytes = new byte[64 << 10];
    assertArrayEquals(bytes, bytes.clone());
    assertTrue(threads.getCurrentThreadAllocatedBytes() - before > 0);
  }
}
