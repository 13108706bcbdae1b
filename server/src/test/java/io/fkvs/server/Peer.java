package io.fkvs.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/**
 * A client of the tests. It sends and receives at the same time, so that neither side can wait for
 * the other, and gives up where nothing moves: a test that would hang fails.
 */
public final class Peer implements AutoCloseable {
  private static final long PATIENCE_MS = 20_000;

  private final SocketChannel socket;
  private final Selector selector = Selector.open();
  private final SelectionKey key;
  private final ByteBuffer received = ByteBuffer.allocate(64 << 10).limit(0);

  private Peer(SocketChannel socket) throws IOException {
    this.socket = socket;
    socket.configureBlocking(false);
    if (socket.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
    key = socket.register(selector, 0);
  }

  public static Peer connect(SocketAddress address) throws IOException {
    return new Peer(SocketChannel.open(address));
  }

  /** Sends bytes and receives so many. */
  public byte[] exchange(byte[] request, int replyLength) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(request);
    ByteBuffer in = ByteBuffer.allocate(replyLength);
    while (out.hasRemaining() || in.hasRemaining()) {
      if (out.hasRemaining()) {
        socket.write(out);
      }
      take(in);
      if (in.hasRemaining() && fill()) {
        throw new IOException("peer closed: received=" + in.position() + " of " + replyLength);
      }
      if ((out.hasRemaining() || in.hasRemaining()) && !received.hasRemaining()) {
        await(out.hasRemaining(), in.hasRemaining());
      }
    }
    return in.array();
  }

  /** Sends bytes and receives one frame. */
  public byte[] exchange(byte[] request) throws IOException {
    send(request);
    return receiveFrame();
  }

  public byte[] receiveFrame() throws IOException {
    byte[] header = receive(2);
    int length = (header[0] & 0xFF) << 8 | header[1] & 0xFF;
    return Frames.concat(header, receive(length));
  }

  public void send(byte[] bytes) throws IOException {
    exchange(bytes, 0);
  }

  public byte[] receive(int length) throws IOException {
    return exchange(new byte[0], length);
  }

  /** Says whether anything has come that was not received, without waiting. */
  public boolean hasReply() throws IOException {
    fill();
    return received.hasRemaining();
  }

  /** Sends as much as the system takes without waiting. */
  public int offer(byte[] bytes) throws IOException {
    return socket.write(ByteBuffer.wrap(bytes));
  }

  /** Receives until the other side closes. */
  public byte[] receiveToEnd() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    boolean isOpen = true;
    while (isOpen) {
      all.write(received.array(), received.position(), received.remaining());
      received.position(received.limit());
      isOpen = !fill();
      if (isOpen && !received.hasRemaining()) {
        await(false, true);
      }
    }
    return all.toByteArray();
  }

  /** Receives and forgets until these bytes came last. */
  public void skipUntil(byte[] last) throws IOException {
    ByteBuffer tail = ByteBuffer.allocate(last.length);
    do {
      if (!received.hasRemaining() && !fill() && !received.hasRemaining()) {
        await(false, true);
      }
      int skipped = Math.max(0, received.remaining() - last.length);
      received.position(received.position() + skipped);
      while (received.hasRemaining()) {
        if (!tail.hasRemaining()) {
          tail.position(1).compact();
        }
        tail.put(received.get());
      }
    } while (!Arrays.equals(tail.array(), last));
  }

  /** Says that no more will be sent. */
  public void finish() throws IOException {
    socket.shutdownOutput();
  }

  private void take(ByteBuffer target) {
    int length = Math.min(target.remaining(), received.remaining());
    target.put(received.array(), received.position(), length);
    received.position(received.position() + length);
  }

  /** Reads once, and says whether the stream has ended. */
  private boolean fill() throws IOException {
    if (received.hasRemaining()) {
      return false;
    }
    received.clear();
    int length = socket.read(received);
    received.flip();
    return length < 0;
  }

  private void await(boolean toWrite, boolean toRead) throws IOException {
    key.interestOps((toWrite ? SelectionKey.OP_WRITE : 0) | (toRead ? SelectionKey.OP_READ : 0));
    if (selector.select(ready -> {}, PATIENCE_MS) == 0) {
      throw new IOException("nothing moved for ms=" + PATIENCE_MS);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    selector.close();
  }
}
