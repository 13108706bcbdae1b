package io.fkvs.load;

import io.fkvs.load.dialect.Dialect;
import io.fkvs.load.transport.Transport;
import io.fkvs.load.transport.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * Where the server listens and what it speaks.
 *
 * @param address a TCP or a Unix-domain address
 * @param dialect the protocol
 */
public record Target(SocketAddress address, Dialect dialect) {
  /**
   * A server on a TCP port.
   *
   * @param host its name or address
   * @param port its port
   * @param dialect what it speaks
   * @return the target
   */
  public static Target tcp(String host, int port, Dialect dialect) {
    return new Target(new InetSocketAddress(host, port), dialect);
  }

  /**
   * A server on a Unix-domain socket.
   *
   * @param path the socket's file
   * @param dialect what it speaks
   * @return the target
   */
  public static Target unix(Path path, Dialect dialect) {
    return new Target(UnixDomainSocketAddress.of(path), dialect);
  }

  /** Opens a connection on which the next bytes are the first request. */
  Wire connect(Transport transport, Duration timeout) throws IOException {
    if (address instanceof InetSocketAddress tcp && tcp.isUnresolved()) {
      throw new UnknownHostException("unknown host: host=" + tcp.getHostString());
    }
    return transport.connect(address, this::greet, timeout);
  }

  private void greet(ByteChannel channel) throws IOException {
    ByteBuffer greeting = ByteBuffer.wrap(dialect.greeting());
    while (greeting.hasRemaining()) {
      channel.write(greeting);
    }
    byte[] wanted = dialect.greetingReply();
    ByteBuffer answer = ByteBuffer.allocate(wanted.length);
    while (answer.hasRemaining()) {
      if (channel.read(answer) < 0) {
        throw new EOFException("server closed the connection: protocol=" + dialect.name());
      }
    }
    if (!Arrays.equals(answer.array(), wanted)) {
      throw new IOException("server does not speak the protocol: protocol=" + dialect.name());
    }
  }

  @Override
  public String toString() {
    String where =
        address instanceof InetSocketAddress tcp
            ? tcp.getHostString() + ":" + tcp.getPort()
            : address.toString();
    return dialect.name() + " at " + where;
  }
}
