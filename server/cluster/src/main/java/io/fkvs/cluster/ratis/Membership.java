package io.fkvs.cluster.ratis;

import io.fkvs.cluster.consensus.Group;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.ProtoUtils;

/**
 * How a member gets into its group.
 *
 * <p>A member that has lost its directory must not come back as if nothing had happened: the others
 * count on what it had written and on whom it had voted for. So a member has a <em>name</em>, which
 * is lost with the directory: the name of the folder in it. Founders are named by their numbers.
 * One that comes back without its directory takes a new name, its number and something random, and
 * asks the leader to put that name in the place of its old one. A majority of the others has to
 * agree to it; then it gets a copy of the state. Two members that lost their directories out of
 * three get nothing: the group stands still, but does not forget silently.
 *
 * <p>A member with an empty directory founds the group with the others if all of them are there and
 * none of them has an entry. If one has, the group exists, and the member has to join.
 */
final class Membership implements AutoCloseable {
  static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.nameUUIDFromBytes("fkvs".getBytes(StandardCharsets.UTF_8)));

  /** How long closing may take, in milliseconds. */
  private static final long PATIENCE_MS = 10_000;

  private final Group group;
  private final ReplicaMachine machine;
  private final Optional<Tls> tls;
  private final Function<String, Link> links;
  private final ClientId client = ClientId.randomId();

  private volatile String name;
  private volatile RaftServer server;
  private volatile RaftServer.Division division;
  private Thread closing;

  /**
   * @param group the members
   * @param machine the state
   * @param tls how the members' connections are encrypted, if they are
   * @param links leads to another member, by its name
   */
  Membership(Group group, ReplicaMachine machine, Optional<Tls> tls, Function<String, Link> links) {
    this.group = group;
    this.machine = machine;
    this.tls = tls;
    this.links = links;
  }

  /** Begins with what the directory holds. */
  void start() throws IOException {
    Files.createDirectories(group.directory());
    List<String> names = names();
    if (names.size() > 1) {
      throw new IOException(
          "the directory has several members in it: directory=" + group.directory() + " " + names);
    }
    if (names.isEmpty()) {
      open(founder(group.member()), null);
    } else {
      begin(names.getFirst());
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> folders = Files.list(group.directory())) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve(GROUP.getUuid().toString())))
          .map(folder -> folder.getFileName().toString())
          .toList();
    }
  }

  private void begin(String name) throws IOException {
    LogTail.mend(home(name).resolve(GROUP.getUuid().toString()).resolve("current"));
    boolean founder = name.equals(founder(group.member()));
    open(name, founder ? founders() : RaftGroup.valueOf(GROUP));
    division = server.getDivision(GROUP);
    requireWholeLog();
  }

  private synchronized void open(String name, RaftGroup group) throws IOException {
    if (closing != null) {
      throw new IOException("the member is closed");
    }
    this.name = name;
    Parameters parameters = new Parameters();
    machine.appenders().in(parameters);
    tls.ifPresent(contexts -> contexts.put(parameters));
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters, (builder, types) -> builder.intercept(new OwnName(name)));
    server =
        RaftServer.newBuilder()
            .setParameters(parameters)
            .setServerId(id())
            .setGroup(group)
            .setStateMachine(machine)
            .setProperties(Settings.of(this.group.own(), home(name)))
            .setOption(StartupOption.RECOVER)
            .build();
    try {
      server.start();
    } catch (ExitUtils.ExitException e) {
      throw new IOException("cannot listen: address=" + address(name), e.getCause());
    }
  }

  private Path home(String name) {
    return group.directory().resolve(name);
  }

  /** The entries behind the snapshot must be there. They are not if a snapshot got lost. */
  private void requireWholeLog() throws IOException {
    long first = division.getRaftLog().getStartIndex();
    long snapshot = Math.max(-1, machine.getLastAppliedTermIndex().getIndex());
    if (first > snapshot + 1) {
      throw new IOException(
          "the log begins behind the snapshot, replace this member's directory: directory="
              + group.directory()
              + " log="
              + first
              + " snapshot="
              + snapshot);
    }
  }

  /**
   * Does the next step into the group, if this member is not in it yet. May wait for other members
   * for a second or two.
   *
   * @throws IOException if one of them cannot be asked; to be tried again later
   */
  void settle() throws IOException {
    if (division == null) {
      foundOrRejoin();
    } else if (!voters().all().contains(name)) {
      join();
    }
  }

  private void foundOrRejoin() throws IOException {
    boolean exists = false;
    for (String other : others()) {
      exists |= links.apply(other).groupInfo(client).filter(Membership::hasEntries).isPresent();
    }
    if (exists) {
      server.close();
      begin(
          group.member() + "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
    } else {
      server.groupManagement(GroupManagementRequest.newAdd(client, id(), 0, founders(), false));
      division = server.getDivision(GROUP);
    }
  }

  private static boolean hasEntries(GroupInfoReply info) {
    return info.getLogInfoProto().hasLastEntry() || info.getLogInfoProto().hasLastSnapshot();
  }

  /** Asks whoever leads to put this member in the place of the one with its number. */
  private void join() throws IOException {
    for (String other : others()) {
      Link link = links.apply(other);
      Optional<GroupInfoReply> info = link.groupInfo(client);
      if (info.isEmpty() || info.get().getConf().isEmpty()) {
        continue;
      }
      List<RaftPeer> now =
          info.get().getConf().get().getPeersList().stream().map(ProtoUtils::toRaftPeer).toList();
      List<RaftPeer> then =
          new ArrayList<>(now.stream().filter(p -> number(p.getId()) != group.member()).toList());
      then.add(peer(name));
      if (link.setConfiguration(request(other, now, then))) {
        return;
      }
    }
  }

  private SetConfigurationRequest request(String to, List<RaftPeer> now, List<RaftPeer> then) {
    return new SetConfigurationRequest(
        client,
        RaftPeerId.valueOf(to),
        GROUP,
        0,
        SetConfigurationRequest.Arguments.newBuilder()
            .setServersInCurrentConf(now)
            .setServersInNewConf(then)
            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
            .build());
  }

  /** The other members, by the names of their founders: they are asked where they listen. */
  private List<String> others() {
    return IntStream.range(0, group.members().size())
        .filter(member -> member != group.member())
        .mapToObj(Membership::founder)
        .toList();
  }

  private RaftGroup founders() {
    return RaftGroup.valueOf(
        GROUP,
        IntStream.range(0, group.members().size())
            .mapToObj(member -> peer(founder(member)))
            .toList());
  }

  private RaftPeer peer(String name) {
    return RaftPeer.newBuilder().setId(name).setAddress(address(name)).build();
  }

  private static String founder(int member) {
    return Integer.toString(member);
  }

  static int number(RaftPeerId id) {
    return number(id.toString());
  }

  private static int number(String name) {
    int dash = name.indexOf('-');
    return Integer.parseInt(dash < 0 ? name : name.substring(0, dash));
  }

  /** Where a member listens. */
  String address(String name) {
    Group.Address address = group.members().get(number(name));
    return address.host() + ":" + address.port();
  }

  String name() {
    return name;
  }

  RaftPeerId id() {
    return RaftPeerId.valueOf(name);
  }

  RaftServer server() {
    return server;
  }

  /** What Ratis keeps for the group, or null before this member has found it. */
  RaftServer.Division division() {
    return division;
  }

  Voters voters() {
    return Voters.of(division.getRaftConf());
  }

  /** Whether this member is one of those that agree, and that is agreed on itself. */
  boolean isVoter() {
    RaftServer.Division division = this.division;
    if (division == null) {
      return false;
    }
    RaftConfiguration configuration = division.getRaftConf();
    Voters voters = Voters.of(configuration);
    return voters.current().contains(name)
        && voters.previous().isEmpty()
        && configuration.getLogEntryIndex() <= division.getInfo().getLastAppliedIndex();
  }

  /** Who leads, and takes proposals if it is this member; or null. */
  RaftPeerId leader() {
    RaftServer.Division division = this.division;
    if (division == null) {
      return null;
    }
    DivisionInfo info = division.getInfo();
    return info.isLeader() && !info.isLeaderReady() ? null : info.getLeaderId();
  }

  /** Stops Ratis, or waits for who does. Does not wait for ever. */
  @Override
  public void close() {
    try {
      closing().join(PATIENCE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Thread closing() {
    if (closing == null) {
      closing = Thread.ofPlatform().daemon().name("fkvs-cluster-closing").start(this::closeServer);
    }
    return closing;
  }

  private void closeServer() {
    try {
      if (server != null) {
        server.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
