package io.fkvs.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Opens non-blocking connections within a time limit. */
final class Connector {
  /** Long enough for anybody, and its milliseconds overflow nowhere. */
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private Connector() {}

  static BufferedChannel connect(SocketAddress address, ClientConfig config) throws IOException {
    if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
      throw new UnknownHostException("host is unknown");
    }
    if (config.tls().isPresent() && !(address instanceof InetSocketAddress)) {
      throw new IllegalArgumentException("TLS goes over TCP alone: address=" + address);
    }
    if (config.password().isPresent() && config.protocol() == Protocol.CLASSIC) {
      throw new IllegalArgumentException("classic cannot say a password: use compact");
    }
    Selector selector = Selector.open();
    SocketChannel channel = null;
    try {
      channel = open(address);
      connect(channel, selector, address, config.connectTimeout());
      Link link = link(address, channel, selector, config);
      return BufferedChannel.open(address, channel, link, selector, config);
    } catch (IOException | RuntimeException e) {
      closeQuietly(selector);
      closeQuietly(channel);
      throw e;
    }
  }

  private static Link link(
      SocketAddress address, SocketChannel channel, Selector selector, ClientConfig config)
      throws IOException {
    return config.tls().isPresent()
        ? TlsLink.open(
            config.tls().get(),
            (InetSocketAddress) address,
            channel,
            selector,
            config.connectTimeout())
        : new PlainLink(channel);
  }

  private static SocketChannel open(SocketAddress address) throws IOException {
    if (address instanceof UnixDomainSocketAddress) {
      return SocketChannel.open(StandardProtocolFamily.UNIX);
    }
    return SocketChannel.open().setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  private static void connect(
      SocketChannel channel, Selector selector, SocketAddress address, Duration timeout)
      throws IOException {
    channel.configureBlocking(false);
    if (channel.connect(address)) {
      return;
    }
    SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
    if (selector.select(ready -> {}, millis(timeout)) == 0) {
      throw Thread.currentThread().isInterrupted()
          ? new IOException("interrupted while connecting")
          : new SocketTimeoutException("no answer within connectTimeout=" + timeout);
    }
    channel.finishConnect();
    key.interestOps(0);
  }

  /** At least 1, because 0 would mean to wait for ever. */
  static long millis(Duration timeout) {
    return timeout.compareTo(LONGEST_WAIT) > 0
        ? LONGEST_WAIT.toMillis()
        : Math.max(1, timeout.toMillis());
  }

  /** What went wrong, for a message: some I/O exceptions say it in their name alone. */
  static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  static void closeQuietly(AutoCloseable resource) {
    if (resource != null) {
      try {
        resource.close();
      } catch (Exception e) {
        // Nothing is lost with it: what matters was received, or failed before.
      }
    }
  }
}
