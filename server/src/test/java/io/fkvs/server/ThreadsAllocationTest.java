package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Several event loops over one store allocate nothing at steady state, each on its own thread. */
@EveryTransport
class ThreadsAllocationTest {
  private static final int THREADS = 2;
  private static final int PIPELINES_PER_ROUND = 40;
  private static final int MAX_ROUNDS = 1_000;
  private static final int QUIET_ROUNDS = 5;
  private static final int DEPTH = 10;

  /** What ends the replies to a pipeline, and nothing else. */
  private static final byte[] END = Frames.ascii("the end of this");

  @Parameter private TransportChoice transport;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void shouldAllocateNothingWhenEachLoopReadsAndWrites() throws IOException {
    assertAllocatesNothing(TestServers.config(transport, "swiss"));
  }

  @Test
  void shouldAllocateNothingWhenALogKeepsWhatTheyWrite() throws IOException {
    assertAllocatesNothing(
        TestServers.config(transport, "swiss")
            .withDisk(new ForgetfulDisk())
            .withSync(SyncChoice.ALWAYS));
  }

  private void assertAllocatesNothing(ServerConfig settings) throws IOException {
    ServerConfig config =
        settings
            .withThreads(THREADS)
            .withClock(new MutableClock(1))
            .withNanoClock(new MutableClock(1))
            .withIdleTimeout(Duration.ofSeconds(1));
    byte[] key = Frames.ascii("key");
    byte[] requests =
        Frames.concat(
            Frames.repeat(Frames.request(Frames.SET, key, Frames.ascii("value")), DEPTH),
            Frames.repeat(Frames.request(Frames.GET, "key"), DEPTH),
            Frames.repeat(Frames.request(Frames.GET, "another key"), DEPTH),
            Frames.repeat(Frames.request(Frames.INCR, "counter"), DEPTH),
            Frames.repeat(Frames.request(Frames.TTL, "key"), DEPTH),
            Frames.request(Frames.SET, Frames.ascii("counter"), Frames.ascii("10")),
            Frames.request(Frames.PING, END));
    try (Server server = Server.start(config);
        Peer first = Peer.connect(server.address());
        Peer second = Peer.connect(server.address())) {
      List<Long> allocatedBytes = new ArrayList<>();
      int quietRounds = 0;
      while (quietRounds < QUIET_ROUNDS && allocatedBytes.size() < MAX_ROUNDS) {
        long before = allocatedBytes(server);
        for (int i = 0; i < PIPELINES_PER_ROUND; i++) {
          first.send(requests);
          second.send(requests);
          first.skipUntil(END);
          second.skipUntil(END);
        }
        long roundBytes = allocatedBytes(server) - before;
        allocatedBytes.add(roundBytes);
        quietRounds = roundBytes == 0 ? quietRounds + 1 : 0;
      }
      assertEquals(QUIET_ROUNDS, quietRounds, () -> "bytes in each round=" + allocatedBytes);
    }
  }

  private long allocatedBytes(Server server) {
    long[] ids = server.threads().stream().mapToLong(Thread::threadId).toArray();
    return Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
  }
}
