package io.fkvs.server.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.Compacts;
import io.fkvs.server.Frames;
import io.fkvs.server.MutableClock;
import io.fkvs.server.Peer;
import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.TestServers;
import io.fkvs.server.TestServers.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Where a byte stream is cut, and how fast its replies are read, changes no reply. */
class FragmentationProperties {
  private static final int MAX_PIECE = 40_000;

  @Property(tries = 300)
  void shouldAnswerAlikeWhenTheStreamIsCutAnywhere(
      @ForAll("streams") byte[] stream, @ForAll long cuts, @ForAll("tables") String table) {
    assertArrayEquals(replies(table, stream), repliesToPieces(table, stream, new Random(cuts)));
  }

  @Property(tries = 40)
  void shouldAnswerAlikeOverASocketWhenTheStreamIsCutAnywhere(
      @ForAll("streams") byte[] stream, @ForAll long cuts, @ForAll("kinds") Kind kind)
      throws IOException {
    byte[] expected = replies(kind.table(), stream);
    Random random = new Random(cuts);
    try (Server server = Server.start(config(kind));
        Peer peer = Peer.connect(server.address())) {
      for (int i = 0; i < stream.length; ) {
        int length = Math.min(1 + random.nextInt(MAX_PIECE), stream.length - i);
        peer.send(Arrays.copyOfRange(stream, i, i + length));
        i += length;
      }
      assertArrayEquals(expected, peer.receive(expected.length));
    }
  }

  @Property(tries = 200)
  void shouldAnswerEveryCompleteFrameOnceWhenTheBytesAreArbitrary(
      @ForAll @Size(max = 3000) byte[] bytes, @ForAll("tables") String table) {
    // not its first bytes, which could be a switch
    byte[] stream = Frames.concat(Frames.request(Frames.PING, ""), bytes);
    assertEquals(frames(stream), frames(replies(table, stream)));
  }

  /** The clock of {@link TestDispatch}: times to live are part of replies. */
  private static ServerConfig config(Kind kind) {
    return kind.config().withClock(new MutableClock(TestDispatch.NOW_MS));
  }

  private static byte[] replies(String table, byte[] stream) {
    try (TestDispatch dispatch = new TestDispatch(table)) {
      ScriptedChannel channel = new ScriptedChannel();
      dispatch.receive(dispatch.connect(channel), stream);
      dispatch.goOn();
      return channel.sent();
    }
  }

  private static byte[] repliesToPieces(String table, byte[] stream, Random random) {
    try (TestDispatch dispatch = new TestDispatch(table)) {
      ScriptedChannel channel = new ScriptedChannel();
      channel.room(0);
      Connection connection = dispatch.connect(channel);
      int longest = 1 + random.nextInt(MAX_PIECE);
      for (int i = 0; i < stream.length; ) {
        int length = Math.min(1 + random.nextInt(longest), stream.length - i);
        dispatch.deliver(connection, Arrays.copyOfRange(stream, i, i + length));
        if (random.nextBoolean()) {
          dispatch.dispatcher.settle();
          channel.grant(random.nextInt(longest));
        }
        i += length;
      }
      dispatch.dispatcher.settle();
      channel.grant(Integer.MAX_VALUE);
      dispatch.goOn();
      return channel.sent();
    }
  }

