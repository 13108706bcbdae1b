package io.fkvs.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CountDownLatch;

/** The model server as a program of its own: its only argument is the port. */
public final class RespModelMain {
  private RespModelMain() {}

  /**
   * Serves until it is ended.
   *
   * @param arguments the port
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (var _ =
        new RespModelServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])),
            ServerSocketChannel.open(),
            RespModelServer.GOOD)) {
      new CountDownLatch(1).await();
    }
  }
}
