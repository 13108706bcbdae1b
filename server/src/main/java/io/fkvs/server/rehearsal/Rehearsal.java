package io.fkvs.server.rehearsal;

import io.fkvs.server.limits.Limits;
import io.fkvs.server.loop.Admission;
import io.fkvs.server.loop.EventLoop;
import io.fkvs.server.loop.LoopContext;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.Sockets;
import io.fkvs.server.transport.Transport;
import io.fkvs.store.Store;
import io.fkvs.wire.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/*
 * The JVM compiles what it has seen and undoes it when it sees something else. So everything here
 * is the server's own: event loop, transport and sockets, a table of the same name and bounds; a
 * stand-in for any of them would be a second class at places where the server has one. And what is
 * practised is all that is common: all protocols that will be spoken, alone and in pipelines of any
 * depth, whole and cut anywhere, on a table that grows, and all that a request may do to it.
 *
 * To practise accepting, it listens on a port of loopback that the system chooses. Only its own
 * clients are let in: what a stranger stored here would be lost.
 */

/**
 * An event loop as the server's, on a table that is thrown away, and clients for it that send a bit
 * of everything, all on one thread: {@link WarmUp} says for how long.
 */
public final class Rehearsal implements AutoCloseable {
  /** The table grows in steps of all sizes up to the largest, and is given back in no time. */
  public static final long MAX_STORE_BYTES = 64 << 20;

  /** Opens the event loop to practise on. */
  public interface Opener {
    /**
     * Opens a loop, for the rehearsal to close.
     *
     * @param admission who may connect
     */
    EventLoop open(Admission admission) throws IOException;
  }

  /**
   * What is practised beside what every server does.
   *
   * @param respListener the number of the listener for RESP, {@link Transport#MAIN_LISTENER} where
   *     there is none
   * @param isEncrypted whether TCP speaks TLS
   */
  public record Extras(int respListener, boolean isEncrypted) {
    private boolean hasResp() {
      return respListener != Transport.MAIN_LISTENER;
    }
  }

  /** Lets in the rehearsal's own clients, each once, and says nothing of them. */
  private static final class OwnClients implements Admission {
    private final Set<String> awaited = new HashSet<>();

    void await(SocketChannel client) throws IOException {
      awaited.add(client.getLocalAddress().toString());
    }

    @Override
    public boolean admit(Channel channel, LoopContext loop) {
      return awaited.remove(channel.peer());
    }
  }

  /** Requests in a pipeline: one, some, a batch less one, a batch, several batches. */
  private static final int[] DEPTHS = {1, 16, 64, 127, 128, 500};

  private static final int ANY_PORT = 0;

  /** How many speak each protocol, so that a cycle has several to serve. */
  private static final int CONNECTIONS_EACH = 2;

  /** What an entry takes at the most, on average, so that the table is never full. */
  private static final int ENTRY_BYTES = 512;

  /** Requests in a pipeline to the emptied table. */
  private static final int EMPTY_DEPTH = 16;

  /** Cycles of up to {@link Limits#TICK_MS} without any work before it is no use to go on. */
  private static final int MAX_IDLE_CYCLES = 20;

  /** The value of nearly all benchmarks; others are as long as these and more now and then. */
  private static final int VALUE_BYTES = 32;

  /** What the keys of numbers begin at: no other key gets there. */
  private static final long COUNTERS = 1L << 40;

  private static final int COUNTER_KEYS = 1 << 10;

  /** What one pipeline asks for. */
  private enum Theme {
    LOAD,
    OVERWRITE,
    READ,
    EVERYTHING
  }

  private final SplittableRandom random = new SplittableRandom(1);
  private final List<RehearsalClient> clients = new ArrayList<>();
  private final OwnClients ownClients = new OwnClients();
  private final EventLoop loop;
  private final Store store;
  private final InetSocketAddress address;

  /** Where to speak RESP, {@code null} for nowhere. */
  private final InetSocketAddress respAddress;

  private final Extras extras;
  private final long maxKeys;
  private final int maxValueBytes;
  private long keys;
  private long asked;
  private int exchanges;
  private int rounds;