  /** Counts complete frames, by their lengths alone. */
  private static int frames(byte[] bytes) {
    int count = 0;
    for (int i = 0; i + 2 <= bytes.length; ) {
      int end = i + 2 + ((bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF);
      count += end <= bytes.length ? 1 : 0;
      i = end;
    }
    return count;
  }

  @Provide
  Arbitrary<Kind> kinds() {
    return Arbitraries.of(TestServers.kinds());
  }

  @Provide
  Arbitrary<String> tables() {
    return Arbitraries.of(TestServers.tables());
  }

  /** Streams of requests, sound and unsound, small and large, over few keys. */
  @Provide
  Arbitrary<byte[]> streams() {
    return Arbitraries.randomValue(FragmentationProperties::stream);
  }

  private static byte[] stream(Random random) {
    if (random.nextBoolean()) {
      return compactStream(random);
    }
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    int count = random.nextInt(400);
    for (int i = 0; i < count; i++) {
      stream.writeBytes(frame(random));
    }
    return stream.toByteArray();
  }

  /** Ends with bytes of any kind, because nothing is answered behind them. */
  private static byte[] compactStream(Random random) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(Compacts.SWITCH);
    int count = random.nextInt(400);
    for (int i = 0; i < count; i++) {
      stream.writeBytes(compactRequest(random));
    }
    stream.writeBytes(bytes(random, 20));
    return stream.toByteArray();
  }

  private static byte[] compactRequest(Random random) {
    String key = "k" + random.nextInt(8);
    return switch (random.nextInt(14)) {
      case 0, 1 -> Compacts.request(Frames.GET, key);
      case 2 -> Compacts.request(Frames.SET, key, "" + random.nextInt(3));
      case 3 -> Compacts.set(key, bytes(random, 200));
      case 4 -> Compacts.add(Frames.INCRBY, key, random.nextLong() >> random.nextInt(64));
      case 5 -> Compacts.request(Frames.DEL, key);
      case 6 -> Compacts.expire(key, random.nextInt(3));
      case 7 -> Compacts.request(Frames.TTL, key);
      case 8 -> Compacts.request(Compacts.ECHO, bytes(random, 300));
      case 9 -> Compacts.setex(key, "v", random.nextLong() >>> random.nextInt(1, 64));
      case 10 -> Compacts.request(Frames.PERSIST, key);
      case 11 ->
          random.nextInt(10) == 0
              ? Compacts.set(key, bytes(random, 300_000))
              : Compacts.request(Frames.PING, new byte[0][]);
      case 12 ->
          random.nextInt(10) == 0
              ? tooLarge(65_536 + random.nextInt(9), bytes(random, 9))
              : Compacts.request(Frames.DECR, key);
      default -> Compacts.request(Frames.INCR, key);
    };
  }

  private static byte[] tooLarge(int keyLength, byte[] value) {
    byte[] request = Compacts.request(Compacts.SETEX, new byte[keyLength], value);
    return Frames.concat(request, Compacts.unsigned(value.length));
  }

  private static byte[] frame(Random random) {
    String key = "k" + random.nextInt(8);
    String number = List.of("0", "1", "-3", "x", "9223372036854775807").get(random.nextInt(5));
    return switch (random.nextInt(12)) {
      case 0, 1 -> Frames.request(Frames.GET, key);
      case 2 -> Frames.request(Frames.SET, key, number);
      case 3 -> Frames.request(Frames.SET, Frames.ascii(key), bytes(random, 200));
      case 4 -> Frames.request(Frames.INCRBY, key, number);
      case 5 -> Frames.request(Frames.DEL, key);
      case 6 -> Frames.request(Frames.EXPIRE, key, number);
      case 7 -> Frames.request(Frames.TTL, key);
      case 8 -> Frames.request(Frames.PING, bytes(random, 50));
      case 9 -> Frames.frame(bytes(random, 20));
      case 10 -> Frames.frame(new byte[0]);
      default ->
          random.nextInt(20) == 0
              ? Frames.request(Frames.SET, Frames.ascii(key), bytes(random, 65_000))
              : Frames.request(Frames.INCR, key);
    };
  }

  private static byte[] bytes(Random random, int maxLength) {
    byte[] bytes = new byte[random.nextInt(maxLength)];
    random.nextBytes(bytes);
    // INFO and KEYS answer what depends on time or on the table's order
    if (bytes.length > 0 && (bytes[0] == Frames.INFO || bytes[0] == Frames.KEYS)) {
      bytes[0] = 0;
    }
    return bytes;
  }
}
