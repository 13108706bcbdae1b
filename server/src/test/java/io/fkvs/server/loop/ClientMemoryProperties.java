package io.fkvs.server.loop;

import static io.fkvs.server.Compacts.OK;
import static io.fkvs.server.Compacts.SWITCH;
import static io.fkvs.server.Compacts.request;
import static io.fkvs.server.Compacts.set;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Compacts;
import io.fkvs.server.Frames;
import io.fkvs.server.TestServers;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.limits.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Many clients that send parts of large values, and read little or nothing of large replies: the
 * memory that all hold stays in its bound, and nobody waits for ever.
 */
class ClientMemoryProperties {
  private static final long BOUND = 12L << 20;
  private static final int LARGE = 2 << 20;
  private static final int CLIENTS = 40;
  private static final int STEPS = 600;
  private static final int PIECE = Limits.READ_SHARE_BYTES;
  private static final byte[] PING = request(Frames.PING, new byte[0][]);

  /** A client that keeps to what the channel says: it sends only while the server receives. */
  private static final class Client {
    private final ScriptedChannel channel = new ScriptedChannel();
    private final Connection connection;
    private byte[] toSend = SWITCH;
    private int sent;
    private long expectedBytes = SWITCH.length;

    Client(TestDispatch dispatch) {
      channel.room(0);
      connection = dispatch.connect(channel);
    }

    boolean isGone() {
      return channel.isClosed();
    }

    void ask(byte[] request, long replyBytes) {
      if (sent == toSend.length) {
        toSend = request;
        sent = 0;
        expectedBytes += replyBytes;
      }
    }

    boolean hasToSend() {
      return !isGone() && channel.isReceiving() && sent < toSend.length;
    }

    void sendPiece(TestDispatch dispatch, int most) {
      int end = Math.min(toSend.length, sent + most);
      byte[] piece = Arrays.copyOfRange(toSend, sent, end);
      sent = end;
      dispatch.receive(connection, piece);
    }
  }

  private long mostBytes;

  private void check(TestDispatch dispatch) {
    long bytes = dispatch.pool.lentBytes() + dispatch.pool.pooledBytes();
    mostBytes = Math.max(mostBytes, bytes);
    assertTrue(bytes <= BOUND, "bytes=" + bytes);
  }

  @Property(tries = 12, shrinking = ShrinkingMode.OFF)
  void shouldKeepTheBoundAndServeOrDropEverybody(@ForAll long seed) {
    Random random = new Random(seed);
    BufferPool pool = new BufferPool(BOUND);
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst(), pool)) {
      dispatch.store.put(Frames.ascii("large"), new byte[LARGE]);
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(dispatch));
      }
      for (int i = 0; i < STEPS; i++) {
        step(dispatch, clients.get(random.nextInt(CLIENTS)), random);
        dispatch.goOn();
        check(dispatch);
      }
      letAllFinish(dispatch, clients);
      for (Client client : clients) {
        if (!client.isGone()) {
          assertEquals(client.expectedBytes, client.channel.sent().length);
        }
      }
      assertEquals(0, pool.lentBytes());
    }
  }

  private static void step(TestDispatch dispatch, Client client, Random random) {
    if (client.isGone()) {
      return;
    }
    switch (random.nextInt(8)) {
      case 0 -> client.ask(set("k", new byte[LARGE]), OK.length);
      case 1 -> client.ask(request(Frames.GET, "large"), Compacts.value(new byte[LARGE]).length);
      case 2 -> client.ask(Frames.repeat(PING, 500), 500);
      case 3 -> client.channel.grant(random.nextInt(LARGE));
      case 4 -> dispatch.pass(random.nextInt(100));
      default -> {
        for (int i = random.nextInt(40); i > 0 && client.hasToSend(); i--) {
          client.sendPiece(dispatch, 1 + random.nextInt(PIECE));
        }
      }
    }
  }

  /** All read what they get and send what is left; whoever is stuck is dropped in the end. */
  private void letAllFinish(TestDispatch dispatch, List<Client> clients) {
    clients.forEach(
        client -> {
          if (!client.isGone()) {
            client.channel.grant(Long.MAX_VALUE / 2);
          }
        });
    boolean hasMoved = true;
    while (hasMoved) {
      dispatch.goOn();
      hasMoved = false;
      for (Client client : clients) {
        if (client.hasToSend()) {
          client.sendPiece(dispatch, PIECE);
          dispatch.goOn();
          hasMoved = true;
        }
        check(dispatch);
      }
    }
    for (Client client : clients) {
      assertTrue(client.isGone() || client.sent == client.toSend.length, "a client waits for ever");
    }
  }

  /** Nobody sends the rest, so nobody could go on. */
  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void shouldDropThoseWhoHoldMostUntilTheOthersAreServed(@ForAll long seed) {
    Random random = new Random(seed);
    BufferPool pool = new BufferPool(BOUND);
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst(), pool)) {
      List<Client> hogs = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        Client hog = new Client(dispatch);
        hog.channel.room(Long.MAX_VALUE / 2);
        hog.sendPiece(dispatch, PIECE);
        hog.ask(set("k", new byte[LARGE]), OK.length);
        hog.sendPiece(dispatch, 1 + random.nextInt(PIECE));
        while (hog.channel.isReceiving() && hog.sent < LARGE / 2) {
          hog.sendPiece(dispatch, PIECE);
        }
        check(dispatch);
        hogs.add(hog);
      }
      Client last = hogs.getLast();
      assertTrue(!last.channel.isReceiving(), "the last one has memory");
      Client small = new Client(dispatch);
      small.channel.room(Long.MAX_VALUE / 2);
      int asked = 0;
      while (last.sent < last.toSend.length) {
        small.toSend = asked == 0 ? SWITCH : PING;
        small.sent = 0;
        small.sendPiece(dispatch, PIECE);
        asked++;
        assertEquals(SWITCH.length + asked - 1, small.channel.sent().length, "small is held back");
        if (last.hasToSend()) {
          last.sendPiece(dispatch, PIECE);
        }
        dispatch.goOn();
        dispatch.pass(100);
        check(dispatch);
        assertTrue(!last.isGone(), "the last one was dropped");
      }

      assertArrayEquals(Frames.concat(SWITCH, OK), last.channel.sent());
      assertTrue(dispatch.counters.droppedConnections < CLIENTS);
    }
  }
}
