package io.fkvs.bench.durable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How long Redis takes to load its own file with as many entries of the same size. One thread. */
final class RedisLoad {
  private static final String PROGRAM = "redis-server";
  private static final int START_MS = 30_000;
  private static final int PAUSE_MS = 10;

  private RedisLoad() {}

  /**
   * Has a server make the entries, and load them {@code rounds} times from the file that it saves.
   *
   * @return nanoseconds, for each round
   */
  static long[] measure(Path directory, int entries, int rounds) throws IOException {
    int port = freePort();
    Process server =
        new ProcessBuilder(
                List.of(
                    PROGRAM,
                    "--port",
                    Integer.toString(port),
                    "--bind",
                    "127.0.0.1",
                    "--save",
                    "",
                    "--enable-debug-command",
                    "yes",
                    "--dir",
                    directory.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (Socket socket = connect(port, server)) {
      // With the number behind them, keys of 16 bytes and values of 32.
      call(socket, "DEBUG POPULATE " + entries + " redis-ky " + DurableRun.VALUE_BYTES);
      call(socket, "SAVE");
      long[] nanos = new long[rounds];
      for (int i = 0; i < rounds; i++) {
        long start = System.nanoTime();
        call(socket, "DEBUG RELOAD NOSAVE");
        nanos[i] = System.nanoTime() - start;
      }
      return nanos;
    } finally {
      server.destroy();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Socket connect(int port, Process server) throws IOException {
    IOException last = null;
    for (int i = 0; i < START_MS / PAUSE_MS && server.isAlive(); i++) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (IOException e) {
        last = e;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
      }
    }
    throw new IOException(PROGRAM + " does not listen", last);
  }

  private static void call(Socket socket, String command) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    var reader =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String reply = reader.readLine();
    if (!"+OK".equals(reply)) {
      throw new IOException(PROGRAM + " refuses " + command + ": " + reply);
    }
  }
}
