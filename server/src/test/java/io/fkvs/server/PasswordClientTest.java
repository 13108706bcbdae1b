package io.fkvs.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsException;
import io.fkvs.client.Protocol;
import io.fkvs.wire.ErrorCode;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** The client on a server with a password, over sockets. */
@EveryTransport
class PasswordClientTest {
  private static final byte[] SECRET = "open sesame".getBytes(US_ASCII);
  private static final ClientConfig COMPACT =
      ClientConfig.defaults().withProtocol(Protocol.COMPACT);

  @Parameter private TransportChoice transport;

  private Server start() throws IOException {
    return Server.start(TestServers.config(transport).withPassword(SECRET));
  }

  @Test
  void shouldSayThePasswordAsItConnects() throws IOException {
    try (Server server = start();
        FkvsClient client = FkvsClient.connect(server.address(), COMPACT.withPassword(SECRET))) {
      client.set("k", "v");
      assertEquals("v", client.get("k"));
    }
  }

  @Test
  void shouldTellWhyItIsRefused() throws IOException {
    try (Server server = start()) {
      ClientConfig wrong = COMPACT.withPassword(new byte[] {'x'});
      var refused =
          assertThrows(FkvsException.class, () -> FkvsClient.connect(server.address(), wrong));
      assertEquals(Optional.of(ErrorCode.WRONG_PASSWORD), refused.code());

      try (FkvsClient client = FkvsClient.connect(server.address(), COMPACT)) {
        var denied = assertThrows(FkvsException.class, () -> client.get("k"));
        assertEquals(Optional.of(ErrorCode.NOT_AUTHENTICATED), denied.code());
        client.authenticate(SECRET);
        client.set("k", "v");
      }
    }
  }

  @Test
  void shouldSendAwayWhoSpeaksClassic() throws IOException {
    try (Server server = start();
        Peer peer = Peer.connect(server.address())) {
      peer.send(Frames.request(Frames.SET, "k", "v"));
      assertArrayEquals(new byte[] {0, 1, 0}, peer.receiveToEnd());
      assertThrows(
          IllegalArgumentException.class,
          () -> FkvsClient.connect(server.address(), ClientConfig.defaults().withPassword(SECRET)));
    }
  }
}
