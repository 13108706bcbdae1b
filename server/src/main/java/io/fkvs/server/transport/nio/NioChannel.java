package io.fkvs.server.transport.nio;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.Sockets;
import io.fkvs.server.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** A socket of {@link NioTransport}. */
final class NioChannel implements Channel {
  private static final int END_OF_STREAM = -1;

  private final SocketChannel socket;
  private final String peer;
  private final boolean isLocal;
  private final boolean isUnix;
  private final int listener;
  private SelectionKey key;
  private Handler handler;
  private int interest = SelectionKey.OP_READ;
  private boolean isDeferred;

  /** The range that the socket did not take, while the interest is in writing. */
  private Buffer pending;

  private int pendingOffset;
  private int pendingLength;

  private NioChannel(SocketChannel socket, int listener) throws IOException {
    this.socket = socket;
    this.listener = listener;
    SocketAddress address = socket.getRemoteAddress();
    if (address instanceof InetSocketAddress) {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    peer = Sockets.text(address);
    isLocal = Sockets.isLocal(address);
    isUnix = !(address instanceof InetSocketAddress);
    socket.configureBlocking(false);
  }

  /** Takes a socket over, if the listener wants it. */
  static void open(
      SocketChannel socket, Selector selector, int number, Transport.Listener listener) {
    try {
      NioChannel channel = new NioChannel(socket, number);
      channel.key = socket.register(selector, SelectionKey.OP_READ, channel);
      channel.handler = listener.onAccepted(channel);
      if (channel.handler == null) {
        channel.close();
      }
    } catch (IOException e) { // the client has gone already
      Sockets.closeQuietly(socket);
      listener.onVanished();
    } catch (OutOfMemoryError e) { // on the heap
      Sockets.closeQuietly(socket);
      throw e;
    }
  }

  /** Puts the event off to the next poll, and says whether it was not put off already. */
  boolean defer() {
    boolean wasDeferred = isDeferred;
    isDeferred = true;
    return !wasDeferred;
  }

  /** The turn has come of a channel that was put off: it looks what the socket does by now. */
  void onTurn(NioTransport transport) {
    isDeferred = false;
    onEvents(transport, interest);
  }

  void onReady(NioTransport transport) {
    if (!isDeferred && key.isValid()) { // may have been closed by an event before this one
      onEvents(transport, key.readyOps());
    }
  }

  private void onEvents(NioTransport transport, int ready) {
    if (!key.isValid()) {
      return;
    }
    try {
      if ((ready & SelectionKey.OP_WRITE) != 0) {
        transport.moved(sendPending());
      }
      if ((ready & SelectionKey.OP_READ) != 0 && key.isValid()) {
        receive(transport);
      }
    } catch (IOException | RuntimeException e) {
      broken(e);
    }
  }

  private void receive(NioTransport transport) throws IOException {
    Buffer arrivals = transport.arrivals();
    int offset = arrivals.end;
    int length = socket.read(arrivals.bytes(offset, Limits.READ_SHARE_BYTES));
    if (length > 0) {
      transport.moved(length);
      arrivals.end += length;
      handler.onReceived(arrivals.memory(), offset, length);
    } else if (length == END_OF_STREAM) {
      receiving(false);
      handler.onEnd();
    }
  }

  private int sendPending() throws IOException {
    int sent = socket.write(pending.bytes(pendingOffset, pendingLength));
    if (sent > 0) {
      pending = null;
      interest(SelectionKey.OP_WRITE, false);
      handler.onSent(sent);
    }
    return sent;
  }

  @Override
  public int send(Buffer buffer, int offset, int length) {
    int sent = 0;
    try {
      sent = socket.write(buffer.bytes(offset, length));
      if (sent < length) {
        pending = buffer;
        pendingOffset = offset + sent;
        pendingLength = length - sent;
        interest(SelectionKey.OP_WRITE, true);
      }
    } catch (IOException e) {
      broken(e);
    }
    return sent;
  }

  @Override
  public void receiving(boolean on) {
    interest(SelectionKey.OP_READ, on);
  }

  private void interest(int operation, boolean on) {
    int wanted = on ? interest | operation : interest & ~operation;
    if (wanted != interest && key.isValid()) {
      interest = wanted;
      key.interestOps(wanted);
    }
  }

  @Override
  public void finish() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      broken(e);
    }
  }

  private void broken(Exception cause) {
    close();
    handler.onBroken(cause);
  }

  @Override
  public void close() {
    Sockets.closeQuietly(socket);
  }

  @Override
  public String peer() {
    return peer;
  }

  @Override
  public boolean isLocal() {
    return isLocal;
  }

  @Override
  public boolean isUnix() {
    return isUnix;
  }

  @Override
  public int listener() {
    return listener;
  }
}
