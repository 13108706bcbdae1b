package io.fkvs.load.transport;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A channel that does not block, whose reads and writes wait nevertheless, but not for ever: for
 * what is said before an event loop takes the channel over. Closing it leaves the channel open. One
 * thread.
 */
final class WaitingChannel implements ByteChannel {
  private final SocketChannel channel;
  private final Duration timeout;
  private final Selector selector = Selector.open();
  private final SelectionKey key;

  WaitingChannel(SocketChannel channel, Duration timeout) throws IOException {
    this.channel = channel;
    this.timeout = timeout;
    channel.configureBlocking(false);
    key = channel.register(selector, 0);
  }

  void connect(SocketAddress address) throws IOException {
    if (!channel.connect(address)) {
      await(SelectionKey.OP_CONNECT);
      channel.finishConnect();
    }
  }

  private void await(int operation) throws IOException {
    key.interestOps(operation);
    if (selector.select(ready -> {}, Math.max(1, timeout.toMillis())) == 0) {
      throw new SocketTimeoutException(Transport.SILENCE + timeout);
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int length = channel.read(target);
    if (length != 0 || !target.hasRemaining()) {
      return length;
    }
    await(SelectionKey.OP_READ);
    return channel.read(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int length = channel.write(source);
    if (length != 0 || !source.hasRemaining()) {
      return length;
    }
    await(SelectionKey.OP_WRITE);
    return channel.write(source);
  }

  @Override
  public boolean isOpen() {
    return selector.isOpen();
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }
}
