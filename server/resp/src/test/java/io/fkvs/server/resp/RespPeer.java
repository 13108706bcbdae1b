package io.fkvs.server.resp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A client that knows where a reply ends, and nothing else. Bytes are characters of Latin-1. */
public final class RespPeer implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket;
  private final InputStream in;

  public RespPeer(int port) throws IOException {
    socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A request of arguments. */
  public static String request(List<String> arguments) {
    StringBuilder text = new StringBuilder("*" + arguments.size() + "\r\n");
    for (String argument : arguments) {
      text.append('$').append(argument.length()).append("\r\n").append(argument).append("\r\n");
    }
    return text.toString();
  }

  public static String request(String... arguments) {
    return request(Arrays.asList(arguments));
  }

  public void send(String bytes) {
    try {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends words, which have no blanks in them, and answers the reply. */
  public String ask(String words) {
    send(request(words.split(" ")));
    return read();
  }

  public String askAll(String... arguments) {
    send(request(arguments));
    return read();
  }

  /** The next reply, as it came. */
  public String read() {
    try {
      StringBuilder reply = new StringBuilder();
      read(reply);
      return reply.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public List<String> read(int count) {
    List<String> replies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      replies.add(read());
    }
    return replies;
  }

  private void read(StringBuilder reply) throws IOException {
    String line = line();
    reply.append(line);
    int elements =
        switch (line.charAt(0)) {
          case '$', '=' -> {
            int length = Integer.parseInt(line, 1, line.length() - 2, 10);
            if (length >= 0) {
              reply.append(new String(in.readNBytes(length + 2), ISO_8859_1));
            }
            yield 0;
          }
          case '*', '~' -> Integer.parseInt(line, 1, line.length() - 2, 10);
          case '%' -> 2 * Integer.parseInt(line, 1, line.length() - 2, 10);
          default -> 0;
        };
    for (int i = 0; i < elements; i++) {
      read(reply);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet = 0;
    while (octet != '\n') {
      octet = in.read();
      if (octet < 0) {
        throw new EOFException("connection ended");
      }
      line.write(octet);
    }
    return line.toString(ISO_8859_1);
  }

  /** Sends bytes and an end, and answers all that comes until the other side ends. */
  public String exchange(String bytes) {
    try {
      send(bytes);
      socket.shutdownOutput();
      return readToEnd();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that comes until the other side ends. */
  public String readToEnd() {
    try {
      return new String(in.readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
