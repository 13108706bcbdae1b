package io.fkvs.load.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What only the ring can get wrong; nothing where the system has none. */
class UringTransportTest {
  private static final int SUBMISSIONS = 4;
  private static final int WIRES = 3 * SUBMISSIONS;
  private static final int LIMIT_POLLS = 1_000;

  private int taken;

  @Test
  void shouldSendMoreThanOneCallTakesBeforeItIsPolled() throws IOException {
    if (!Transports.hasIoUring()) {
      return;
    }
    List<SocketChannel> peers = new ArrayList<>();
    try (ServerSocketChannel server = ServerSocketChannel.open();
        UringTransport transport = new UringTransport(listener(), SUBMISSIONS)) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      List<Wire> wires = new ArrayList<>();
      for (int i = 0; i < WIRES; i++) {
        wires.add(
            transport.connect(server.getLocalAddress(), channel -> {}, Duration.ofMinutes(1)));
        peers.add(server.accept());
      }
      for (Wire wire : wires) {
        wire.write(ByteBuffer.allocateDirect(1));
      }
      for (int i = 0; i < LIMIT_POLLS && taken < WIRES; i++) {
        transport.poll(100);
      }
      assertEquals(WIRES, taken);
      for (SocketChannel peer : peers) {
        assertEquals(1, peer.read(ByteBuffer.allocate(2)));
      }
    } finally {
      for (SocketChannel peer : peers) {
        peer.close();
      }
    }
  }

  private Transport.Listener listener() {
    return new Transport.Listener() {
      @Override
      public void onWritable(int index) {
        taken++;
      }

      @Override
      public void onReadable(int index) {}
    };
  }
}
