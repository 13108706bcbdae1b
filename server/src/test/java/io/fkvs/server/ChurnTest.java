package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.fkvs.server.TestServers.Reach;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that come and go, in every way to go: nothing is left of them. {@code mvn verify -Psoak}
 * lets a million come, or as many as {@code -Dchurn.connections} says.
 */
@EveryTransport
class ChurnTest {
  private static final int CONNECTIONS = Integer.getInteger("churn.connections", 20_000);

  /** So that what the JVM opens on first use is open. */
  private static final int WARM_UP = 100;

  private static final byte[] PING = Frames.request(Frames.PING, "x");

  /** A request that has not come to its end, and the length of a reply that nobody reads. */
  private static final byte[] HALF = {0, 100, Frames.GET};

  private static final int LARGE = 60_000;

  /** Values that take all the memory to receive into more than twice over. */
  private static final int FILLS = 10;

  /** The JVM opens files of its own; one way to go of seven that leaked would leave thousands. */
  private static final long FEW_FILES = 100;

  /** What the JVM itself keeps varies; a connection is about a kilobyte of objects. */
  private static final long FEW_BYTES = 10 << 20;

  @Parameter private TransportChoice transport;

  private static long openFiles() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  private static long heapBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void assertFew(long limit, long before, long after) {
    assertTrue(after - before < limit, "before=" + before + ", after=" + after);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  @Timeout(value = 30, unit = TimeUnit.MINUTES) // a million take longer than other tests may
  void shouldLeaveNothingBehindWhenClientsComeAndGo(int threads) throws IOException {
    ServerConfig config =
        TestServers.config(transport)
            .withThreads(threads)
            .withUnixSocket(TestServers.socketPath())
            .withMaxClients(64);
    try (Server server = Server.start(config);
        Peer witness = Peer.connect(server.address())) {
      witness.exchange(Frames.request(Frames.SET, new byte[] {'k'}, new byte[LARGE]));
      int bytesBefore = Info.number(Info.of(witness), "connection_bytes");
      churn(server, WARM_UP);
      awaitAllGone(witness);
      long filesBefore = openFiles();
      long heapBefore = heapBytes();
      churn(server, CONNECTIONS / threads);
      awaitAllGone(witness);

      assertEquals(bytesBefore, Info.number(Info.of(witness), "connection_bytes"));
      assertFew(FEW_FILES, filesBefore, openFiles());
      assertFew(FEW_BYTES, heapBefore, heapBytes());
      // io_uring's buffers assert that each comes in its turn
      for (int i = 0; i < FILLS; i++) {
        witness.exchange(Frames.request(Frames.SET, new byte[] {'k'}, new byte[LARGE]));
      }
      assertArrayEquals(PING, witness.exchange(PING));
    }
  }

  private static void churn(Server server, int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      // both kinds of sockets, most often the one that leaves nothing in TIME_WAIT
      Reach reach = i % 4 == 0 ? Reach.TCP : Reach.UNIX;
      try (SocketChannel client = SocketChannel.open(reach.address(server))) {
        comeAndGo(client, i % 7);
      }
    }
  }

  /** Would not return where the server missed that a client has gone. */
  private static void awaitAllGone(Peer witness) throws IOException {
    String info = Info.of(witness);
    while (Info.number(info, "connected_clients") > 1) {
      info = Info.of(witness);
    }
  }

  private static void comeAndGo(SocketChannel client, int way) throws IOException {
    switch (way) {
      case 0 -> {} // without a word
      case 1 -> exchange(client);
      case 2 -> client.write(ByteBuffer.wrap(PING)); // without waiting for the reply
      case 3 -> { // amid a request, so that nothing is sent that could fail
        client.write(ByteBuffer.wrap(HALF));
        reset(client);
      }
      case 4 -> { // amid replies that do not fit the socket
        client.write(ByteBuffer.wrap(Frames.repeat(Frames.request(Frames.GET, "k"), 60)));
        client.read(ByteBuffer.allocate(1));
      }
      case 5 -> { // with a reset, where there is one
        client.write(ByteBuffer.wrap(PING));
        reset(client);
      }
      default -> { // with its own end first
        client.write(ByteBuffer.wrap(PING));
        client.shutdownOutput();
        ByteBuffer reply = ByteBuffer.allocate(2 * PING.length);
        while (client.read(reply) >= 0) {
          assertTrue(reply.hasRemaining());
        }
      }
    }
  }

  private static void reset(SocketChannel client) throws IOException {
    if (client.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
      client.setOption(StandardSocketOptions.SO_LINGER, 0);
    }
  }

  private static void exchange(SocketChannel client) throws IOException {
    client.write(ByteBuffer.wrap(PING));
    ByteBuffer reply = ByteBuffer.allocate(PING.length);
    while (reply.hasRemaining()) {
      assertTrue(client.read(reply) > 0);
    }
    assertArrayEquals(PING, reply.array());
  }
}
