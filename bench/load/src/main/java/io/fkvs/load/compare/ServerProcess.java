package io.fkvs.load.compare;

import io.fkvs.load.LoadSession;
import io.fkvs.load.Phase;
import io.fkvs.load.Result;
import io.fkvs.load.Target;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server that this program started and will end, with nothing else touched. Closed by one thread;
 * {@link #close} may be called again.
 */
final class ServerProcess implements AutoCloseable {
  /** Time for a script to build what it starts. */
  private static final long START_LIMIT_NS = TimeUnit.MINUTES.toNanos(3);

  private static final long POLL_MS = 20;
  private static final long STOP_LIMIT_S = 20;
  private static final long BYTES_PER_KB = 1024;
  private static final String RESIDENT = "VmRSS:";

  private final ServerMode mode;
  private final Process process;
  private final Target target;
  private final Path log;

  /** Ends the server where this program is itself told to end. */
  private final Thread lastDuty = new Thread(this::kill);

  private ServerProcess(ServerMode mode, Process process, Target target, Path log) {
    this.mode = mode;
    this.process = process;
    this.target = target;
    this.log = log;
  }

  /**
   * Starts a server and waits until it accepts and speaks its protocol.
   *
   * @throws IOException where it does not within the time, with what it last said
   */
  static ServerProcess start(ServerMode mode, Pinning pinning) throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName(Catalogue.HOST))) {
      port = socket.getLocalPort();
    }
    Path log = Files.createTempFile("server-", ".log");
    Process process =
        new ProcessBuilder(pinning.pinned(mode.command().apply(port)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process.getOutputStream().close();
    var server =
        new ServerProcess(mode, process, Target.tcp(Catalogue.HOST, port, mode.dialect()), log);
    Runtime.getRuntime().addShutdownHook(server.lastDuty);
    try {
      server.awaitReady();
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void awaitReady() throws IOException {
    long deadlineNs = System.nanoTime() + START_LIMIT_NS;
    while (true) {
      try (var _ = new LoadSession(target, 1, 1, 0)) {
        return;
      } catch (ConnectException e) {
        if (!process.isAlive() || System.nanoTime() > deadlineNs) {
          throw new IOException(mode.name() + " did not start: " + lastWords(), e);
        }
        nap();
      }
    }
  }

  private static void nap() throws IOException {
    try {
      Thread.sleep(POLL_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a server started");
    }
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    return lines.isEmpty() ? "it said nothing" : lines.getLast().strip();
  }

  Target target() {
    return target;
  }

  /** The memory that the server and its children hold, in bytes. */
  long residentBytes() throws IOException {
    long bytes = 0;
    for (ProcessHandle handle : family()) {
      try (Stream<String> lines = Files.lines(Path.of("/proc", "" + handle.pid(), "status"))) {
        bytes +=
            lines
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum()
                * BYTES_PER_KB;
      }
    }
    return bytes;
  }

  /** Runs a phase and tells what it cost this server. */
  Run run(LoadSession session, Phase phase) throws IOException {
    double beforeNs = cpuNs();
    Result result = session.run(phase);
    return new Run(result, cpuNs() - beforeNs);
  }

  /**
   * The processor time that the server and its children have used, in nanoseconds, as exact as the
   * system counts it (on Linux {@code utime} and {@code stime} of {@code /proc}, in steps of 10
   * ms); not a number where it does not tell.
   */
  private double cpuNs() {
    double ns = 0;
    for (ProcessHandle handle : family()) {
      Optional<Duration> time = handle.info().totalCpuDuration();
      ns += time.map(duration -> (double) duration.toNanos()).orElse(Double.NaN);
    }
    return ns;
  }

  /**
   * Takes the processor away from the server until {@link #resume}, whatever it would do on its
   * own: collect garbage, keep its lists in order.
   */
  void pause() throws IOException {
    signal("STOP");
  }

  /** Lets it go on. */
  void resume() throws IOException {
    signal("CONT");
  }

  /** A server that has ended meanwhile gets none; whoever wants something of it will notice. */
  private void signal(String name) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "kill \"$@\"", "kill", "-" + name));
    pids().forEach(pid -> command.add(pid.toString()));
    Process kill =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      kill.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a server was signalled: " + name);
    }
  }

  /** The processes of the server. */
  List<Long> pids() {
    return family().stream().map(ProcessHandle::pid).toList();
  }

  private List<ProcessHandle> family() {
    List<ProcessHandle> family = new ArrayList<>(process.descendants().toList());
    family.add(process.toHandle());
    return family;
  }

  private void kill() {
    family().forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() throws IOException {
    resume(); // a server that is paused does not hear that it is to end
    // Asked while the parent lives: afterwards nobody knows whose children they were.
    List<ProcessHandle> family = family();
    family.forEach(ProcessHandle::destroy);
    try {
      process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    Runtime.getRuntime().removeShutdownHook(lastDuty);
    Files.deleteIfExists(log);
  }
}
