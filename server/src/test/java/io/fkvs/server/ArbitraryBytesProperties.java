package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.TestServers.Kind;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;

/** One server a table for all tries: whatever one connection sends, another is served. */
class ArbitraryBytesProperties {
  private static final Map<Kind, Server> SERVERS = new HashMap<>();
  private static final Map<Kind, Peer> WITNESSES = new HashMap<>();
  private static int number;

  @AfterContainer
  static void close() throws IOException {
    for (Peer witness : WITNESSES.values()) {
      witness.close();
    }
    SERVERS.values().forEach(Server::close);
  }

  @Property(tries = 500)
  void shouldServeTheOthersWhenAConnectionSendsArbitraryBytes(
      @ForAll @Size(max = 5000) byte[] bytes,
      @ForAll boolean waits,
      @ForAll boolean compact,
      @ForAll("kinds") Kind kind)
      throws IOException {
    Peer witness = witness(kind);
    String value = "value " + number++;
    // longer than anything that the arbitrary bytes can name
    byte[] key = new byte[6000];
    witness.exchange(Frames.request(Frames.SET, key, Frames.ascii(value)));
    try (Peer peer = Peer.connect(SERVERS.get(kind).address())) {
      peer.send(speaks(compact));
      peer.send(bytes);
      if (waits) {
        peer.finish();
        byte[] replies = peer.receiveToEnd();
        if (!compact) {
          assertEquals(1 + frames(bytes), frames(replies));
        }
      }
    }
    assertArrayEquals(Frames.value(value), witness.exchange(Frames.request(Frames.GET, key)));
  }

  /** A client's first bytes, so that those behind are read in one protocol or the other. */
  private static byte[] speaks(boolean compact) {
    return compact ? Compacts.SWITCH : Frames.request(Frames.PING, "");
  }

  private static int frames(byte[] bytes) {
    int count = 0;
    int i = 0;
    while (i + 2 <= bytes.length) {
      i += 2 + ((bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF);
      if (i <= bytes.length) {
        count++;
      }
    }
    return count;
  }

  private static Peer witness(Kind kind) throws IOException {
    if (!WITNESSES.containsKey(kind)) {
      Server server = Server.start(kind.config());
      SERVERS.put(kind, server);
      WITNESSES.put(kind, Peer.connect(server.address()));
    }
    return WITNESSES.get(kind);
  }

  @Provide
  Arbitrary<Kind> kinds() {
    return Arbitraries.of(TestServers.kinds(TestServers.threads()));
  }
}
