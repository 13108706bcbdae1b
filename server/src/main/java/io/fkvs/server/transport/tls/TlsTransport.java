package io.fkvs.server.transport.tls;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * A transport whose TCP clients speak TLS. Another one moves the bytes; this one stands between it
 * and the event loop. Unix sockets stay plain: what goes over them does not leave the machine.
 */
public final class TlsTransport implements Transport {
  /** Room for a cycle's plaintext, or for its ciphertext and a record that had come in part. */
  private static final int BUFFER_BYTES = 2 * Limits.ARRIVALS_BYTES;

  private final Transport sockets;
  private final TlsRules rules;
  private final BufferPool pool;
  private final LongSupplier nanoClock;
  private final HandshakeTasks tasks;

  /** Channels in the order in which they began; some have got further or have gone. */
  private final ArrayDeque<TlsChannel> handshakes = new ArrayDeque<>();

  private final ArrayDeque<TlsChannel> closings = new ArrayDeque<>();
  private Listener listener;
  private Plaintext plaintext;
  private Buffer input;
  private boolean isClosed;

  /**
   * Stands in front of a transport.
   *
   * @param sockets moves the bytes, for this one to close
   * @param pool lends the memory for records and plaintext
   * @param nanoClock a monotonic clock, for the limits of time
   */
  public TlsTransport(Transport sockets, TlsRules rules, BufferPool pool, LongSupplier nanoClock) {
    this.sockets = sockets;
    this.rules = rules;
    this.pool = pool;
    this.nanoClock = nanoClock;
    tasks = new HandshakeTasks(sockets::wakeUp);
  }

  @Override
  public void listener(Listener listener) {
    this.listener = listener;
    sockets.listener(new SocketListener());
  }

  /** What happens on the sockets. */
  private final class SocketListener implements Listener {
    @Override
    public void onEvents() {
      listener.onEvents();
    }

    @Override
    public Channel.Handler onAccepted(Channel socket) {
      return socket.isUnix() ? listener.onAccepted(socket) : accept(socket);
    }

    @Override
    public void onVanished() {
      listener.onVanished();
    }

    @Override
    public void onDelivered() {
      TlsTransport.this.onDelivered();
    }
  }

  private SSLEngine engine() {
    try {
      return rules.engine();
    } catch (SSLException e) { // it was tried when the server started
      throw new IllegalStateException("no TLS engine", e);
    }
  }

  private Channel.Handler accept(Channel socket) {
    TlsChannel channel = new TlsChannel(this, socket, engine(), nanoClock.getAsLong());
    Channel.Handler handler = listener.onAccepted(channel);
    if (handler == null) {
      return null;
    }
    channel.handler(handler);
    handshakes.add(channel);
    return channel;
  }

  @Override
  public SocketAddress listen(SocketAddress address, int listener) throws IOException {
    return sockets.listen(address, listener);
  }

  /** The others are those that stand behind transports as this one. */
  @Override
  public void dealTo(Supplier<Transport> next) {
    sockets.dealTo(next);
  }

  @Override
  public int poll(long timeoutMs) throws IOException {
    if (plaintext == null) {
      plaintext = new Plaintext(pool.take(BUFFER_BYTES));
      input = pool.take(BUFFER_BYTES);
    }
    plaintext.clear();
    int events = goOn();
    events += sockets.poll(events > 0 ? 0 : timeoutMs);
    expire(nanoClock.getAsLong());
    return events;
  }

  /** Goes on with the channels whose engines have computed. */
  private int goOn() {
    int count = 0;
    for (TlsChannel channel = tasks.poll(); channel != null; channel = tasks.poll()) {
      listener.onEvents();
      channel.onComputed();
      count++;
    }
    return count;
  }

  private void expire(long nowNs) {
    while (!handshakes.isEmpty()
        && (!handshakes.peek().isInHandshake()
            || hasPassed(handshakes.peek(), Limits.TLS_HANDSHAKE_MS, nowNs))) {
      TlsChannel first = handshakes.poll();
      if (first.isInHandshake()) {
        listener.onEvents();
        first.onHandshakeTimeout();
      }
    }
    while (!closings.isEmpty()
        && (!closings.peek().isClosing()
            || hasPassed(closings.peek(), Limits.TLS_CLOSE_MS, nowNs))) {
      closings.poll().closeSocket();
    }
  }

  private static boolean hasPassed(TlsChannel channel, long timeMs, long nowNs) {
    return nowNs - channel.sinceNs() >= TimeUnit.MILLISECONDS.toNanos(timeMs);
  }

  @Override
  public void stopAccepting() {
    sockets.stopAccepting();
  }

  @Override
  public void wakeUp() {
    sockets.wakeUp();
  }

  @Override
  public String name() {
    return sockets.name();
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    sockets.close();
    tasks.close();
    closings.forEach(TlsChannel::closeSocket);
    closings.clear();
    if (plaintext != null) {
      pool.give(plaintext.buffer());
      pool.give(input);
    }
  }

  // ---- what channels need

  BufferPool pool() {
    return pool;
  }

  Plaintext plaintext() {
    return plaintext;
  }

  /** An empty buffer for so many bytes of ciphertext: the one of all, unless they are very many. */
  Buffer takeInput(int bytes) {
    if (bytes > BUFFER_BYTES) {
      return pool.takeUnasked(bytes);
    }
    input.start = 0;
    input.end = 0;
    return input;
  }

  void giveInput(Buffer buffer) {
    if (buffer != input) {
      pool.give(buffer);
    }
  }

  /** Has the event loop carry out what was delivered, so that its memory can be used again. */
  void onDelivered() {
    listener.onDelivered();
    plaintext.clear();
  }

  void compute(TlsChannel channel, SSLEngine engine) {
    tasks.run(channel, engine);
  }

  /** A channel has last records to send; answers the time. */
  long closing(TlsChannel channel) {
    closings.add(channel);
    return nanoClock.getAsLong();
  }
}
