package io.fkvs.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The event loop, run on this thread, allocates nothing at steady state when it speaks RESP. */
class RespAllocationTest {
  private static final int PIPELINES_PER_ROUND = 50;
  private static final int MAX_ROUNDS = 1000;

  /**
   * What allocates does so in every round. So a few without any are enough, and what the JVM does
   * now and then, as it compiles, is nobody's fault.
   */
  private static final int QUIET_ROUNDS = 3;

  private static final int DEPTH = 10;
  private static final String END = "the end";

  private static final String REQUESTS =
      String.join(
          "",
          repeat("SET", "k", "value"),
          repeat("GET", "k"),
          repeat("GET", "no such key"),
          repeat("MGET", "k", "a", "b", "no such key"),
          repeat("INCR", "n"),
          repeat("INCRBY", "n", "-7"),
          repeat("SET", "d", "value", "EX", "100"),
          repeat("EXPIRE", "d", "200", "GT"),
          repeat("TTL", "d"),
          repeat("DEL", "d", "e"),
          repeat("STRLEN", "x"),
          repeat("GETRANGE", "k", "0", "2"),
          repeat("EXISTS", "x", "x"),
          repeat("SETNX", "x", "y"),
          repeat("DEL", "x"),
          repeat("INCR", "k"),
          repeat("MSET", "k", "value", "m", "other"),
          repeat("MSETNX", "k", "value", "m", "other"),
          repeat("SET", "part", "value"),
          repeat("APPEND", "part", "more"),
          repeat("SETRANGE", "part", "2", "xy"),
          repeat("PING"));

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static String repeat(String... arguments) {
    StringBuilder text = new StringBuilder("*" + arguments.length + "\r\n");
    for (String argument : arguments) {
      text.append('$').append(argument.length()).append("\r\n").append(argument).append("\r\n");
    }
    return text.toString().repeat(DEPTH);
  }

  @ParameterizedTest
  @EnumSource(
      value = TransportChoice.class,
      names = {"NIO", "AUTO"})
  void shouldAllocateNothing(TransportChoice transport) throws IOException {
    ServerConfig config =
        ServerConfig.defaults()
            .withPort(0)
            .withRespPort(0)
            .withTable("swiss")
            .withTransport(transport)
            .withClock(java.time.InstantSource.fixed(java.time.Instant.ofEpochMilli(1)))
            .withNanoClock(() -> 1);
    try (Server server = Server.open(config);
        Socket socket = new Socket("127.0.0.1", server.respAddress().orElseThrow().getPort())) {
      cycle(server);
      List<Long> allocatedBytes = new ArrayList<>();
      int quietRounds = 0;
      while (quietRounds < QUIET_ROUNDS && allocatedBytes.size() < MAX_ROUNDS) {
        long roundBytes = 0;
        for (int i = 0; i < PIPELINES_PER_ROUND; i++) {
          roundBytes += serve(server, socket);
        }
        allocatedBytes.add(roundBytes);
        quietRounds += roundBytes == 0 ? 1 : 0;
      }
      assertEquals(QUIET_ROUNDS, quietRounds, () -> "bytes in each round=" + allocatedBytes);
    }
  }

  /** One pipeline through the loop, split amid a request; answers what the loop allocated. */
  private long serve(Server server, Socket socket) throws IOException {
    byte[] requests = REQUESTS.getBytes(ISO_8859_1);
    socket.getOutputStream().write(requests, 0, requests.length - 1);
    long allocatedBytes = measure(server);
    socket.getOutputStream().write(requests, requests.length - 1, 1);
    allocatedBytes += measure(server);
    drain(server, socket);
    return allocatedBytes;
  }

  private long measure(Server server) {
    long before = threads.getCurrentThreadAllocatedBytes();
    cycle(server);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static void cycle(Server server) {
    int last;
    do {
      last = server.eventLoop().doWork();
    } while (last > 0);
  }

  private static void drain(Server server, Socket socket) throws IOException {
    socket.getOutputStream().write(("ECHO '" + END + "'\r\n").getBytes(ISO_8859_1));
    cycle(server);
    StringBuilder seen = new StringBuilder();
    byte[] bytes = new byte[64 << 10];
    while (!seen.toString().endsWith(END + "\r\n")) {
      int length = socket.getInputStream().read(bytes);
      seen.append(new String(bytes, 0, length, ISO_8859_1));
    }
  }
}
