package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client floods the table with keys that collide under a hash without a secret. */
class CollidingKeysTest {
  private static final int PAIRS = 12;

  /** Entries in a chain or groups in a row that a good hash may bring about among so many keys. */
  private static final int LONG_PROBE = 20;

  /** Under DJB2 each of these pairs of bytes is worth the same: 33 * 'a' + '!' = 33 * 'b'. */
  private static byte[] key(int number) {
    byte[] key = new byte[2 * PAIRS];
    for (int i = 0; i < PAIRS; i++) {
      boolean isOne = (number >> i & 1) == 1;
      key[2 * i] = (byte) (isOne ? 'a' : 'b');
      key[2 * i + 1] = (byte) (isOne ? '!' : 0);
    }
    return key;
  }

  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldKeepSearchesShortWhenKeysCollideOnPurpose(String table) throws IOException {
    try (Server server = Server.start(TestServers.config().withTable(table));
        Peer peer = Peer.connect(server.address())) {
      byte[] value = {'v'};
      for (int i = 0; i < 1 << PAIRS; i++) {
        peer.exchange(Frames.request(Frames.SET, key(i), value));
      }

      String info = Info.of(peer);
      assertEquals(1 << PAIRS, Info.number(info, "keys"));
      int probe = Info.number(info, "longest_probe");
      assertTrue(probe <= LONG_PROBE, "longest_probe=" + probe);
    }
  }
}
