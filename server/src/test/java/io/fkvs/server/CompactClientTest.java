package io.fkvs.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.client.Call;
import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsConnectionException;
import io.fkvs.client.FkvsException;
import io.fkvs.client.PendingReply;
import io.fkvs.client.Pipeline;
import io.fkvs.client.Protocol;
import io.fkvs.client.ScanPage;
import io.fkvs.wire.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Java client on this server, in compact; and in both where both must say the same. */
@EveryTransport
class CompactClientTest {
  private static final byte[] KEY = "k".getBytes(UTF_8);

  private final MutableClock clock = new MutableClock(1_000_000);
  private final TransportChoice transport;
  private final Server server;
  private final FkvsClient client;

  CompactClientTest(TransportChoice transport) throws IOException {
    this.transport = transport;
    server =
        Server.start(TestServers.config(transport).withClock(clock).withMaxValueBytes(8 << 20));
    client = connect(Protocol.COMPACT);
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  private FkvsClient connect(Protocol protocol) {
    return FkvsClient.connect(server.address(), ClientConfig.defaults().withProtocol(protocol));
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void shouldMeanTheSameInBothProtocols(Protocol protocol) {
    try (FkvsClient client = connect(protocol)) {
      assertSame(protocol, client.protocol());
      client.ping();
      assertArrayEquals("hi".getBytes(UTF_8), client.ping("hi".getBytes(UTF_8)));
      client.set("a", "41");
      assertEquals("41", client.get("a"));
      assertEquals(42, client.increment("a"));
      assertEquals(Long.MIN_VALUE, client.increment("low", Long.MIN_VALUE));
      assertEquals(32, client.decrement("a", 10));
      assertEquals(31, client.decrement("a"));
      assertNull(client.get("missing"));
      assertEquals(FkvsClient.NO_DEADLINE, client.ttl("a"));
      assertEquals(FkvsClient.NO_KEY, client.ttl("missing"));
      assertTrue(client.expire("a", Duration.ofSeconds(100)));
      assertFalse(client.expire("missing", Duration.ofSeconds(100)));
      assertEquals(100, client.ttl("a"));
      assertEquals(100_000, client.ttlMs("a".getBytes(UTF_8)));
      client.persist("a");
      client.persist("missing");
      assertEquals(FkvsClient.NO_DEADLINE, client.ttlMs("a".getBytes(UTF_8)));
      client.set("gone", "v", Duration.ZERO);
      assertNull(client.get("gone"));
      client.set("long", "v", Duration.ofDays(4000));
      assertEquals(Duration.ofDays(4000).toSeconds(), client.ttl("long"));
      assertThrows(FkvsException.class, () -> client.increment("low", -1));
      client.delete("low");
      client.delete("missing");
      assertEquals(Set.of("a", "long"), texts(client.keys()));
      assertTrue(client.info().contains("keys: "));
    }
  }

  private static Set<String> texts(List<byte[]> keys) {
    Set<String> texts = new HashSet<>();
    keys.forEach(key -> texts.add(new String(key, UTF_8)));
    assertEquals(keys.size(), texts.size());
    return texts;
  }

  @Test
  void shouldKeepMillisecondsWhenATimeHasThem() {
    client.set(KEY, KEY, Duration.ofNanos(1_500_000_001));

    assertEquals(1501, client.ttlMs(KEY));
    assertEquals(2, client.ttl(KEY));
    clock.advance(1500);
    assertEquals(1, client.ttlMs(KEY));
    clock.advance(1);
    assertEquals(FkvsClient.NO_KEY, client.ttlMs(KEY));
  }

  @Test
  void shouldSayWhyWhenTheServerRefuses() {
    client.set("s", "abc");

    FkvsException e = assertThrows(FkvsException.class, () -> client.increment("s"));

    assertEquals(
        "server refused the request: command=INCR, code=NOT_AN_INTEGER,"
            + " reason=value is not an integer",
        e.getMessage());
    assertSame(ErrorCode.NOT_AN_INTEGER, e.code().orElseThrow());
    assertEquals("value is not an integer", e.reason().orElseThrow());
    assertEquals("abc", client.get("s"));
  }

  @Test
  void shouldGiveNoReasonInClassic() {
    try (FkvsClient classic = connect(Protocol.CLASSIC)) {
      classic.set("s", "abc");
      FkvsException e = assertThrows(FkvsException.class, () -> classic.increment("s"));
      assertTrue(e.code().isEmpty() && e.reason().isEmpty());
      assertEquals("server refused the request: command=INCR", e.getMessage());
    }
  }

  @Test
  void shouldGoOnWhenAValueWasTooLarge() {
    FkvsException e =
        assertThrows(FkvsException.class, () -> client.set(KEY, new byte[(8 << 20) + 1]));

    assertSame(ErrorCode.TOO_LARGE, e.code().orElseThrow());
    assertNull(client.get(KEY));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 127, 128, 16_383, 16_384, 131_072, 300_000, 8 << 20})
  void shouldGetWhatWasSetWhateverItsLength(int length) {
    byte[] value = new byte[length];
    new Random(length).nextBytes(value);
    Pipeline pipeline = client.pipeline();
    pipeline.queue(Call.set(KEY, value));
    List<PendingReply<byte[]>> replies = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      replies.add(pipeline.queue(Call.get(KEY)));
    }
    pipeline.flush();

    for (PendingReply<byte[]> reply : replies) {
      assertArrayEquals(value, reply.value());
    }
    client.ping();
  }

