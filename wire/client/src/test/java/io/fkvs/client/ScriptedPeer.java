package io.fkvs.client;

import io.fkvs.wire.ClassicReplyEncoder;
import io.fkvs.wire.ClassicRequestDecoder;
import io.fkvs.wire.Command;
import io.fkvs.wire.Request;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The other end of a connection: accepts one client and does what its script says, on a thread of
 * its own, with blocking reads and writes. {@link #close} waits for the script and throws what it
 * threw.
 */
final class ScriptedPeer implements AutoCloseable {
  /** What the peer does with its client. */
  interface Script {
    void run(ScriptedPeer peer) throws IOException;
  }

  private final ServerSocketChannel server;
  private final FutureTask<Void> task;
  private final ByteBuffer input = ByteBuffer.allocate(ClassicRequestDecoder.MAX_FRAME_LENGTH);
  private final ClassicRequestDecoder decoder = new ClassicRequestDecoder();
  private SocketChannel channel;

  private ScriptedPeer(ServerSocketChannel server, Script script) {
    this.server = server;
    task =
        new FutureTask<>(
            () -> {
              try (SocketChannel accepted = server.accept()) {
                channel = accepted;
                script.run(this);
              }
              return null;
            });
    Thread.ofPlatform().daemon().start(task);
  }

  static ScriptedPeer tcp(Script script) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new ScriptedPeer(server, script);
  }

  static ScriptedPeer unix(Path path, Script script) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    return new ScriptedPeer(server, script);
  }

  /** A peer that waits for this one request, then sends these bytes, then waits for the close. */
  static ScriptedPeer answering(Command command, String arguments, byte[] reply)
      throws IOException {
    return tcp(
        peer -> {
          peer.expect(command, arguments);
          peer.send(reply);
          peer.expectClose();
        });
  }

  SocketAddress address() throws IOException {
    return server.getLocalAddress();
  }

  int port() throws IOException {
    return ((InetSocketAddress) address()).getPort();
  }

  // ---- what a script can do

  /** Reads a request and checks it; its arguments are joined by bars. */
  void expect(Command command, String arguments) throws IOException {
    String expected = command + " " + arguments;
    String received = receive();
    if (!received.equals(expected)) {
      throw new AssertionError("expected=" + expected + ", received=" + received);
    }
  }

  /** Reads a request: its command, and its arguments joined by bars. */
  String receive() throws IOException {
    Request request = new Request();
    MemorySegment memory = MemorySegment.ofArray(input.array());
    int length;
    while ((length = decoder.decode(memory, 0, input.position(), request)) == 0) {
      if (channel.read(input) < 0) {
        throw new EOFException("client closed, received=" + input.position());
      }
    }
    if (!request.isWellFormed()) {
      throw new AssertionError("malformed request: command=" + request.command());
    }
    String text = describe(request, input.array(), length);
    input.flip().position(length);
    input.compact();
    return text;
  }

  private static String describe(Request request, byte[] frame, int length) {
    StringBuilder text = new StringBuilder(request.command() + " ");
    String bar = "";
    for (int offset = 3; offset < length; ) {
      int argumentLength = (frame[offset] & 0xFF) << 8 | frame[offset + 1] & 0xFF;
      text.append(bar)
          .append(new String(frame, offset + 2, argumentLength, StandardCharsets.UTF_8));
      offset += 2 + argumentLength;
      bar = "|";
    }
    return text.toString();
  }

  void send(byte[]... parts) throws IOException {
    for (byte[] part : parts) {
      ByteBuffer bytes = ByteBuffer.wrap(part);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }

  void expectClose() throws IOException {
    if (channel.read(input) >= 0) {
      throw new AssertionError("client sent more than the script expects");
    }
  }

  /** Sends no more. */
  void finish() throws IOException {
    channel.shutdownOutput();
  }

  /** Takes whatever comes until the client closes. */
  void drain() throws IOException {
    while (channel.read(input.clear()) >= 0) {}
  }

  // ---- replies

  static byte[] ok() {
    byte[] frame = new byte[ClassicReplyEncoder.STATUS_LENGTH];
    ClassicReplyEncoder.ok(MemorySegment.ofArray(frame), 0);
    return frame;
  }

  static byte[] error() {
    byte[] frame = new byte[ClassicReplyEncoder.STATUS_LENGTH];
    ClassicReplyEncoder.error(MemorySegment.ofArray(frame), 0);
    return frame;
  }

  static byte[] value(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[ClassicReplyEncoder.HEADER_LENGTH + bytes.length];
    ClassicReplyEncoder.valueHeader(MemorySegment.ofArray(frame), 0, bytes.length);
    System.arraycopy(bytes, 0, frame, ClassicReplyEncoder.HEADER_LENGTH, bytes.length);
    return frame;
  }

  static byte[] echo(Command command, String payload) {
    byte[] frame = value(payload);
    frame[2] = (byte) command.code();
    return frame;
  }

  @Override
  public void close() throws IOException {
    try {
      task.get();
    } catch (ExecutionException e) {
      throw new AssertionError("peer: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      server.close();
    }
  }
}
