package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fkvs.wire.ClassicReplyEncoder;
import io.fkvs.wire.ClassicRequestDecoder;
import io.fkvs.wire.Command;
import io.fkvs.wire.Request;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of a few lines for the client to talk to: one connection after another, on a thread of
 * its own, with a map of byte strings as text of one byte a character.
 */
final class TinyServer implements AutoCloseable {
  private final ServerSocketChannel server;
  private final Map<String, String> entries = new TreeMap<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** After so many requests the connection is closed. */
  private final int requestsPerConnection;

  private TinyServer(ServerSocketChannel server, int requestsPerConnection) {
    this.server = server;
    this.requestsPerConnection = requestsPerConnection;
    Thread.ofPlatform().daemon().start(this::serve);
  }

  static TinyServer tcp() throws IOException {
    return tcp(Integer.MAX_VALUE);
  }

  static TinyServer tcp(int requestsPerConnection) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new TinyServer(server, requestsPerConnection);
  }

  static TinyServer unix(Path path) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    return new TinyServer(server, Integer.MAX_VALUE);
  }

  String port() throws IOException {
    return Integer.toString(((InetSocketAddress) server.getLocalAddress()).getPort());
  }

  int connections() {
    return connections.get();
  }

  private void serve() {
    try {
      while (true) {
        try (SocketChannel channel = server.accept()) {
          connections.incrementAndGet();
          converse(channel);
        } catch (EOFException e) {
          // The client has left.
        }
      }
    } catch (IOException e) {
      // The server was closed.
    }
  }

  private void converse(SocketChannel channel) throws IOException {
    DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
    OutputStream out = Channels.newOutputStream(channel);
    for (int i = 0; i < requestsPerConnection; i++) {
      byte[] frame = new byte[2 + in.readUnsignedShort()];
      frame[0] = (byte) (frame.length - 2 >> 8);
      frame[1] = (byte) (frame.length - 2);
      in.readFully(frame, 2, frame.length - 2);
      Request request = new Request();
      new ClassicRequestDecoder().decode(MemorySegment.ofArray(frame), 0, frame.length, request);
      out.write(reply(request));
    }
  }

  private byte[] reply(Request r) {
    String key = text(r, r.keyOffset(), r.keyLength());
    String value = text(r, r.valueOffset(), r.valueLength());
    String number = text(r, r.numberOffset(), r.numberLength());
    return switch (r.command()) {
      case SET -> set(key, value, number);
      case GET -> entries.containsKey(key) ? value(entries.get(key)) : error();
      case INCR -> add(key, 1);
      case DECR -> add(key, -1);
      case INCRBY -> add(key, Long.parseLong(number));
      case DECRBY -> add(key, -Long.parseLong(number));
      case PING -> echo(Command.PING, value);
      case INFO -> echo(Command.INFO, "# server\nname: tiny\n");
      case DEL -> {
        entries.remove(key);
        yield ok();
      }
      case EXPIRE -> entries.containsKey(key) ? ok() : error();
      case TTL -> value(entries.containsKey(key) ? "-1" : "-2");
      case PERSIST -> ok();
      case KEYS -> echo(Command.KEYS, listing());
      default -> error();
    };
  }

  private byte[] set(String key, String value, String seconds) {
    if (value.equals("refused")) {
      return error();
    }
    entries.put(key, seconds.isEmpty() ? value : value + " for " + seconds + " s");
    return value(value);
  }

  private byte[] add(String key, long amount) {
    try {
      long sum = Long.parseLong(entries.getOrDefault(key, "0")) + amount;
      entries.put(key, Long.toString(sum));
      return value(Long.toString(sum));
    } catch (NumberFormatException e) {
      return error();
    }
  }

  private String listing() {
    StringBuilder listing = new StringBuilder();
    int number = 0;
    for (String key : entries.keySet()) {
      listing.append(number == 0 ? "" : "\n").append(++number).append(") ").append(key);
    }
    return listing.toString();
  }

  private static String text(Request request, long offset, int length) {
    return new String(
        request.buffer().asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), ISO_8859_1);
  }

  private static byte[] ok() {
    byte[] frame = new byte[ClassicReplyEncoder.STATUS_LENGTH];
    ClassicReplyEncoder.ok(MemorySegment.ofArray(frame), 0);
    return frame;
  }

  private static byte[] error() {
    byte[] frame = new byte[ClassicReplyEncoder.STATUS_LENGTH];
    ClassicReplyEncoder.error(MemorySegment.ofArray(frame), 0);
    return frame;
  }

  private static byte[] value(String value) {
    return echo(Command.SET, value); // its code is that of a value reply
  }

  private static byte[] echo(Command command, String payload) {
    byte[] bytes = payload.getBytes(ISO_8859_1);
    byte[] frame = new byte[ClassicReplyEncoder.HEADER_LENGTH + bytes.length];
    ClassicReplyEncoder.echoHeader(MemorySegment.ofArray(frame), 0, command, bytes.length);
    System.arraycopy(bytes, 0, frame, ClassicReplyEncoder.HEADER_LENGTH, bytes.length);
    return frame;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
