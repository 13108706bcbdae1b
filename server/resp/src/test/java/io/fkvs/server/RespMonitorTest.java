package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.resp.RespPeer;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What SLOWLOG and LATENCY tell of requests, on a clock that goes on by a step when it is read. */
class RespMonitorTest {
  private static final long MS = 1_000_000;
  private static final long MICRO = 1_000;

  /** More than the default of what is slow. */
  private static final long SLOW = 20 * MS;

  private final SteppingClock clock = new SteppingClock();
  private Server server;
  private RespPeer peer;

  private static final class SteppingClock implements LongSupplier {
    private volatile long step;
    private long now;
    private volatile int readings;

    @Override
    public long getAsLong() {
      now += step;
      readings++;
      return now;
    }
  }

  @BeforeEach
  void start() throws IOException {
    start(ServerConfig.defaults());
  }

  private void start(ServerConfig config) throws IOException {
    server =
        Server.start(config.withPort(0).withRespPort(0).withTable("swiss").withNanoClock(clock));
    peer = new RespPeer(server.respAddress().orElseThrow().getPort());
    peer.ask("CLIENT SETNAME me");
  }

  @AfterEach
  void stop() {
    peer.close();
    server.close();
  }

  /** Asks something that takes a step. */
  private String askIn(long step, String words) {
    clock.step = step;
    String reply = peer.ask(words);
    clock.step = 0;
    return reply;
  }

  // ---- SLOWLOG

  @Test
  void shouldRememberWhatWasSlow() {
    askIn(SLOW, "SET k value");
    askIn(9 * MS, "SET k other");
    askIn(SLOW, "GET k");
    askIn(SLOW, "KEYS *");

    String entry = ":\\d+\r\n:20000\r\n\\*%s\\$\\d+\r\n127.0.0.1:\\d+\r\n\\$2\r\nme\r\n";
    String expected =
        "\\*3\r\n\\*6\r\n:2\r\n"
            + entry.formatted("2\r\n\\$4\r\nKEYS\r\n\\$1\r\n\\*\r\n")
            + "\\*6\r\n:1\r\n"
            + entry.formatted("2\r\n\\$3\r\nGET\r\n\\$1\r\nk\r\n")
            + "\\*6\r\n:0\r\n"
            + entry.formatted("3\r\n\\$3\r\nSET\r\n\\$1\r\nk\r\n\\$5\r\nvalue\r\n");
    String reply = peer.ask("SLOWLOG GET");
    assertTrue(reply.matches(expected), reply);
    assertEquals(":3\r\n", peer.ask("SLOWLOG LEN"));
    assertTrue(peer.ask("SLOWLOG GET 1").startsWith("*1\r\n*6\r\n:2\r\n"));
    assertTrue(peer.ask("SLOWLOG GET -1").startsWith("*3\r\n"));

    assertEquals("+OK\r\n", peer.ask("SLOWLOG RESET"));
    assertEquals("*0\r\n", peer.ask("SLOWLOG GET"));
    askIn(SLOW, "GET k");
    assertTrue(peer.ask("SLOWLOG GET").startsWith("*1\r\n*6\r\n:3\r\n")); // numbers go on
  }

  @Test
  void shouldRememberNothingOrEverythingWhenTold() {
    peer.ask("CONFIG SET slowlog-log-slower-than -1");
    askIn(SLOW, "GET k");
    assertEquals("*0\r\n", peer.ask("SLOWLOG GET"));

    peer.ask("CONFIG SET slowlog-log-slower-than 0");
    clock.step = 5 * MICRO;
    peer.send(RespPeer.request("GET", "a") + RespPeer.request("GET", "b"));
    peer.read(2);
    clock.step = 0;
    String reply = peer.ask("SLOWLOG GET 2");
    String[] entries = reply.split("\\*6\r\n");
    assertTrue(entries[1].contains(":5\r\n*2\r\n$3\r\nGET\r\n$1\r\nb\r\n"), reply);
    assertTrue(entries[2].contains(":5\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n"), reply);
  }

