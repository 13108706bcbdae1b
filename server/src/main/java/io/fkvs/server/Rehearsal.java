package io.fkvs.server;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.command.CommandExecutor;
import io.fkvs.server.command.Counters;
import io.fkvs.server.command.Protocols;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.loop.Clients;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.server.loop.Dispatcher;
import io.fkvs.server.loop.EventLoop;
import io.fkvs.server.transport.Sockets;
import io.fkvs.server.transport.Transport;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
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
 * practised is all that is common: both protocols, alone and in pipelines of any depth, whole and
 * cut anywhere, on a table that grows, and all that a request may do to it.
 *
 * To practise accepting, it listens on a port of loopback that the system chooses. Only the clients
 * of its own are let in: whatever a stranger stored here would be lost.
 */

/**
 * A server without clients, on a table that is thrown away, and clients for it that send a bit of
 * everything, all on one thread: {@link WarmUp} says for how long.
 */
final class Rehearsal implements AutoCloseable {
  /** Requests in a pipeline: one, some, a batch less one, a batch, several batches. */
  private static final int[] DEPTHS = {1, 16, 64, 127, 128, 500};

  private static final int ANY_PORT = 0;

  /** Two of each protocol, so that a cycle has several to serve. */
  private static final int CONNECTIONS = 4;

  /** Grows in steps of all sizes up to the largest, and takes a blink to give back. */
  private static final long MAX_STORE_BYTES = 64 << 20;

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
  private final Counters counters = new Counters();
  private final List<RehearsalClient> clients = new ArrayList<>();
  private final Set<String> awaitedPeers = new HashSet<>();
  private final Store store;
  private final Transport transport;
  private final EventLoop loop;
  private final InetSocketAddress address;
  private final long maxKeys;
  private final int maxValueBytes;
  private long keys;
  private long asked;
  private int exchanges;
  private int rounds;

  /**
   * Opens the table and connects the clients.
   *
   * @param config how the server will run
   * @param table the table that it will run on
   * @throws IOException if the system has no sockets for it
   */
  Rehearsal(ServerConfig config, String table) throws IOException {
    long maxBytes = Math.min(config.maxMemoryBytes(), MAX_STORE_BYTES);
    maxKeys = Math.max(1, maxBytes / ENTRY_BYTES);
    maxValueBytes = Math.min(config.maxValueBytes(), RehearsalClient.MAX_VALUE_BYTES);
    CycleClock clock = new CycleClock(config.clock(), config.nanoClock());
    BufferPool pool = new BufferPool(config.maxClientMemoryBytes());
    Shortage shortage = new Shortage(pool);
    Protocols protocols = new Protocols(config.maxValueBytes(), pool);
    Clients served = Clients.ofRehearsal(2 * CONNECTIONS, awaitedPeers::remove, counters, clock);
    transport = Transports.open(config.transport(), pool).transport();
    store =
        Tables.open(
            table,
            StoreConfig.defaults()
                .withMaxBytes(maxBytes)
                .withMaxValueBytes(config.maxValueBytes())
                .withClock(clock));
    CommandExecutor executor = new CommandExecutor(store, counters, shortage, () -> "");
    Dispatcher dispatcher = new Dispatcher(store, executor, pool, shortage, clock, counters);
    loop = new EventLoop(transport, store, pool, dispatcher, served, protocols, clock, counters);
    transport.listener(loop);
    try {
      String loopback = InetAddress.getLoopbackAddress().getHostAddress();
      address = Sockets.listen(transport, loopback, ANY_PORT);
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(connect(i));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private RehearsalClient connect(int index) throws IOException {
    SocketChannel socket = SocketChannel.open(address);
    awaitedPeers.add(socket.getLocalAddress().toString());
    return new RehearsalClient(socket, index % 2 == 0);
  }

  /** Lets one client go and another come: that, too, has to be compiled. */
  private void reconnect() throws IOException {
    int index = rounds++ % CONNECTIONS;
    clients.get(index).close();
    clients.set(index, connect(index));
  }

  Counters counters() {
    return counters;
  }

  Transport transport() {
    return transport;
  }

  /** Where the clients connect, and nobody else is let in. */
  InetSocketAddress address() {
    return address;
  }

  /**
   * Has some ten thousand requests served.
   *
   * @throws IOException if it cannot go on
   */
  void round() throws IOException {
    reconnect();
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
    for (boolean isFirst = true; isFirst || counters.requests < asked; isFirst = false) {
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
            "requests are not served: asked=" + asked + ", served=" + counters.requests);
      }
    }
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
    switch (random.nextInt(12)) {
      case 0 -> client.ping();
      case 1 -> client.add(Command.DEL);
      case 2 -> client.add(Command.TTL);
      case 3 -> client.add(Command.PERSIST);
      case 4 -> client.expire();
      case 5 -> client.setWithDeadline(valueLength());
      case 6 -> client.set(valueLength());
      case 7 -> client.add(Command.GET);
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