  /**
   * Opens the loop and connects the clients.
   *
   * @param opener opens the loop
   * @param storeBytes how much memory its table may take
   * @param maxValueBytes the length of the longest value that its table takes
   * @param extras what else is practised
   * @throws IOException if the system has no sockets for it
   */
  public Rehearsal(Opener opener, long storeBytes, int maxValueBytes, Extras extras)
      throws IOException {
    this.extras = extras;
    maxKeys = Math.max(1, storeBytes / ENTRY_BYTES);
    this.maxValueBytes = Math.min(maxValueBytes, RehearsalClient.MAX_VALUE_BYTES);
    loop = opener.open(ownClients);
    store = loop.context().store();
    try {
      String loopback = InetAddress.getLoopbackAddress().getHostAddress();
      address = Sockets.listen(loop.transport(), loopback, ANY_PORT);
      respAddress =
          extras.hasResp()
              ? Sockets.listen(loop.transport(), loopback, ANY_PORT, extras.respListener())
              : null;
      List<RehearsalClient.Protocol> spoken =
          new ArrayList<>(
              List.of(RehearsalClient.Protocol.COMPACT, RehearsalClient.Protocol.CLASSIC));
      if (extras.hasResp()) {
        spoken.add(RehearsalClient.Protocol.RESP);
      }
      for (int i = 0; i < CONNECTIONS_EACH; i++) {
        for (RehearsalClient.Protocol protocol : spoken) {
          clients.add(connect(protocol));
        }
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private RehearsalClient connect(RehearsalClient.Protocol protocol) throws IOException {
    boolean isResp = protocol == RehearsalClient.Protocol.RESP;
    SocketChannel socket = SocketChannel.open(isResp ? respAddress : address);
    ownClients.await(socket);
    socket.configureBlocking(false);
    return new RehearsalClient(
        extras.isEncrypted() ? new EncryptedSocket(socket) : socket, protocol);
  }

  /** Lets one client go and another come: that, too, has to be compiled. */
  private void reconnect() throws IOException {
    int index = rounds % clients.size();
    clients.get(index).close();
    clients.set(index, connect(clients.get(index).protocol()));
  }

  /** What is practised on. */
  public EventLoop loop() {
    return loop;
  }

  /** Where the clients connect, and nobody else is let in. */
  public InetSocketAddress address() {
    return address;
  }

  /**
   * Has some ten thousand requests served.
   *
   * @throws IOException if it cannot go on
   */
  public void round() throws IOException {
    rounds++;
    if (rounds > 1) {
      reconnect();
    }
    if (Integer.bitCount(rounds) == 1 || keys >= maxKeys) {
      startOver();
    }
    for (int depth : DEPTHS) {
      for (Theme theme : Theme.values()) {
        ask(theme, depth);
      }
    }
  }

  /**
   * Empties the table, often at first: an empty one is searched in a way of its own, and code that
   * was compiled before that was seen gives up at the first request to the server's own table.
   */
  private void startOver() throws IOException {
    store.clear();
    keys = 0;
    ask(Theme.READ, EMPTY_DEPTH);
  }

  private void ask(Theme theme, int depth) throws IOException {
    for (RehearsalClient client : clients) {
      for (int i = 0; i < depth && client.hasRoom(); i++) {
        add(client, theme);
        asked++;
      }
    }
    exchange();
  }

  /** Sends what the clients have, a part of it first now and then, until all is served. */
  private void exchange() throws IOException {
    boolean isCut = ++exchanges % 4 == 0;
    int idleCycles = 0;
    for (boolean isFirst = true; isFirst || servedRequests() < asked; isFirst = false) {
      for (RehearsalClient client : clients) {
        client.send(
            isFirst && isCut ? random.nextInt(client.unsentBytes() + 1) : Integer.MAX_VALUE);
      }
      idleCycles = loop.doWork() == 0 ? idleCycles + 1 : 0;
      for (RehearsalClient client : clients) {
        client.drain();
      }
      if (idleCycles > MAX_IDLE_CYCLES) {
        throw new IOException(
            "requests are not served: asked=" + asked + ", served=" + servedRequests());
      }
    }
  }

  private long servedRequests() {
    return loop.context().requestCounters().requests;
  }

  private void add(RehearsalClient client, Theme theme) {
    switch (theme) {
      case LOAD -> {
        client.key(keys++);
        client.set(valueLength());
      }
      case OVERWRITE -> {
        client.key(someKey());
        client.set(valueLength());
      }
      case READ -> {
        client.key(random.nextInt(8) == 0 ? -1 - someKey() : someKey());
        client.add(Command.GET);
      }
      case EVERYTHING -> addAnything(client);
    }
  }

  private void addAnything(RehearsalClient client) {
    client.key(someKey());
    switch (random.nextInt(13)) {
      case 0 -> client.ping();
      case 1 -> client.add(Command.DEL);
      case 2 -> client.add(Command.TTL);
      case 3 -> client.add(Command.PERSIST);
      case 4 -> client.expire();
      case 5 -> client.setWithDeadline(valueLength());
      case 6 -> client.set(valueLength());
      case 7 -> client.add(Command.GET);
      case 8 -> client.getMany();
      default -> addNumber(client);
    }
  }

  private void addNumber(RehearsalClient client) {
    client.key(COUNTERS + random.nextInt(COUNTER_KEYS));
    switch (random.nextInt(4)) {
      case 0 -> client.add(Command.DECR);
      case 1 -> client.addAmount(Command.INCRBY);
      case 2 -> client.addAmount(Command.DECRBY);
      default -> client.add(Command.INCR);
    }
  }

  private long someKey() {
    return random.nextLong(Math.max(1, keys));
  }

  private int valueLength() {
    int length =
        switch (random.nextInt(256)) {
          case 0 -> random.nextInt(RehearsalClient.MAX_VALUE_BYTES);
          case 1, 2, 3, 4, 5, 6, 7, 8 -> random.nextInt(2 * VALUE_BYTES);
          default -> VALUE_BYTES;
        };
    return Math.min(length, maxValueBytes);
  }

  /** Closes the clients and gives everything back. */
  @Override
  public void close() {
    clients.forEach(RehearsalClient::close);
    loop.onClose();
  }
}