  @Test
  void shouldCutWhatItRemembers() {
    String[] many = new String[41];
    Arrays.fill(many, "k");
    many[0] = "EXISTS";
    many[1] = "x".repeat(200);
    clock.step = SLOW;
    peer.askAll(many);
    clock.step = 0;

    String reply = peer.ask("SLOWLOG GET");
    assertTrue(reply.contains("*32\r\n$6\r\nEXISTS\r\n"), reply);
    assertTrue(reply.contains("x".repeat(128) + "... (72 more bytes)\r\n"), reply);
    assertTrue(reply.contains("... (10 more arguments)\r\n"), reply);
  }

  @Test
  void shouldNotShowPasswords() {
    askIn(SLOW, "AUTH default secret");
    askIn(SLOW, "HELLO 2 AUTH default secret");

    String reply = peer.ask("SLOWLOG GET");
    assertTrue(reply.contains("AUTH"), reply);
    assertTrue(reply.contains("HELLO"), reply);
    assertFalse(reply.contains("secret"), reply);
  }

  @Test
  void shouldKeepAsManyAsItMay() {
    for (int i = 0; i < 5; i++) {
      askIn(SLOW, "GET k" + i);
    }
    assertEquals("+OK\r\n", peer.ask("CONFIG SET slowlog-max-len 3"));
    assertEquals(":3\r\n", peer.ask("SLOWLOG LEN"));
    askIn(SLOW, "GET last");
    assertEquals(":3\r\n", peer.ask("SLOWLOG LEN"));
    assertTrue(peer.ask("SLOWLOG GET 1").contains("last"));
    assertFalse(peer.ask("SLOWLOG GET").contains("k2"));
  }

  @Test
  void shouldTellWhatATransactionDidAndNotOfIt() {
    peer.ask("CONFIG SET slowlog-log-slower-than 0");
    peer.ask("MULTI");
    peer.ask("SET k v");
    peer.ask("EXEC");

    String reply = peer.ask("SLOWLOG GET");
    assertTrue(reply.contains("$3\r\nSET\r\n"), reply);
    assertFalse(reply.contains("EXEC"), reply);
  }

  @Test
  void shouldTimeARunOfShortRequestsTogether() {
    peer.ask("PING");
    int before = clock.readings;
    peer.send(RespPeer.request("GET", "k").repeat(100));
    peer.read(100);
    assertTrue(clock.readings - before < 60, "readings=" + (clock.readings - before));

    clock.step = SLOW;
    peer.send(RespPeer.request("GET", "k").repeat(3));
    peer.read(3);
    clock.step = 0;
    String reply = peer.ask("SLOWLOG GET");
    assertTrue(reply.contains("... (the last of 3 short requests together)"), reply);
  }

  /** The short requests before a long one are not taken for slow, nor for a part of it. */
  @Test
  void shouldTimeALongRequestAlone() {
    clock.step = SLOW;
    peer.askAll("SET", "long", "x".repeat(70_000));
    peer.send(
        RespPeer.request("GET", "k").repeat(3)
            + RespPeer.request("GET", "long")
            + RespPeer.request("APPEND", "long", "y"));
    peer.read(5);
    clock.step = 0;
    String reply = peer.ask("SLOWLOG GET");
    assertTrue(reply.startsWith("*3\r\n"), reply);
    for (String expected :
        new String[] {"*3\r\n$3\r\nSET\r\n", "*2\r\n$3\r\nGET\r\n", "*3\r\n$6\r\nAPPEND\r\n"}) {
      assertTrue(reply.contains(":20000\r\n" + expected), reply);
    }
    assertTrue(peer.ask("INFO commandstats").contains("cmdstat_append:calls=1,usec=20000,"));
  }

  // ---- LATENCY

