package io.fkvs.server.resp;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** A Redis of the system's, on a port of its own, that keeps nothing. */
final class RedisServer implements AutoCloseable {
  private static final int TRIES = 20;

  private final Process process;
  private final int port;

  private RedisServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one with options; somebody else may take the free port first, so it tries again. */
  static RedisServer start(String... options) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = freePort();
      Process process = launch(port, options);
      RedisServer server = new RedisServer(process, port);
      if (server.isReady()) {
        return server;
      }
      server.close();
    }
    throw new IOException("redis-server did not start");
  }

  private static Process launch(int port, String... options) throws IOException {
    try {
      List<String> command =
          new ArrayList<>(
              List.of(
                  "redis-server",
                  "--port",
                  Integer.toString(port),
                  "--bind",
                  "127.0.0.1",
                  "--save",
                  "",
                  "--appendonly",
                  "no",
                  "--slowlog-log-slower-than",
                  "-1",
                  "--databases",
                  "1",
                  "--proto-max-bulk-len",
                  "16777216"));
      command.addAll(List.of(options));
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException(
          "these tests compare with Redis 7.0: install the packages redis-server and redis-tools",
          e);
    }
  }

  private boolean isReady() throws IOException {
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.contains("Ready to accept connections")) {
        return true;
      }
    }
    return false;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