  @Test
  void shouldReadAndRemoveAtOnce() {
    client.set("k", "v");
    Pipeline pipeline = client.pipeline();
    PendingReply<String> first = pipeline.queue(Call.getAndRemove("k"));
    PendingReply<String> second = pipeline.queue(Call.getAndRemove("k"));

    assertEquals("v", first.value());
    assertNull(second.value());
    assertNull(client.get("k"));
    client.set(KEY, new byte[300_000]);
    assertArrayEquals(new byte[300_000], client.getAndRemove(KEY));
    assertNull(client.getAndRemove(KEY));
  }

  @Test
  void shouldListEveryKeyOnceWhenScanned() {
    Pipeline pipeline = client.pipeline();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < 5000; i++) {
      expected.add("key " + i);
      pipeline.queue(Call.set("key " + i, "v"));
    }
    pipeline.flush();
    Set<String> seen = new HashSet<>();
    long cursor = 0;
    do {
      PendingReply<ScanPage> page = pipeline.queue(Call.scan(cursor, 100));
      PendingReply<String> behind = pipeline.queue(Call.get("key 7"));
      seen.addAll(texts(page.value().keys()));
      cursor = page.value().cursor();
      assertEquals("v", behind.value());
    } while (cursor != 0);

    assertEquals(expected, seen);
    assertEquals(expected, texts(client.keys()));
  }

  @Test
  void shouldRefuseWhatTheProtocolCannotSay() {
    assertMessage(
        "key is empty, which compact cannot say: command=GET", () -> client.get(new byte[0]));
    assertMessage(
        "key is too long for any server: length=65536, maxLength=65535",
        () -> client.get(new byte[65_536]));
    assertMessage("count must be at least 1: count=0", () -> client.scan(0, 0));
    assertMessage(
        "compact has no such command, scan in its place: command=KEYS",
        () -> client.ask(Call.keys()));
    try (FkvsClient classic = connect(Protocol.CLASSIC)) {
      assertMessage("classic has no such command: command=SCAN", () -> classic.scan(0, 10));
      assertMessage("classic has no such command: command=GETDEL", () -> classic.getAndRemove("k"));
    }
    client.ping();
  }

  private static void assertMessage(
      String message, org.junit.jupiter.api.function.Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }

  @Test
  void shouldSayThatItCannotConnectWhenThereAreTooManyClients() throws IOException {
    try (Server small = Server.start(TestServers.config(transport).withMaxClients(1));
        FkvsClient first =
            FkvsClient.connect(
                small.address(), ClientConfig.defaults().withProtocol(Protocol.COMPACT));
        FkvsClient spare =
            FkvsClient.connect(
                small.address(), ClientConfig.defaults().withProtocol(Protocol.COMPACT))) {
      first.ping();
      spare.ping();
      FkvsConnectionException e =
          assertThrows(
              FkvsConnectionException.class,
              () ->
                  FkvsClient.connect(
                      small.address(), ClientConfig.defaults().withProtocol(Protocol.COMPACT)));
      assertTrue(e.getMessage().startsWith("cannot connect: address="), e.getMessage());
    }
  }
}
