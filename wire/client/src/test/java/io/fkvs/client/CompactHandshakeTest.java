package io.fkvs.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a compact client makes of servers that answer strangely. */
class CompactHandshakeTest {
  private static final ClientConfig COMPACT =
      ClientConfig.defaults().withProtocol(Protocol.COMPACT);

  @ParameterizedTest
  @ValueSource(strings = {"000001", "000100", "00010000"})
  void shouldNotConnectWhenTheServerSpeaksOnlyClassic(String answer) throws IOException {
    try (ScriptedPeer peer =
        ScriptedPeer.tcp(
            p -> {
              p.send(hex(answer));
              p.drain();
            })) {
      var e =
          assertThrows(
              FkvsConnectionException.class, () -> FkvsClient.connect(peer.address(), COMPACT));
      assertEquals(
          "cannot connect: address="
              + peer.address()
              + ", reason=server does not speak the protocol that it was asked for",
          e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"05", "01", "02", "8161", "0400 0401 02", "0400 0401", "048000"})
  void shouldBreakOffWhenAReplyCannotBelongToTheRequest(String reply) throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.send(hex("000002" + reply.replace(" ", "")));
                  p.finish();
                  p.drain();
                });
        FkvsClient client = FkvsClient.connect(peer.address(), COMPACT)) {
      assertThrows(FkvsConnectionException.class, () -> client.scan(0, 10));
    }
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
