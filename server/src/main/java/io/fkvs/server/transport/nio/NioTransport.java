package io.fkvs.server.transport.nio;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Handovers;
import io.fkvs.server.transport.Sockets;
import io.fkvs.server.transport.Transport;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The transport of {@code java.nio}: a selector over TCP and Unix sockets. All channels read into
 * one buffer, one after another, so that the bytes of a whole cycle lie close together and a quiet
 * connection needs no memory.
 */
public final class NioTransport implements Transport {
  static final String NAME = "nio";

  private static final Logger LOGGER = System.getLogger(NioTransport.class.getName());

  /** How long to leave waiting clients alone after the system refused to accept one. */
  private static final long ACCEPT_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Selector selector;
  private final List<SelectionKey> listening = new ArrayList<>();
  private final Consumer<SelectionKey> onReady = this::onReady;
  private final BufferPool pool;

  /** The channels that had events when the cycle had moved enough, in the order of the events. */
  private final ArrayDeque<NioChannel> deferred = new ArrayDeque<>();

  private final Handovers<SocketChannel> handovers =
      new Handovers<>(this::open, Sockets::closeQuietly);

  private Supplier<Transport> next = () -> this;
  private Listener listener;
  private Buffer arrivals;
  private int events;
  private long movedBytes;
  private long freshBytesBefore;
  private boolean isAcceptPaused;
  private long acceptPausedSinceNs;

  /**
   * Opens the selector.
   *
   * @param pool lends the memory to receive into
   */
  public NioTransport(BufferPool pool) throws IOException {
    this.pool = pool;
    selector = Selector.open();
  }

  @Override
  public void listener(Listener listener) {
    this.listener = listener;
  }

  @Override
  public SocketAddress listen(SocketAddress address, int listener) throws IOException {
    ServerSocketChannel server = open(address);
    try {
      server.bind(address, Limits.ACCEPT_BACKLOG);
      server.configureBlocking(false);
      listening.add(server.register(selector, SelectionKey.OP_ACCEPT, listener));
      return server.getLocalAddress();
    } catch (IOException e) {
      Sockets.closeQuietly(server);
      throw e;
    }
  }

  /** A socket that is to take all of IPv6 takes IPv4 as well, where the system has both. */
  private static ServerSocketChannel open(SocketAddress address) throws IOException {
    if (address instanceof InetSocketAddress tcp) {
      return tcp.getAddress() instanceof Inet4Address
          ? ServerSocketChannel.open(StandardProtocolFamily.INET)
          : ServerSocketChannel.open();
    }
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
  }

  @Override
  public void dealTo(Supplier<Transport> next) {
    this.next = next;
  }

  @Override
  public int poll(long timeoutMs) throws IOException {
    if (arrivals == null) {
      arrivals = pool.take(Limits.ARRIVALS_BYTES);
    }
    arrivals.end = 0;
    events = 0;
    movedBytes = 0;
    freshBytesBefore = pool.freshBytes();
    for (int i = deferred.size(); i > 0 && !hasMovedEnough(); i--) {
      onEvent();
      deferred.poll().onTurn(this);
    }
    handovers.takeAll();
    if (timeoutMs == 0 || events > 0 || !deferred.isEmpty()) {
      selector.selectNow(onReady);
    } else {
      selector.select(onReady, timeoutMs);
    }
    if (isAcceptPaused) {
      resumeAccepting();
    }
    return events;
  }

  private void onReady(SelectionKey key) {
    onEvent();
    if (!(key.attachment() instanceof NioChannel channel)) {
      accept((ServerSocketChannel) key.channel(), (Integer) key.attachment());
    } else if (!hasMovedEnough()) {
      channel.onReady(this);
    } else if (channel.defer()) {
      deferred.add(channel);
    }
  }

  private void onEvent() {
    if (events == 0) {
      listener.onEvents();
    }
    events++;
  }

  /**
   * Says whether the rest is for the next poll. Memory that was taken from the system counts as
   * well: clearing it takes as long as moving bytes.
   */
  private boolean hasMovedEnough() {
    return movedBytes + pool.freshBytes() - freshBytesBefore >= Limits.CYCLE_BYTES;
  }

  /** Counts bytes that a channel received, or sent of what had waited. */
  void moved(int bytes) {
    movedBytes += bytes;
  }

  /** The memory to receive into, with room for a connection's share. */
  Buffer arrivals() {
    if (arrivals.room() < Limits.READ_SHARE_BYTES) {
      listener.onDelivered();
      arrivals.end = 0;
    }
    return arrivals;
  }

  private void accept(ServerSocketChannel server, int number) {
    try {
      for (int i = 0; i < Limits.ACCEPTS_PER_CYCLE; i++) {
        SocketChannel socket = server.accept();
        if (socket == null) {
          return;
        }
        serve((NioTransport) next.get(), socket, number);
      }
    } catch (IOException | OutOfMemoryError e) {
      LOGGER.log(Level.ERROR, "cannot accept clients, trying again in a second: cause=" + e);
      isAcceptPaused = true;
      acceptPausedSinceNs = System.nanoTime();
      interest(0);
    }
  }

  private void serve(NioTransport chosen, SocketChannel socket, int number) {
    if (chosen == this) {
      NioChannel.open(socket, selector, number, listener);
    } else {
      chosen.handovers.add(socket, number);
      chosen.wakeUp();
    }
  }

  /** Opens a channel on a socket that another transport has accepted. */
  private void open(SocketChannel socket, int number) {
    onEvent();
    NioChannel.open(socket, selector, number, listener);
  }

  private void resumeAccepting() {
    if (System.nanoTime() - acceptPausedSinceNs >= ACCEPT_PAUSE_NS) {
      isAcceptPaused = false;
      interest(SelectionKey.OP_ACCEPT);
    }
  }

  private void interest(int operations) {
    for (SelectionKey key : listening) {
      key.interestOps(operations);
    }
  }

  @Override
  public void stopAccepting() {
    isAcceptPaused = false;
    for (SelectionKey key : listening) {
      Sockets.closeQuietly(key.channel());
    }
    listening.clear();
  }

  @Override
  public void wakeUp() {
    selector.wakeup();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void close() {
    stopAccepting();
    handovers.close();
    if (selector.isOpen()) {
      for (SelectionKey key : selector.keys()) {
        Sockets.closeQuietly(key.channel());
      }
      Sockets.closeQuietly(selector);
    }
    if (arrivals != null) {
      pool.give(arrivals);
      arrivals = null;
    }
  }
}
