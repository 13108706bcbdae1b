package io.fkvs.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A server that keeps its keys in a map and speaks as much RESP as the generator does, one thread a
 * connection; a test may have it misbehave.
 */
final class RespModelServer implements AutoCloseable {
  /** Decides what is really sent. */
  interface Manners {
    /**
     * Called for every request.
     *
     * @param connection the number of the connection in order of arrival, from 0
     * @param request the number of the request on the server, from 0
     * @param right the reply that would be right
     * @return what to send, or {@code null} to close the connection
     */
    byte[] reply(int connection, long request, byte[] right);
  }

  static final Manners GOOD = (connection, request, right) -> right;

  private final ServerSocketChannel listener;
  private final Manners manners;
  private final ConcurrentMap<String, byte[]> map = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong requests = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();

  RespModelServer(SocketAddress address, ServerSocketChannel listener, Manners manners)
      throws IOException {
    this.listener = listener;
    this.manners = manners;
    listener.bind(address);
    threads.add(Thread.ofVirtual().start(this::accept));
  }

  SocketAddress address() throws IOException {
    return listener.getLocalAddress();
  }

  ConcurrentMap<String, byte[]> map() {
    return map;
  }

  long requests() {
    return requests.get();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        int connection = connections.getAndIncrement();
        Thread.ofVirtual().start(() -> serve(channel, connection));
      }
    } catch (IOException e) {
      // The listener was closed: there is nobody left to serve.
      assert !listener.isOpen();
    }
  }

  private void serve(SocketChannel channel, int connection) {
    try (channel;
        InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel))) {
      while (true) {
        byte[] right = answer(request(in));
        byte[] reply = manners.reply(connection, requests.getAndIncrement(), right);
        if (reply == null) {
          return;
        }
        out.write(reply);
        if (in.available() == 0) {
          out.flush();
        }
      }
    } catch (IOException e) {
      // The client is gone, as clients do.
      assert !channel.isConnected() || !channel.isOpen() || e instanceof EOFException;
    }
  }

  private static List<byte[]> request(InputStream in) throws IOException {
    int count = number(in, '*');
    List<byte[]> arguments = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] argument = in.readNBytes(number(in, '$'));
      in.skipNBytes(2);
      arguments.add(argument);
    }
    return arguments;
  }

  private static int number(InputStream in, char type) throws IOException {
    int first = in.read();
    if (first < 0) {
      throw new EOFException();
    }
    if (first != type) {
      throw new IllegalStateException("unexpected byte: " + first);
    }
    int number = 0;
    int digit;
    while ((digit = in.read()) != '\r') {
      number = number * 10 + digit - '0';
    }
    in.skipNBytes(1);
    return number;
  }

  private byte[] answer(List<byte[]> request) {
    String command = text(request.get(0));
    String key = request.size() > 1 ? text(request.get(1)) : "";
    return switch (command) {
      case "PING" -> bytes("+PONG\r\n");
      case "SET" -> {
        map.put(key, request.get(2));
        yield bytes("+OK\r\n");
      }
      case "GET" -> {
        byte[] value = map.get(key);
        yield value == null
            ? bytes("$-1\r\n")
            : bytes("$" + value.length + "\r\n" + text(value) + "\r\n");
      }
      case "INCR" -> {
        byte[] value =
            map.merge(key, bytes("1"), (old, one) -> bytes("" + (Long.parseLong(text(old)) + 1)));
        yield bytes(":" + text(value) + "\r\n");
      }
      default -> bytes("-ERR unknown command\r\n");
    };
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
