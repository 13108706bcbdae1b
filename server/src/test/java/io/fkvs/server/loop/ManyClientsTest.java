package io.fkvs.server.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.fkvs.server.EveryTransport;
import io.fkvs.server.Frames;
import io.fkvs.server.Info;
import io.fkvs.server.MutableClock;
import io.fkvs.server.Peer;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.TestLoop;
import io.fkvs.server.TestServers;
import io.fkvs.server.TransportChoice;
import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Channel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Few clients that are busy among many that are not: what the many cost is counted, not timed. */
@EveryTransport
class ManyClientsTest {
  @Parameter private TransportChoice transport;

  private static final int ACTIVE = 10;
  private static final int IDLE = 990;
  private static final int ROUNDS = 100;
  private static final int DEPTH = 50;

  /** Both ends of a connection are in this process, which needs some files for itself. */
  private static int idleThatTheSystemAllows() {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
    int idle = (int) Math.min(IDLE, (free - 200) / 2);
    assertTrue(idle >= 100, "raise ulimit -n: free=" + free);
    return idle;
  }

  /**
   * The transport tells of those alone that sent something, so a cycle has as many events as there
   * are active clients at the most, however many others there are; and those hold no memory.
   */
  @Test
  void shouldServeTheActiveAndTouchNoOtherWhenMostAreIdle() throws IOException {
    ServerConfig config =
        TestServers.timed(TestServers.config(transport), new MutableClock(1))
            .withClock(new MutableClock(1))
            .withIdleTimeout(Duration.ofSeconds(60));
    List<SocketChannel> idle = new ArrayList<>();
    List<Peer> active = new ArrayList<>();
    try (TestLoop loop = new TestLoop(config)) {
      int idleCount = idleThatTheSystemAllows();
      for (int i = 0; i < idleCount; i++) {
        idle.add(SocketChannel.open(loop.server().address()));
        loop.cycle();
        if (i % (idleCount / ACTIVE) == 0 && active.size() < ACTIVE) {
          active.add(loop.connect());
        }
      }
      assertEquals(ACTIVE, active.size());
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < ACTIVE; i++) {
          active.get(i).send(requests(i, round));
        }
        int events = 0;
        while (events < ACTIVE) {
          events += loop.cycle();
        }
        // at the end of its memory, io_uring may have to go on with a reply in one more cycle
        assertTrue(events <= ACTIVE + 1, "events=" + events);
        for (int i = 0; i < ACTIVE; i++) {
          byte[] expected = replies(i, round);
          assertArrayEquals(expected, active.get(i).receive(expected.length));
        }
      }
      active.getFirst().send(Frames.frame(new byte[] {Frames.INFO}));
      loop.cycle();
      String info = Frames.payload(active.getFirst().receiveFrame());
      assertEquals(idleCount + ACTIVE, Info.number(info, "connected_clients"));
      assertEquals(Limits.ARRIVALS_BYTES, Info.number(info, "connection_bytes"));
      assertEquals(0, loop.cycle());
    } finally {
      for (SocketChannel socket : idle) {
        socket.close();
      }
      for (Peer peer : active) {
        peer.close();
      }
    }
  }

  private static byte[] requests(int client, int round) {
    byte[][] requests = new byte[DEPTH][];
    for (int i = 0; i < DEPTH; i += 2) {
      requests[i] = Frames.request(Frames.SET, "k" + client, round + " " + i);
      requests[i + 1] = Frames.request(Frames.GET, "k" + client);
    }
    return Frames.concat(requests);
  }

  private static byte[] replies(int client, int round) {
    byte[][] replies = new byte[DEPTH][];
    for (int i = 0; i < DEPTH; i += 2) {
      replies[i] = Frames.value(round + " " + i);
      replies[i + 1] = replies[i];
    }
    return Frames.concat(replies);
  }

  /** A channel that is not to be called. */
  private static final class Untouchable implements Channel {
    @Override
    public int send(Buffer buffer, int offset, int length) {
      throw new AssertionError("an idle client was sent to");
    }

    @Override
    public void receiving(boolean on) {
      throw new AssertionError("an idle client was told whether to receive");
    }

    @Override
    public void finish() {
      throw new AssertionError("an idle client was finished");
    }

    @Override
    public void close() {}

    @Override
    public boolean isLocal() {
      return false;
    }

    @Override
    public String peer() {
      return "untouchable";
    }
  }

  @Test
  void shouldCallNoChannelOfAnIdleClient() {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst(), 60_000)) {
      for (int i = 0; i < IDLE; i++) {
        dispatch.clients.add(
            new Connection(
                new Untouchable(), dispatch.protocols, dispatch.dispatcher, dispatch.clients));
      }
      ScriptedChannel channel = new ScriptedChannel();
      Connection active = dispatch.connect(channel);
      for (int round = 0; round < ROUNDS; round++) {
        dispatch.receive(active, Frames.request(Frames.PING, "x"));
        assertEquals(0, dispatch.pass(Limits.TICK_MS));
      }

      assertArrayEquals(Frames.repeat(Frames.echo(Frames.PING, "x"), ROUNDS), channel.sent());
      assertEquals(IDLE + 1, dispatch.clients.count());
    }
  }
}
