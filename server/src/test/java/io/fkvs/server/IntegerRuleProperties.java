package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.fkvs.server.TestServers.Kind;
import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** What counts as an integer, over the wire, against an oracle that shares no code with it. */
class IntegerRuleProperties {
  private static final Pattern NUMERAL = Pattern.compile("[+-]?[0-9]+");
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
  private static final Map<Kind, Server> SERVERS = new HashMap<>();
  private static final Map<Kind, Peer> PEERS = new HashMap<>();

  @AfterContainer
  static void close() throws IOException {
    for (Peer peer : PEERS.values()) {
      peer.close();
    }
    SERVERS.values().forEach(Server::close);
  }

  @Property(tries = 2000)
  void shouldCountWhereTheOracleSaysSo(
      @ForAll("texts") String value, @ForAll("texts") String amount, @ForAll("kinds") Kind kind)
      throws IOException {
    Peer peer = peer(kind);
    assertArrayEquals(Frames.value(value), peer.exchange(Frames.request(Frames.SET, "k", value)));
    assertArrayEquals(
        sum(value, amount, 1), peer.exchange(Frames.request(Frames.INCRBY, "k", amount)));
    peer.exchange(Frames.request(Frames.SET, "k", value));
    assertArrayEquals(
        sum(value, amount, -1), peer.exchange(Frames.request(Frames.DECRBY, "k", amount)));
  }

  private static byte[] sum(String value, String amount, int sign) {
    if (!isInteger(value) || !isInteger(amount)) {
      return Frames.ERROR;
    }
    BigInteger delta = new BigInteger(amount).multiply(BigInteger.valueOf(sign));
    BigInteger sum = new BigInteger(value).add(delta);
    return fits(sum) && fits(delta) ? Frames.value(sum.toString()) : Frames.ERROR;
  }

  private static boolean isInteger(String text) {
    return NUMERAL.matcher(text).matches() && fits(new BigInteger(text));
  }

  private static boolean fits(BigInteger number) {
    return number.compareTo(MIN) >= 0 && number.compareTo(MAX) <= 0;
  }

  private static Peer peer(Kind kind) throws IOException {
    if (!PEERS.containsKey(kind)) {
      Server server = Server.start(kind.config());
      SERVERS.put(kind, server);
      PEERS.put(kind, Peer.connect(server.address()));
    }
    return PEERS.get(kind);
  }

  @Provide
  Arbitrary<Kind> kinds() {
    return Arbitraries.of(TestServers.kinds(TestServers.threads()));
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> numbers = Arbitraries.longs().map(String::valueOf);
    Arbitrary<String> edges =
        Arbitraries.of(
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "-9223372036854775809",
            "+9223372036854775807",
            "00000000000000000000000000001",
            "-0",
            "+0",
            "0",
            "-",
            "+",
            "",
            "+-1",
            "1e3",
            " 1",
            "1\n",
            "\u00b2");
    Arbitrary<String> padded = numbers.map(n -> "+0000" + n.replace("-", ""));
    Arbitrary<String> noise = Arbitraries.strings().withChars("+-0123456789 .x").ofMaxLength(22);
    return Arbitraries.oneOf(numbers, edges, padded, noise);
  }
}
