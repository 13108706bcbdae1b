package io.fkvs.cluster;

import io.fkvs.client.ClientConfig;
import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsException;
import io.fkvs.client.Protocol;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The members of a cluster, each a process, and what may happen to them. */
final class Members implements AutoCloseable {
  static final int COUNT = 3;

  /** How long a member may take for anything on a machine that does other things, too. */
  private static final long PATIENCE_MS = 90_000;

  private static final long PAUSE_MS = 20;

  private static final int PORTS = 3;

  private final Path directory;
  private final Duration patience;
  private final Optional<Network> network;
  private final List<Disk> disks;
  private final List<Integer> ports;
  private final Process[] processes = new Process[COUNT];

  /** Starts them, on loopback and on the disk of a directory. */
  Members(Path directory, Duration patience) {
    this(directory, patience, Optional.empty(), List.of());
  }

  /**
   * Starts them.
   *
   * @param directory where their logs are, and what they keep where there are no disks
   * @param patience how long a client waits for a majority
   * @param network where they are, if not on loopback; owned
   * @param disks what they keep is there, for each on one, or there are none; owned
   */
  Members(Path directory, Duration patience, Optional<Network> network, List<Disk> disks) {
    this.directory = directory;
    this.patience = patience;
    this.network = network;
    this.disks = disks;
    ports = freePorts(COUNT * PORTS);
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    try {
      startAll();
      awaitMajority();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static List<Integer> freePorts(int count) {
    try {
      return Demo.freePorts(count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The member that comes after another one, in a circle. */
  static int next(int member) {
    return (member + 1) % COUNT;
  }

  // ---- what may happen

  /** Starts a member, or starts it again. */
  void start(int member) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(member));
    arguments.add(folder(member).toString());
    arguments.add(Long.toString(patience.toMillis()));
    for (int i = 0; i < COUNT; i++) {
      arguments.add(host(i));
      ports.subList(PORTS * i, PORTS * (i + 1)).forEach(port -> arguments.add(port.toString()));
    }
    start(member, TestMember.class, arguments);
  }

  /** Starts a member as users do, whose exit status counts. It saves its state when it wants. */
  void startProgram(int member) {
    String members =
        IntStream.range(0, COUNT)
            .mapToObj(i -> host(i) + ":" + ports.get(PORTS * i))
            .collect(Collectors.joining(","));
    String flags =
        "--member %d --members %s --directory %s --patience %d --bind %s --port %d --resp-port %d"
            + " --max-memory 256m --max-client-memory 64m --warmup 0 --insecure";
    start(
        member,
        FkvsCluster.class,
        List.of(
            flags
                .formatted(
                    member,
                    members,
                    folder(member),
                    patience.toSeconds(),
                    host(member),
                    address(member).getPort(),
                    respPort(member))
                .split(" ")));
  }

  private void start(int member, Class<?> program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    network.ifPresent(n -> command.addAll(n.enter(member)));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms128m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1", // three of them start, and the test does not measure
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-Dfkvs.of-demo=true", // ends with its standard input
            "-ea",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName()));
    command.addAll(arguments);
    File log = directory.resolve("member-" + member + ".log").toFile();
    try {
      processes[member] =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends a member as a loss of its power would, but for what the system has not written yet. */
  void kill(int member) {
    processes[member].destroyForcibly();
    try {
      processes[member].waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void killAll() {
    for (int member = 0; member < COUNT; member++) {
      processes[member].destroyForcibly();
    }
    for (int member = 0; member < COUNT; member++) {
      kill(member);
    }
  }

  void startAll() {
    for (int member = 0; member < COUNT; member++) {
      start(member);
    }
  }

  /** A member stands still, as a virtual machine that is moved. */
  void freeze(int member) {
    signal(member, "STOP");
  }

  void thaw(int member) {
    signal(member, "CONT");
  }

  private void signal(int member, String name) {
    try {
      int status =
          new ProcessBuilder("kill", "-" + name, Long.toString(processes[member].pid()))
              .start()
              .waitFor();
      if (status != 0) {
        throw new IllegalStateException("signal was refused: name=" + name);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The disk of a member that is killed is lost. */
  void wipe(int member) {
    try (Stream<Path> files = Files.walk(folder(member))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has a member save its state. */
  void snapshot(int member) {
    try {
      processes[member].getOutputStream().write("snapshot\n".getBytes());
      processes[member].getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path folder(int member) {
    return disks.isEmpty()
        ? directory.resolve("data-" + member)
        : disk(member).folder().resolve("data");
  }

  boolean haveNetwork() {
    return network.isPresent();
  }

  Network network() {
    return network.orElseThrow();
  }

  boolean haveDisks() {
    return !disks.isEmpty();
  }

  Disk disk(int member) {
    return disks.get(member);
  }

  /** Waits until a member has ended by itself, and answers its exit status. */
  int awaitEnd(int member) {
    await("the end of member " + member, () -> !processes[member].isAlive());
    return processes[member].exitValue();
  }

  // ---- what they say

  List<SocketAddress> addresses() {
    List<SocketAddress> addresses = new ArrayList<>();
    for (int member = 0; member < COUNT; member++) {
      addresses.add(address(member));
    }
    return addresses;
  }

  InetSocketAddress address(int member) {
    return new InetSocketAddress(host(member), ports.get(1 + PORTS * member));
  }

  private String host(int member) {
    return network.map(n -> n.host(member)).orElse("127.0.0.1");
  }

  int respPort(int member) {
    return ports.get(2 + PORTS * member);
  }

  static ClientConfig config() {
    return ClientConfig.defaults()
        .withProtocol(Protocol.COMPACT)
        .withReadTimeout(Duration.ofSeconds(30));
  }

  FkvsClient client(int member) {
    return FkvsClient.connect(address(member), config());
  }

  /** What INFO says of the cluster; nothing where the member does not answer. */
  Map<String, String> status(int member) {
    try (FkvsClient client = client(member)) {
      String info = client.info();
      return info.substring(info.indexOf("# cluster"))
          .lines()
          .filter(line -> line.contains(": "))
          .map(line -> line.split(": ", 2))
          .collect(Collectors.toMap(words -> words[0], words -> words[1]));
    } catch (FkvsException e) {
      return Map.of();
    }
  }

  /** The member that leads, which all agree on. */
  int leader() {
    await("a leader", () -> leaders().size() == 1 && !leaders().contains("none"));
    return Integer.parseInt(leaders().iterator().next());
  }

  private Set<String> leaders() {
    Set<String> leaders = new HashSet<>();
    for (int member = 0; member < COUNT; member++) {
      if (processes[member].isAlive()) {
        leaders.add(status(member).getOrDefault("leader", "none"));
      }
    }
    return leaders;
  }

  void awaitMajority() {
    for (int member = 0; member < COUNT; member++) {
      awaitMajority(member);
    }
  }

  void awaitMajority(int member) {
    await(
        "member " + member + " has a majority",
        () -> status(member).getOrDefault("has_majority", "").equals("true"));
  }

  /** All have carried out the same, and have the same. */
  void awaitSame() {
    awaitMajority();
    await("the same state", () -> states().size() == 1);
  }

  private Set<String> states() {
    Set<String> states = new HashSet<>();
    for (int member = 0; member < COUNT; member++) {
      Map<String, String> status = status(member);
      states.add(status.get("rounds") + " " + status.get("state_hash"));
    }
    return states;
  }

  void await(String what, BooleanSupplier isSo) {
    long startNs = System.nanoTime();
    while (!isSo.getAsBoolean()) {
      if (System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS)) {
        throw new IllegalStateException("waited in vain for " + what + ", " + logs());
      }
      pause();
    }
  }

  /** Not longer than the first member lives: who is asked all the time does nothing else. */
  private void pause() {
    try {
      processes[0].waitFor(PAUSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String logs() {
    StringBuilder text = new StringBuilder();
    for (int member = 0; member < COUNT; member++) {
      try {
        List<String> lines = Files.readAllLines(directory.resolve("member-" + member + ".log"));
        text.append("member ").append(member).append(": ").append(status(member)).append('\n');
        lines
            .subList(Math.max(0, lines.size() - 20), lines.size())
            .forEach(line -> text.append(line).append('\n'));
      } catch (IOException e) {
        text.append(e);
      }
    }
    return text.toString();
  }

  /** Ends them and takes away what they had. Again, it does nothing. */
  @Override
  public void close() {
    List<Process> started = Stream.of(processes).filter(Objects::nonNull).toList();
    started.forEach(Process::destroyForcibly);
    for (Process process : started) {
      process.onExit().join();
    }
    network.ifPresent(Network::close);
    disks.forEach(Disk::close);
  }
}
