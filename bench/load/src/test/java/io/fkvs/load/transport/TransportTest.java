package io.fkvs.load.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wires against peers that send much, read late, leave early or break off. */
@ParameterizedClass
@MethodSource("io.fkvs.load.transport.Transports#present")
class TransportTest {
  private static final int MUCH = 3_000_000;
  private static final int TICK_MS = 100;
  private static final int LIMIT_POLLS = 100_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Transport.Greeting NONE = channel -> {};

  @Parameter private TransportKind kind;
  @TempDir private Path folder;

  /** Reads all that comes on each wire, checks it, and goes on with what is to be written. */
  private final class Client implements Transport.Listener, AutoCloseable {
    private final Transport transport;
    private final List<Wire> wires = new ArrayList<>();
    private final List<ByteBuffer> requests = new ArrayList<>();
    private final List<Integer> received = new ArrayList<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(5_000);
    private final BitSet ended = new BitSet();

    Client() throws IOException {
      transport = kind.open(this);
    }

    void connect(SocketAddress address, int requestBytes) throws IOException {
      wires.add(transport.connect(address, NONE, PATIENCE));
      ByteBuffer request = ByteBuffer.allocateDirect(requestBytes);
      for (int i = 0; i < requestBytes; i++) {
        request.put(pattern(i));
      }
      requests.add(request.flip());
      received.add(0);
    }

    @Override
    public void onWritable(int index) throws IOException {
      if (requests.get(index).hasRemaining()) {
        wires.get(index).write(requests.get(index));
      }
    }

    @Override
    public void onReadable(int index) throws IOException {
      int length = wires.get(index).read(in.clear());
      if (length < 0) {
        ended.set(index);
        return;
      }
      for (int i = 0; i < length; i++) {
        assertEquals(pattern(received.get(index) + i), in.get(i));
      }
      received.set(index, received.get(index) + length);
    }

    /** Polls until each wire has received so much and sent all. */
    void exchange(int bytes) throws IOException {
      for (int i = 0; i < LIMIT_POLLS && !isDone(bytes); i++) {
        transport.poll(i % 2 == 0 ? TICK_MS : 0);
      }
      assertEquals(List.of(), received.stream().filter(count -> count != bytes).toList());
      assertFalse(requests.stream().anyMatch(ByteBuffer::hasRemaining));
    }

    private boolean isDone(int bytes) {
      return received.stream().allMatch(count -> count == bytes)
          && requests.stream().noneMatch(ByteBuffer::hasRemaining);
    }

    @Override
    public void close() throws IOException {
      transport.close();
    }
  }

  private static byte pattern(int position) {
    return (byte) (position * 0x9E3779B9 >>> 24);
  }

  private ServerSocketChannel listen(String family) throws IOException {
    boolean isUnix = family.equals("unix");
    return isUnix
        ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(folder.resolve("socket")))
        : ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private static CompletableFuture<Void> inBackground(Peer peer) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            peer.run();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  private interface Peer {
    void run() throws IOException;
  }

  private static void send(SocketChannel channel, int bytes) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(bytes);
    for (int i = 0; i < bytes; i++) {
      all.put(pattern(i));
    }
    all.flip();
    while (all.hasRemaining()) {
      channel.write(all);
    }
  }

  private static void readAndCheck(SocketChannel channel, int bytes) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(bytes);
    while (all.hasRemaining() && channel.read(all) >= 0) {
      Thread.onSpinWait();
    }
    for (int i = 0; i < bytes; i++) {
      assertEquals(pattern(i), all.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void shouldReceiveAllInOrderWhenManySendMoreThanAPollTakes(String family) throws IOException {
    try (var listener = listen(family);
        var client = new Client()) {
      List<CompletableFuture<Void>> peers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        client.connect(listener.getLocalAddress(), 0);
        SocketChannel peer = listener.accept();
        peers.add(inBackground(() -> send(peer, MUCH)));
      }
      client.exchange(MUCH);
      peers.forEach(CompletableFuture::join);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void shouldSendAllInOrderWhenThePeerReadsLate(String family) throws IOException {
    try (var listener = listen(family);
        var client = new Client()) {
      client.connect(listener.getLocalAddress(), 10 * MUCH);
      SocketChannel peer = listener.accept();
      client.transport.poll(0);
      client.onWritable(0);
      for (int i = 0; i < 10; i++) {
        client.transport.poll(1); // as much as fits is on its way, and nobody reads
      }
      var reading =
          inBackground(
              () -> {
                readAndCheck(peer, 10 * MUCH);
                send(peer, 1);
              });
      client.exchange(1);
      reading.join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void shouldTellOfTheEndWhenItComesRightBehindBytes(String family) throws IOException {
    int rounds = 100;
    try (var listener = listen(family);
        var client = new Client()) {
      List<SocketChannel> channels = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        client.connect(listener.getLocalAddress(), 0);
        channels.add(listener.accept());
      }
      var peer =
          inBackground(
              () -> {
                for (SocketChannel channel : channels) {
                  send(channel, 3);
                  channel.close();
                }
              });
      for (int i = 0; i < LIMIT_POLLS && client.ended.cardinality() < rounds; i++) {
        client.transport.poll(TICK_MS);
      }
      peer.join();
      client.exchange(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_000})
  void shouldFailWhenThePeerBreaksOff(int bytes) throws IOException {
    try (var listener = listen("tcp");
        var client = new Client()) {
      client.connect(listener.getLocalAddress(), bytes);
      SocketChannel peer = listener.accept();
      client.transport.poll(0);
      peer.setOption(StandardSocketOptions.SO_LINGER, 0);
      peer.close();
      assertThrows(
          IOException.class,
          () -> {
            client.onWritable(0);
            for (int i = 0; i < LIMIT_POLLS; i++) {
              client.transport.poll(TICK_MS);
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 20})
  void shouldTellOfNothingWhenNothingHappens(long timeoutMs) throws IOException {
    try (var listener = listen("tcp");
        var client = new Client()) {
      client.connect(listener.getLocalAddress(), 0);
      for (int i = 0; i < 3; i++) {
        assertEquals(0, client.transport.poll(timeoutMs));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "unix"})
  void shouldEndTheConnectionWhenItCloses(String family) throws IOException {
    try (var listener = listen(family)) {
      SocketChannel peer;
      try (var client = new Client()) {
        client.connect(listener.getLocalAddress(), 0);
        peer = listener.accept();
        client.transport.poll(0);
      }
      assertEquals(-1, peer.read(ByteBuffer.allocate(1)));
    }
  }
}
