package io.fkvs.load.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A selector: two system calls for each batch of a connection, and one to find those ready. */
final class NioTransport implements Transport {
  private final Listener listener;
  private final String refusal;
  private final Selector selector = Selector.open();
  private final List<NioWire> wires = new ArrayList<>();
  private final Consumer<SelectionKey> onReady = this::onReady;

  /** The refusal tells why it is not the better one, or is {@code null}. */
  NioTransport(Listener listener, String refusal) throws IOException {
    this.listener = listener;
    this.refusal = refusal;
  }

  @Override
  public Wire connect(SocketAddress address, Greeting greeting, Duration timeout)
      throws IOException {
    boolean isUnix = address instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        isUnix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      try (WaitingChannel waiting = new WaitingChannel(channel, timeout)) {
        waiting.connect(address);
        if (!isUnix) {
          channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        greeting.exchange(waiting);
      }
      NioWire wire = new NioWire(wires.size(), channel);
      wires.add(wire);
      return wire;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public int poll(long timeoutMs) throws IOException {
    try {
      return timeoutMs > 0 ? selector.select(onReady, timeoutMs) : selector.selectNow(onReady);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void onReady(SelectionKey key) {
    NioWire wire = (NioWire) key.attachment();
    try {
      if (key.isWritable()) {
        wire.interest(SelectionKey.OP_READ);
        listener.onWritable(wire.index);
      }
      if (key.isReadable()) {
        listener.onReadable(wire.index);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public String toString() {
    return refusal == null ? name() : name() + " (" + refusal + ")";
  }

  @Override
  public void close() throws IOException {
    for (NioWire wire : wires) {
      wire.channel.close();
    }
    selector.close();
  }

  private final class NioWire implements Wire {
    private final int index;
    private final SocketChannel channel;
    private final SelectionKey key;

    NioWire(int index, SocketChannel channel) throws IOException {
      this.index = index;
      this.channel = channel;
      key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    @Override
    public boolean write(ByteBuffer bytes) throws IOException {
      channel.write(bytes);
      if (!bytes.hasRemaining()) {
        return true;
      }
      interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      return false;
    }

    private void interest(int operations) {
      if (key.interestOps() != operations) {
        key.interestOps(operations);
      }
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      return channel.read(bytes);
    }
  }
}
