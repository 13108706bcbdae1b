package io.fkvs.cluster;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsException;
import io.fkvs.client.Protocol;
import io.fkvs.wire.ErrorCode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.ExitCode;

/**
 * Three members on this machine, each a process of its own, so that somebody can see what a cluster
 * does: ask them, kill one, start it again. It goes on until a signal comes, and then ends them.
 */
final class Demo {
  private static final int MEMBERS = 3;

  /** The ports of a member: for the others, for classic and compact, and for RESP. */
  private static final int PORTS = 3;

  /** How long the members may take to find each other, on a busy machine. */
  private static final long MAJORITY_SECONDS = 120;

  /** How long to wait before a majority is asked for again, in milliseconds. */
  private static final long PAUSE_MS = 200;

  private static final String LAUNCHER = System.getProperty("fkvs.launcher", "fkvs-cluster");

  private final Path directory;
  private final boolean isTemporary;
  private final PrintStream out;
  private final List<DemoMember> members;
  private volatile int status = ExitCode.OK;
  private volatile boolean isEnding;

  private Demo(Path directory, boolean isTemporary, PrintStream out) throws IOException {
    this.directory = directory;
    this.isTemporary = isTemporary;
    this.out = out;
    List<Integer> ports = freePorts(MEMBERS * PORTS);
    members =
        IntStream.range(0, MEMBERS)
            .mapToObj(i -> new DemoMember(i, directory, ports.subList(PORTS * i, PORTS * (i + 1))))
            .toList();
    for (DemoMember member : members) {
      member.configure(members);
    }
  }

  /**
   * Runs until a signal ends the process.
   *
   * @param wanted where to keep everything, a new or empty directory; an empty path for one that is
   *     removed at the end
   * @param out who is told what to type
   * @return the exit status, if the members could not be started
   */
  static int run(Path wanted, PrintStream out) throws IOException, InterruptedException {
    boolean isTemporary = wanted.toString().isEmpty();
    Path directory = isTemporary ? Files.createTempDirectory("fkvs-cluster-") : empty(wanted);
    return new Demo(directory.toAbsolutePath(), isTemporary, out).run();
  }

  private static Path empty(Path wanted) throws IOException {
    Files.createDirectories(wanted);
    try (Stream<Path> files = Files.list(wanted)) {
      if (files.findAny().isPresent()) {
        throw new IllegalArgumentException("directory is not empty: demo=" + wanted);
      }
    }
    return wanted;
  }

  /** Ports of loopback that nobody has; all at once, so that no two are the same. */
  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  private int run() throws IOException, InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::end, "fkvs-demo-end"));
    out.println("Starting three members of a cluster, each a process of its own.");
    for (DemoMember member : members) {
      member.start();
    }
    for (DemoMember member : members) {
      if (!member.awaitReady()) {
        return failed("member " + member.number() + " did not start:", member.logged());
      }
      member.onExit(() -> died(member));
    }
    if (!awaitMajority()) {
      return failed("the members do not find each other:", members.getFirst().logged());
    }
    members.forEach(member -> out.println(member.description()));
    out.println(advice());
    new CountDownLatch(1).await();
    return status;
  }

  private int failed(String what, String log) {
    status = ExitCode.SOFTWARE;
    out.println(what + System.lineSeparator() + log);
    return status;
  }

  private boolean awaitMajority() throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAJORITY_SECONDS);
    ClientConfig compact = ClientConfig.defaults().withProtocol(Protocol.COMPACT);
    int port = members.getFirst().port();
    try (FkvsClient client = FkvsClient.connect("127.0.0.1", port, compact)) {
      while (!hasMajority(client)) {
        if (System.nanoTime() - endNs > 0) {
          return false;
        }
        Thread.sleep(PAUSE_MS);
      }
      return true;
    } catch (FkvsException e) {
      out.println(e.getMessage());
      return false;
    }
  }

  private static boolean hasMajority(FkvsClient client) {
    try {
      client.get("greeting");
      return true;
    } catch (FkvsException e) {
      if (e.code().orElseThrow(() -> e) == ErrorCode.NO_MAJORITY) {
        return false;
      }
      throw e;
    }
  }

  private String advice() {
    DemoMember first = members.getFirst();
    DemoMember second = members.get(1);
    DemoMember third = members.getLast();
    String client = Path.of(LAUNCHER).resolveSibling("fkvs-cli").toString();
    return """

    They answer as one. In another terminal, set on one and get from another:

        %1$s -p %2$d SET greeting hello
        %1$s -p %3$d GET greeting
        redis-cli -p %4$d INCR visits

    Kill any of them, and the two others go on:

        kill -9 %5$d

    Ctrl-C ends all of them.
    """
        .formatted(client, first.port(), second.port(), third.respPort(), first.pid());
  }

  private void died(DemoMember member) {
    if (isEnding) {
      return;
    }
    boolean areEnough = 2 * members.stream().filter(DemoMember::isThere).count() > MEMBERS;
    out.println(
        """
        Member %d has died (%s). %s Start it again in another terminal:

            %s -c %s
        """
            .formatted(
                member.number(),
                member.end(),
                areEnough
                    ? "The others go on."
                    : "Too few are left: they refuse requests until one is back.",
                LAUNCHER,
                member.configuration()));
  }

  /** Runs when a signal came, or when the members could not be started. */
  private void end() {
    isEnding = true;
    members.forEach(DemoMember::stop);
    members.forEach(DemoMember::awaitStop);
    List<Integer> strangers =
        members.stream().filter(DemoMember::isThere).map(DemoMember::number).toList();
    if (!strangers.isEmpty()) {
      out.println(
          "Still running, since somebody else has started them: members="
              + strangers
              + ". Kept: directory="
              + directory);
    } else if (isTemporary) {
      remove();
    }
    out.flush();
    Runtime.getRuntime().halt(status);
  }

  private void remove() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      out.println("cannot be removed: directory=" + directory + ", cause=" + e);
    }
  }
}
