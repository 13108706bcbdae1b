package io.fkvs.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A network of the members' own: each has a namespace of Linux with an address on one bridge, on
 * which the tests' clients are, too. What one member sends to another can be made to get lost,
 * which neither of them is told: it goes to a hardware address that nobody has. Clients reach every
 * member all the time.
 *
 * <p>Needs Linux, {@code ip}, {@code tc} and the rights of root.
 */
final class Network implements AutoCloseable {
  private static final String DEVICE = "eth0";

  private static final String NOBODY = "02:00:00:00:00:fe";

  /** How much of 198.18.0.0/15, which is set aside for tests of networks, a process may take. */
  private static final int SUBNETS = 512;

  private static final int CLIENTS = 254;

  /** Drops one of ten packets: load a random number, compare it with 0.9 * 2^32, drop or pass. */
  private static final String DROP_SOME =
      "4,32 0 0 4294963256,53 0 1 3865470566,6 0 0 2,6 0 0 4294967295";

  /** Lets packets be late; where the kernel cannot do that, lets them stand in a queue. */
  private static final List<String> SLOWNESS =
      List.of("netem delay 20ms 10ms", "tbf rate 1mbit burst 16kb latency 100ms");

  private final int members;
  private final Random random;
  private final String name;
  private final String subnet;
  private final boolean canLoseSome;
  private final boolean canBeSlow;

  /**
   * Makes it.
   *
   * @param members how many there are
   * @param random what chooses
   * @throws IOException if this system does not let it, with the reason
   */
  Network(int members, Random random) throws IOException {
    this.members = members;
    this.random = random;
    long process = ProcessHandle.current().pid();
    int number = (int) (process % SUBNETS);
    name = "fkvs" + process;
    subnet = "198." + (18 + number / 256) + "." + number % 256 + ".";
    remove();
    try {
      make();
    } catch (IOException e) {
      remove();
      throw e;
    }
    canLoseSome = loseSome(0);
    canBeSlow = slow(0);
    heal();
  }

  private void make() throws IOException {
    Commands.run("ip link add " + name + " type bridge");
    Commands.run("ip addr add " + subnet + CLIENTS + "/24 dev " + name);
    Commands.run("ip link set " + name + " up");
    for (int member = 0; member < members; member++) {
      String space = space(member);
      Commands.run("ip netns add " + space);
      Commands.run("ip link add " + space + " type veth peer name " + DEVICE + " netns " + space);
      Commands.run("ip link set " + space + " master " + name + " up");
      Commands.run("ip -n " + space + " addr add " + host(member) + "/24 dev " + DEVICE);
      Commands.run("ip -n " + space + " link set " + DEVICE + " up");
      Commands.run("ip -n " + space + " link set lo up");
    }
  }

  /** Removes what there is of it. */
  private void remove() {
    for (int member = 0; member < members; member++) {
      Commands.succeeds("ip link delete " + space(member));
      Commands.succeeds("ip netns delete " + space(member));
    }
    Commands.succeeds("ip link delete " + name);
  }

  /** The name of a member's namespace, and of its cable's end at the bridge. */
  private String space(int member) {
    return name + "-" + member;
  }

  /** The address of a member. */
  String host(int member) {
    return subnet + (1 + member);
  }

  /** What a command begins with that is to run where a member is. */
  List<String> enter(int member) {
    return List.of("ip", "netns", "exec", space(member));
  }

  // ---- what may happen

  /** What one member sends to another gets lost from now on. */
  void cut(int from, int to) {
    must(
        "ip -n %s neigh replace %s lladdr %s dev %s nud permanent"
            .formatted(space(from), host(to), NOBODY, DEVICE));
  }

  /** Two members do not hear each other any more. */
  void cutBetween(int one, int other) {
    cut(one, other);
    cut(other, one);
  }

  /** The others do not hear a member any more. */
  void mute(int member) {
    others(member).forEach(other -> cut(member, other));
  }

  /** A member does not hear the others any more. */
  void deafen(int member) {
    others(member).forEach(other -> cut(other, member));
  }

  /** A member and the others do not hear each other any more. */
  void cutOff(int member) {
    mute(member);
    deafen(member);
  }

  /** What some member sends to some other one gets lost from now on. */
  void cutSome() {
    int from = random.nextInt(members);
    cut(from, (from + 1 + random.nextInt(members - 1)) % members);
  }

  private IntStream others(int member) {
    return IntStream.range(0, members).filter(other -> other != member);
  }

  /** A time between 20 and 1000 milliseconds. */
  Duration moment() {
    return Duration.ofMillis(random.nextInt(20, 1000));
  }

  boolean canLoseSome() {
    return canLoseSome;
  }

  boolean canBeSlow() {
    return canBeSlow;
  }

  /**
   * Of the packets that a member sends, to whomever, one of ten gets lost.
   *
   * @return whether this system can do that
   */
  boolean loseSome(int member) {
    String filter =
        "tc -n %s filter add dev %s egress bpf da bytecode".formatted(space(member), DEVICE);
    return Commands.succeeds("tc -n %s qdisc add dev %s clsact".formatted(space(member), DEVICE))
        && Commands.succeeds(filter, DROP_SOME);
  }

  /**
   * What a member sends, to whomever, takes longer.
   *
   * @return whether this system can do that
   */
  boolean slow(int member) {
    return SLOWNESS.stream()
        .anyMatch(
            how ->
                Commands.succeeds(
                    "tc -n %s qdisc add dev %s root %s".formatted(space(member), DEVICE, how)));
  }

  /** Everything arrives again. */
  void heal() {
    for (int member = 0; member < members; member++) {
      must("ip -n %s neigh flush dev %s nud permanent".formatted(space(member), DEVICE));
      Commands.succeeds("tc -n %s qdisc delete dev %s root".formatted(space(member), DEVICE));
      Commands.succeeds("tc -n %s qdisc delete dev %s clsact".formatted(space(member), DEVICE));
    }
  }

  private static void must(String command) {
    try {
      Commands.run(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes it, whatever has happened. Members that run may go on, but reach nobody. */
  @Override
  public void close() {
    remove();
  }
}
