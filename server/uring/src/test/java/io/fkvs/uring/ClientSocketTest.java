package io.fkvs.uring;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Connections that wait; where the system has no such functions, that it says so. */
class ClientSocketTest {
  private interface Body {
    void run(InetSocketAddress address, ServerSocketChannel listener) throws IOException;
  }

  private static void onLinux(Body body) throws IOException {
    try {
      Platform.check();
    } catch (RefusedException e) {
      assertTrue(e.getMessage().contains("takes"));
      return;
    }
    try (var listener = ServerSocketChannel.open()) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      body.run((InetSocketAddress) listener.getLocalAddress(), listener);
    }
  }

  @Test
  void shouldExchangeBytesUntilThePeerEnds() throws IOException {
    onLinux(
        (address, listener) -> {
          try (var client = ClientSocket.connect(address, Duration.ZERO)) {
            ByteBuffer bytes = ByteBuffer.allocate(8);
            try (SocketChannel peer = listener.accept()) {
              assertEquals(5, client.write(US_ASCII.encode("hello")));
              assertEquals(5, peer.read(bytes));
              peer.write(bytes.flip());
              assertEquals(5, client.read(bytes.clear()));
              assertEquals("hello", US_ASCII.decode(bytes.flip()).toString());
            }
            assertEquals(-1, client.read(bytes.clear()));
          }
        });
  }

  @Test
  void shouldReachTheLoopbackWhenGivenEveryAddress() throws IOException {
    onLinux(
        (address, listener) -> {
          try (var client =
                  ClientSocket.connect(new InetSocketAddress(address.getPort()), Duration.ZERO);
              SocketChannel peer = listener.accept()) {
            assertTrue(client.isOpen());
            assertTrue(peer.isConnected());
          }
        });
  }

  @Test
  void shouldFailWhenNobodyListens() throws IOException {
    onLinux(
        (address, listener) -> {
          listener.close();
          var failure =
              assertThrows(IOException.class, () -> ClientSocket.connect(address, Duration.ZERO));
          assertEquals("Connection refused", failure.getMessage());
        });
  }

  @Test
  void shouldNotWaitForEverForAPeerThatSaysNothing() throws IOException {
    onLinux(
        (address, listener) -> {
          try (var client = ClientSocket.connect(address, Duration.ofMillis(20));
              SocketChannel peer = listener.accept()) {
            ByteBuffer bytes = ByteBuffer.allocate(8);
            var failure = assertThrows(SocketTimeoutException.class, () -> client.read(bytes));
            assertEquals("server is silent: timeout=PT0.02S", failure.getMessage());
            client.waitForEver();
            peer.write(US_ASCII.encode("hello"));
            assertEquals(5, client.read(bytes));
          }
        });
  }

  @Test
  void shouldNotWaitForEverForAPeerThatTakesNothing() throws IOException {
    onLinux(
        (address, listener) -> {
          try (var client = ClientSocket.connect(address, Duration.ofMillis(20))) {
            assertThrows(
                SocketTimeoutException.class,
                () -> {
                  while (true) {
                    client.write(ByteBuffer.allocate(1 << 20));
                  }
                });
          }
        });
  }

  @Test
  void shouldRefuseToGoOnWhenClosed() throws IOException {
    onLinux(
        (address, listener) -> {
          var client = ClientSocket.connect(address, Duration.ZERO);
          client.close();
          client.close();
          assertFalse(client.isOpen());
          assertThrows(
              ClosedChannelException.class, () -> client.write(ByteBuffer.wrap(new byte[1])));
          assertThrows(ClosedChannelException.class, () -> client.read(ByteBuffer.allocate(1)));
        });
  }
}
