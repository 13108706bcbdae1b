package io.fkvs.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The model server as a program of its own: on a port, and on a Unix socket if one is named. */
public final class RespModelMain {
  private RespModelMain() {}

  /**
   * Serves until it is ended.
   *
   * @param arguments the port, and the path of the socket
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (var _ =
        new RespModelServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            ServerSocketChannel.open(),
            RespModelServer.GOOD)) {
      if (arguments.length > 1) {
        unix(Path.of(arguments[1]));
      }
      new CountDownLatch(1).await();
    }
  }

  /** Serves there until the process is ended. */
  private static void unix(Path path) throws IOException {
    new RespModelServer(
        UnixDomainSocketAddress.of(path),
        ServerSocketChannel.open(StandardProtocolFamily.UNIX),
        RespModelServer.GOOD);
  }
}
