package io.fkvs.client;

import io.fkvs.wire.ClassicReplyDecoder;
import io.fkvs.wire.ClassicRequestDecoder;
import io.fkvs.wire.ClassicRequestEncoder;
import io.fkvs.wire.Command;
import io.fkvs.wire.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A socket with a buffer each way. One thread.
 *
 * <p>The channel does not block, and every wait is for both directions: this gives Unix sockets,
 * too, a read timeout, and it lets the client take replies while the server does not take requests.
 */
final class Connection {
  /** Some frames of the largest size, so that a long pipeline goes out in large writes. */
  private static final int OUTPUT_BYTES = 4 * ClassicRequestDecoder.MAX_FRAME_LENGTH;

  /** A partial frame never fills it, so that there is always room to receive more. */
  private static final int INPUT_BYTES = 2 * ClassicReplyDecoder.MAX_FRAME_LENGTH;

  private final SocketAddress address;
  private final Duration readTimeout;
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment outputMemory = arena.allocate(OUTPUT_BYTES);
  private final MemorySegment inputMemory = arena.allocate(INPUT_BYTES);
  private final ByteBuffer output = outputMemory.asByteBuffer();
  private final ByteBuffer input = inputMemory.asByteBuffer();
  private final Reply reply = new Reply();

  /** Takes over a connected, non-blocking channel and a selector that it is not registered with. */
  Connection(SocketAddress address, SocketChannel channel, Selector selector, Duration readTimeout)
      throws IOException {
    this.address = address;
    this.channel = channel;
    this.selector = selector;
    this.readTimeout = readTimeout;
    key = channel.register(selector, SelectionKey.OP_READ);
  }

  SocketAddress address() {
    return address;
  }

  /** How many bytes of requests can be appended. */
  int room() {
    return output.remaining();
  }

  void append(Command command, byte[]... arguments) {
    int position = output.position();
    int length = ClassicRequestEncoder.encode(outputMemory, position, command, arguments);
    output.position(position + length);
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
    output.flip();
    channel.write(output);
    output.compact();
  }

  private void await() throws IOException {
    boolean hasOutput = output.position() > 0;
    key.interestOps(SelectionKey.OP_READ | (hasOutput ? SelectionKey.OP_WRITE : 0));
    if (selector.select(ready -> {}, Sockets.millis(readTimeout)) == 0) {
      throw Thread.currentThread().isInterrupted()
          ? new IOException("interrupted while waiting for the server")
          : new SocketTimeoutException("server is silent for readTimeout=" + readTimeout);
    }
  }

  private void receive() throws IOException {
    if (channel.read(input) < 0) {
      throw new EOFException("server closed the connection");
    }
  }

  private void decode(Consumer<Reply> onReply) {
    int limit = input.position();
    int offset = 0;
    int length;
    while ((length = ClassicReplyDecoder.decode(inputMemory, offset, limit, reply)) > 0) {
      onReply.accept(reply);
      offset += length;
    }
    input.flip().position(offset);
    input.compact();
  }

  /** Whether no end of the stream has arrived; takes what has. */
  boolean isOpen() {
    try {
      return channel.read(input) >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  void close() {
    if (arena.scope().isAlive()) {
      Sockets.closeQuietly(selector);
      Sockets.closeQuietly(channel);
      arena.close();
    }
  }
}