  @Test
  void shouldRememberSpikesOnceTold() {
    askIn(SLOW, "GET k");
    assertEquals("*0\r\n", peer.ask("LATENCY LATEST"));
    assertTrue(peer.ask("LATENCY DOCTOR").contains("CONFIG SET latency-monitor-threshold"));

    assertEquals("+OK\r\n", peer.ask("CONFIG SET latency-monitor-threshold 10"));
    assertTrue(peer.ask("LATENCY DOCTOR").contains("No spike"));
    askIn(9 * MS, "GET k");
    askIn(SLOW, "GET k");
    askIn(3 * SLOW, "GET k");
    askIn(2 * SLOW, "KEYS *");

    String latest = peer.ask("LATENCY LATEST");
    String expected =
        "\\*2\r\n\\*4\r\n\\$7\r\ncommand\r\n:\\d+\r\n:40\r\n:40\r\n"
            + "\\*4\r\n\\$12\r\nfast-command\r\n:\\d+\r\n:60\r\n:60\r\n";
    assertTrue(latest.matches(expected), latest);
    String history = peer.ask("LATENCY HISTORY fast-command");
    assertTrue(history.endsWith(":60\r\n"), history);
    assertTrue(history.matches("\\*[12]\r\n(\\*2\r\n:\\d+\r\n:[26]0\r\n)+"), history);
    assertTrue(peer.ask("LATENCY DOCTOR").contains("fast-command: "));
    String graph = peer.ask("LATENCY GRAPH command");
    assertTrue(graph.contains("command - high 40 ms"), graph);
    assertEquals(5, graph.chars().filter(c -> c == '#').count(), graph);

    assertEquals(":1\r\n", peer.ask("LATENCY RESET none command"));
    assertEquals(":1\r\n", peer.ask("LATENCY RESET"));
    assertEquals("*0\r\n", peer.ask("LATENCY HISTORY fast-command"));
  }

  @Test
  void shouldTellHowLongCommandsTook() {
    askIn(3 * MICRO, "GET k");
    askIn(3 * MICRO, "GET k");
    askIn(100 * MICRO, "GET k");

    assertEquals(
        "*2\r\n$3\r\nget\r\n*4\r\n$5\r\ncalls\r\n:3\r\n$14\r\nhistogram_usec\r\n"
            + "*4\r\n:4\r\n:2\r\n:132\r\n:3\r\n",
        peer.ask("LATENCY HISTOGRAM get nonsense set"));
    assertTrue(peer.ask("LATENCY HISTOGRAM").contains("client|setname"));
    assertTrue(peer.ask("LATENCY HISTOGRAM client").startsWith("*2\r\n$14\r\nclient|setname"));
    String info = peer.ask("INFO commandstats");
    assertTrue(info.contains("cmdstat_get:calls=3,usec=106,usec_per_call=35.33\r\n"), info);
    assertFalse(peer.ask("INFO").contains("cmdstat_"));
    assertTrue(peer.ask("INFO ALL").contains("cmdstat_get"));

    peer.ask("CONFIG RESETSTAT");
    assertEquals("*0\r\n", peer.ask("LATENCY HISTOGRAM get"));
  }

  // ---- configuration

  @Test
  void shouldBeginAsItIsConfigured() throws IOException {
    stop();
    start(
        ServerConfig.defaults()
            .withSlowlogMicros(30_000)
            .withSlowlogLength(7)
            .withLatencyThresholdMs(50));

    assertEquals(
        "*6\r\n"
            + bulk("latency-monitor-threshold")
            + bulk("50")
            + bulk("slowlog-log-slower-than")
            + bulk("30000")
            + bulk("slowlog-max-len")
            + bulk("7"),
        peer.ask("CONFIG GET slowlog-* latency-*"));
    askIn(SLOW, "GET k");
    assertEquals("*0\r\n", peer.ask("SLOWLOG GET"));
    askIn(3 * SLOW, "GET k");
    assertEquals(":1\r\n", peer.ask("SLOWLOG LEN"));
    assertTrue(peer.ask("LATENCY LATEST").startsWith("*1\r\n"));
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  @Test
  void shouldRefuseNumbersThatCannotBeMeant() {
    var refused =
        assertThrows(
            IllegalArgumentException.class, () -> ServerConfig.defaults().withSlowlogMicros(-2));
    assertEquals(
        "slowlog-log-slower-than must be at least -1: slowlog-log-slower-than=-2",
        refused.getMessage());
  }

  @Test
  void shouldChangeAllOrNothing() {
    String refused = peer.ask("CONFIG SET slowlog-max-len 5 slowlog-log-slower-than -2");
    assertEquals(
        "-ERR CONFIG SET failed (possibly related to argument 'slowlog-log-slower-than') -"
            + " argument must be between -1 and 9223372036854775807 inclusive\r\n",
        refused);
    assertEquals(
        "*2\r\n$15\r\nslowlog-max-len\r\n$3\r\n128\r\n", peer.ask("CONFIG GET slowlog-m*"));
  }
}
