package io.fkvs.server.loop;

import static io.fkvs.server.Compacts.OK;
import static io.fkvs.server.Compacts.SWITCH;
import static io.fkvs.server.Compacts.request;
import static io.fkvs.server.Compacts.set;
import static io.fkvs.server.Frames.concat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Compacts;
import io.fkvs.server.Frames;
import io.fkvs.server.TestServers;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.command.CycleBudget;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.Transport;
import io.fkvs.server.transport.nio.NioTransport;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bytes that one cycle moves are bounded, and those it has no room for come next. */
class CycleBudgetTest {
  private static final int LARGE = 1 << 20;
  private static final int CLIENTS = 60;

  private final TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst());

  @AfterEach
  void close() {
    dispatch.close();
    assertEquals(0, dispatch.pool.lentBytes());
  }

  private List<ScriptedChannel> connectMany(List<Connection> connections) {
    List<ScriptedChannel> channels = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      ScriptedChannel channel = new ScriptedChannel();
      channels.add(channel);
      connections.add(dispatch.connect(channel));
      dispatch.receive(connections.getLast(), SWITCH);
    }
    return channels;
  }

  private void cycle() {
    dispatch.dispatcher.beginCycle();
    dispatch.dispatcher.resume();
    dispatch.dispatcher.settle();
  }

  @Test
  void shouldServeAndSendABoundedNumberOfBytesWhenManyAskForLargeValues() {
    dispatch.store.put(Frames.ascii("k"), new byte[LARGE]);
    List<Connection> connections = new ArrayList<>();
    List<ScriptedChannel> channels = connectMany(connections);
    dispatch.dispatcher.beginCycle();
    for (Connection connection : connections) {
      dispatch.deliver(connection, Frames.repeat(request(Frames.GET, "k"), 3));
    }
    dispatch.dispatcher.settle();
    dispatch.goOn();

    CycleBudget budget = dispatch.dispatcher.budget();
    int valueBytes = Compacts.value(new byte[LARGE]).length;
    for (ScriptedChannel channel : channels) {
      assertEquals(SWITCH.length + 3 * valueBytes, channel.sent().length);
    }
    assertTrue(
        budget.mostServedBytes() < Limits.CYCLE_BYTES + valueBytes,
        "served=" + budget.mostServedBytes());
    assertTrue(
        budget.mostSentBytes()
            < Limits.CYCLE_BYTES
                + Limits.SEND_SHARE_BYTES
                + CLIENTS * (long) Limits.SMALL_OUTPUT_BYTES,
        "sent=" + budget.mostSentBytes());
  }

  @Test
  void shouldStoreABoundedNumberOfBytesWhenManyLargeValuesAreCompleteAtOnce() {
    List<Connection> connections = new ArrayList<>();
    List<ScriptedChannel> channels = connectMany(connections);
    dispatch.dispatcher.beginCycle();
    for (Connection connection : connections) {
      dispatch.deliver(connection, set("k", new byte[LARGE]));
    }
    dispatch.dispatcher.settle();
    dispatch.goOn();

    for (ScriptedChannel channel : channels) {
      assertEquals(SWITCH.length + OK.length, channel.sent().length);
    }
    long mostBytes = dispatch.dispatcher.budget().mostServedBytes();
    assertTrue(mostBytes < Limits.CYCLE_BYTES + LARGE + OK.length, "served=" + mostBytes);
  }

  /** Whoever asks first has the first turn, and then all the others have theirs. */
  @Test
  void shouldServeEachOnceBeforeOneIsServedAgain() {
    dispatch.store.put(Frames.ascii("k"), new byte[LARGE]);
    List<Connection> connections = new ArrayList<>();
    List<ScriptedChannel> channels = connectMany(connections);
    channels.forEach(channel -> channel.room(0));
    dispatch.dispatcher.beginCycle();
    for (Connection connection : connections) {
      dispatch.deliver(connection, Frames.repeat(request(Frames.GET, "k"), 3));
    }
    dispatch.dispatcher.settle();
    int cycles = 1;
    while (connections.stream().anyMatch(connection -> connection.output().length() == 0)) {
      cycle();
      cycles++;
    }

    int cyclesForAll = CLIENTS * LARGE / Limits.CYCLE_BYTES;
    assertTrue(cycles <= cyclesForAll + 1, "cycles=" + cycles);
    channels.forEach(channel -> channel.grant(Long.MAX_VALUE / 2));
    dispatch.goOn();
  }

  @Test
  void shouldAnswerASmallRequestInTheNextCycleWhenThisOneIsFull() {
    dispatch.store.put(Frames.ascii("k"), new byte[LARGE]);
    List<Connection> connections = new ArrayList<>();
    connectMany(connections);
    ScriptedChannel channel = new ScriptedChannel();
    Connection small = dispatch.connect(channel);
    dispatch.dispatcher.beginCycle();
    for (Connection connection : connections) {
      dispatch.deliver(connection, Frames.repeat(request(Frames.GET, "k"), 100));
    }
    dispatch.dispatcher.settle();
    dispatch.dispatcher.beginCycle();
    dispatch.dispatcher.resume();
    dispatch.deliver(small, Frames.request(Frames.PING, "x"));
    dispatch.dispatcher.settle();
    int cycles = 1;
    while (channel.sent().length == 0) {
      cycle();
      cycles++;
    }

    assertTrue(cycles <= 2 + CLIENTS * LARGE / Limits.CYCLE_BYTES, "cycles=" + cycles);
    dispatch.clients.close();
  }

  /** The large value is received into memory that is taken once and never copied. */
  @Test
  void shouldTakeTheMemoryOfALargeRequestOnce() {
    ScriptedChannel channel = new ScriptedChannel();
    Connection connection = dispatch.connect(channel);
    byte[] stream = concat(SWITCH, set("k", new byte[8 * LARGE]));
    long freshBytes = dispatch.pool.freshBytes();
    for (int i = 0; i < stream.length; i += Limits.READ_SHARE_BYTES) {
      int end = Math.min(stream.length, i + Limits.READ_SHARE_BYTES);
      dispatch.receive(connection, java.util.Arrays.copyOfRange(stream, i, end));
    }

    assertEquals(SWITCH.length + OK.length, channel.sent().length);
    long tookBytes = dispatch.pool.freshBytes() - freshBytes;
    assertTrue(tookBytes <= 9 * LARGE + 4 * Limits.READ_SHARE_BYTES, "took=" + tookBytes);
  }

  // ---- the transport

  /** Counts what it receives in a poll, from whom. */
  private static final class CountingListener implements Transport.Listener {
    private final Set<Channel> receivers = new HashSet<>();
    private long bytes;
    private int accepted;

    @Override
    public void onEvents() {}

    @Override
    public Channel.Handler onAccepted(Channel channel) {
      accepted++;
      return new Channel.Handler() {
        @Override
        public void onReceived(MemorySegment memory, long offset, int length) {
          bytes += length;
          receivers.add(channel);
        }

        @Override
        public void onSent(int length) {}

        @Override
        public void onEnd() {}

        @Override
        public void onBroken(Exception cause) {}
      };
    }

    @Override
    public void onDelivered() {}
  }

  @Test
  void shouldReceiveABoundedNumberOfBytesInAPollAndFromEverybodyInTurn() throws IOException {
    int clients = 3 * Limits.CYCLE_BYTES / Limits.READ_SHARE_BYTES;
    CountingListener listener = new CountingListener();
    List<SocketChannel> sockets = new ArrayList<>();
    try (NioTransport transport = new NioTransport(new BufferPool(TestDispatch.MAX_CLIENT_BYTES))) {
      transport.listener(listener);
      SocketAddress address =
          transport.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (int i = 0; i < clients; i++) {
        SocketChannel socket = SocketChannel.open(address);
        socket.configureBlocking(false);
        sockets.add(socket);
        offer(socket);
      }
      while (listener.accepted < clients) {
        transport.poll(1);
      }
      sockets.forEach(CycleBudgetTest::offer);
      listener.receivers.clear();
      long polls = 0;
      while (listener.receivers.size() < clients && polls < clients) {
        listener.bytes = 0;
        transport.poll(1);
        polls++;
        long mostBytes = Limits.CYCLE_BYTES + Limits.READ_SHARE_BYTES;
        assertTrue(listener.bytes <= mostBytes, "bytes=" + listener.bytes);
        sockets.forEach(CycleBudgetTest::offer);
      }
      assertEquals(clients, listener.receivers.size());
    } finally {
      for (SocketChannel socket : sockets) {
        socket.close();
      }
    }
  }

  private static void offer(SocketChannel socket) {
    try {
      socket.write(ByteBuffer.allocate(2 * Limits.READ_SHARE_BYTES));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
