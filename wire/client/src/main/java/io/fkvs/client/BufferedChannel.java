package io.fkvs.client;

import io.fkvs.wire.ClassicReplyDecoder;
import io.fkvs.wire.ClassicRequestDecoder;
import io.fkvs.wire.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A socket with a buffer each way. One thread.
 *
 * <p>The channel does not block, and every wait is for both directions: this gives Unix sockets,
 * too, a read timeout, and it lets the client take replies while the server does not take requests.
 */
final class BufferedChannel {
  /** Some frames of the largest size, so that a long pipeline goes out in large writes. */
  private static final int OUTPUT_BYTES = 4 * ClassicRequestDecoder.MAX_FRAME_LENGTH;

  /** Two classic frames of the largest size; a larger reply makes it grow. */
  private static final int INPUT_BYTES = 2 * ClassicReplyDecoder.MAX_FRAME_LENGTH;

  private final SocketAddress address;
  private final Duration readTimeout;
  private final Link link;
  private final Selector selector;
  private final SelectionKey key;
  private final CallCodec codec;
  private final GrowingBuffer output = new GrowingBuffer(OUTPUT_BYTES);
  private final GrowingBuffer input = new GrowingBuffer(INPUT_BYTES);
  private final Reply reply = new Reply();
  private boolean isClosed;

  private BufferedChannel(
      SocketAddress address,
      SocketChannel channel,
      Link link,
      Selector selector,
      ClientConfig config)
      throws IOException {
    this.address = address;
    this.link = link;
    this.selector = selector;
    this.readTimeout = config.readTimeout();
    this.codec = config.protocol().codec();
    key = channel.register(selector, SelectionKey.OP_READ);
  }

  /**
   * Takes over a connected, non-blocking channel with the link over it and a selector, and agrees
   * with the server on the protocol.
   */
  static BufferedChannel open(
      SocketAddress address,
      SocketChannel channel,
      Link link,
      Selector selector,
      ClientConfig config)
      throws IOException {
    BufferedChannel connection = new BufferedChannel(address, channel, link, selector, config);
    try {
      connection.greet();
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  private void greet() throws IOException {
    byte[] greeting = codec.greeting();
    output.bytes().put(greeting);
    while (input.length() < greeting.length) {
      send();
      await();
      receive();
    }
    byte[] answer = new byte[greeting.length];
    input.bytes().flip().get(answer);
    input.bytes().compact();
    if (!Arrays.equals(greeting, answer)) {
      throw new IOException("server does not speak the protocol that it was asked for");
    }
  }

  CallCodec codec() {
    return codec;
  }

  SocketAddress address() {
    return address;
  }

  /** Says whether a request can be appended: it fits, or it is large and nothing else waits. */
  boolean hasRoom(long length) {
    return length <= output.bytes().remaining() || output.length() == 0;
  }

  void append(Call<?> call, long length) {
    output.reserve(length);
    int position = output.length();
    output.bytes().position(position + codec.encode(call, output.memory(), position));
  }

  /**
   * Sends what the server takes, waits until it sends or takes more, and hands on the replies that
   * have arrived.
   */
  void exchange(Consumer<Reply> onReply) throws IOException {
    send();
    await();
    receive();
    decode(onReply);
  }

  private void send() throws IOException {
    link.write(output.bytes().flip());
    output.bytes().compact();
    output.shrink();
  }

  private void await() throws IOException {
    if (link.isReadable()) {
      return;
    }
    boolean hasOutput = output.length() > 0 || link.hasOutput();
    key.interestOps(SelectionKey.OP_READ | (hasOutput ? SelectionKey.OP_WRITE : 0));
    if (selector.select(ready -> {}, Connector.millis(readTimeout)) == 0) {
      throw Thread.currentThread().isInterrupted()
          ? new IOException("interrupted while waiting for the server")
          : new SocketTimeoutException("server is silent for readTimeout=" + readTimeout);
    }
  }

  private void receive() throws IOException {
    input.reserve(1);
    if (link.read(input.bytes()) < 0) {
      throw new EOFException("server closed the connection");
    }
  }

  private void decode(Consumer<Reply> onReply) {
    int limit = input.length();
    int offset = 0;
    int length;
    while ((length = codec.decode(input.memory(), offset, limit, reply)) > 0) {
      onReply.accept(reply);
      offset += length;
    }
    input.bytes().flip().position(offset);
    input.bytes().compact();
    input.shrink();
  }

  /** Whether no end of the stream has arrived; takes what has. */
  boolean isOpen() {
    try {
      return link.read(input.bytes()) >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  void close() {
    if (!isClosed) {
      isClosed = true;
      Connector.closeQuietly(selector);
      link.close();
      output.close();
      input.close();
    }
  }
}
