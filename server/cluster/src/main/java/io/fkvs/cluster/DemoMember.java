package io.fkvs.cluster;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One member of a {@link Demo}: its configuration, its process, and what that says. */
final class DemoMember {
  private static final String READY = "Ready to accept connections";

  /** Set in a member's process: it ends with the demo, however that ends. */
  private static final String OF_DEMO = "fkvs.of-demo";

  /** How long a member may take to stop. */
  private static final long STOP_SECONDS = 15;

  /** What a process that a signal has ended adds to the signal's number. */
  private static final int SIGNALLED = 128;

  private final int number;
  private final Path directory;
  private final int peerPort;
  private final int port;
  private final int respPort;
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private Process process;
  private Thread logger;

  /**
   * @param ports for the other members, for classic and compact, and for RESP
   */
  DemoMember(int number, Path parent, List<Integer> ports) {
    this.number = number;
    directory = parent.resolve("member-" + number);
    peerPort = ports.getFirst();
    port = ports.get(1);
    respPort = ports.getLast();
  }

  int number() {
    return number;
  }

  int port() {
    return port;
  }

  int respPort() {
    return respPort;
  }

  long pid() {
    return process.pid();
  }

  Path configuration() {
    return directory.resolve("node.conf");
  }

  private Path log() {
    return directory.resolve("log");
  }

  /** Writes the configuration. */
  void configure(List<DemoMember> all) throws IOException {
    String members =
        all.stream().map(one -> "127.0.0.1:" + one.peerPort).collect(Collectors.joining(","));
    Files.createDirectories(directory);
    Files.writeString(
        configuration(),
        """
        member %d
        members %s
        directory %s
        port %d
        resp-port %d
        max-memory 256m
        max-client-memory 64m
        max-clients 128
        warmup 0
        """
            .formatted(number, members, directory.resolve("data"), port, respPort));
  }

  /** Starts it with the JVM of this process and its flags. */
  void start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-D" + OF_DEMO + "=true");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(FkvsCluster.class.getName(), "-c", configuration().toString()));
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    logger = Thread.ofPlatform().daemon().name("fkvs-demo-log-" + number).start(this::copyLog);
  }

  /** In the process of a member: ends it when the pipe to the demo breaks. */
  static void endWithDemo() {
    if (Boolean.getBoolean(OF_DEMO)) {
      Thread.ofPlatform().daemon().name("fkvs-demo-watch").start(DemoMember::awaitEndOfDemo);
    }
  }

  private static void awaitEndOfDemo() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // it has ended, too
    }
    System.exit(0);
  }

  private void copyLog() {
    try (BufferedReader lines = process.inputReader();
        BufferedWriter file = Files.newBufferedWriter(log())) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        file.write(line);
        file.newLine();
        file.flush();
        if (line.contains(READY)) {
          ready.complete(true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ready.complete(false);
    }
  }

  /** Waits until it listens, or has ended. */
  boolean awaitReady() {
    return ready.join();
  }

  /** Has something done when the process ends, or now if it has. */
  void onExit(Runnable action) {
    process.onExit().thenRun(action);
  }

  /** Everything that it has said. */
  String logged() throws IOException {
    return Files.readString(log());
  }

  String description() {
    return """

    Member %d, process %d
        classic and compact  127.0.0.1:%d
        RESP                 127.0.0.1:%d
        log                  %s\
    """
        .formatted(number, pid(), port, respPort, log());
  }

  /** How the process has ended. */
  String end() {
    int status = process.exitValue();
    return status > SIGNALLED ? "signal " + (status - SIGNALLED) : "status " + status;
  }

  /** Whether something listens on its port, this process or one that somebody else has started. */
  boolean isThere() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Asks the process to end. */
  void stop() {
    if (process != null) {
      process.toHandle().destroy(); // Process.destroy would close what it still has to say, too
    }
  }

  /** Waits until it has ended, and ends it where that takes long. */
  void awaitStop() {
    try {
      if (process == null) {
        return;
      }
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      logger.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
