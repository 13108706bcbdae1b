package io.fkvs.cluster.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.cluster.consensus.Consensus;
import io.fkvs.cluster.consensus.Group;
import io.fkvs.server.app.security.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.Server;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyServerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members that speak TLS with each other, and who else wants to come in. */
class TlsTest extends ThreeMembers {
  private static final Path FILES = Path.of("..", "src", "test", "resources", "tls");

  /** Has no restriction of use, and is for 127.0.0.1. */
  private static final SSLContext OWN = context("rsa", "ca");

  private static final Optional<Tls> PLAIN = Optional.empty();
  private static final ClientId CLIENT = ClientId.randomId();

  private static SSLContext context(String certificate, String authority) {
    return TlsFiles.context(file(certificate), file(certificate + "-key"), file(authority));
  }

  private static Path file(String name) {
    return FILES.resolve(name + ".pem");
  }

  @Override
  Group group(int member) {
    return super.group(member).withTls(OWN);
  }

  @Test
  void shouldAgreeOverTls() {
    for (int member = 0; member < MEMBERS; member++) {
      agree(member, "from " + member);
    }
    assertSame();
    int follower = follower();
    agree(follower, "x".repeat(Settings.MAX_ENTRY));
    long here = confirm(follower);
    entries[follower].await(e -> e.isConfirmed(here));
  }

  @Test
  void shouldTakeNothingOfWhoHasNoCertificateOfTheirs() throws IOException {
    int leader = awaitLeader();
    try (Link own = link("127.0.0.1", leader, with(OWN))) {
      assertTrue(own.groupInfo(CLIENT).isPresent());
      assertTrue(send(own, leader, "let in").join().isSuccess());
    }
    assertRefused(leader, "plain", PLAIN);
    assertRefused(leader, "without any", with(TlsFiles.context(null, null, file("ca"))));
    assertRefused(leader, "of nobody", with(context("stranger", "ca")));
    assertRefused(leader, "for servers alone", with(context("server", "ca")));
    agree(leader, "afterwards");
    assertTrue(entries[leader].has("let in"));
    assertFalse(entries[leader].applied().stream().anyMatch(text -> text.startsWith("refused")));
  }

  private void assertRefused(int leader, String text, Optional<Tls> tls) {
    try (Link link = link("127.0.0.1", leader, tls)) {
      assertThrows(IOException.class, () -> link.groupInfo(CLIENT), text);
      CompletableFuture<RaftClientReply> reply = send(link, leader, "refused, " + text);
      assertThrows(CompletionException.class, reply::join, text);
    }
  }

  @Test
  void shouldCompareTheNameWithTheHost() throws IOException {
    Tls elsewhere = Tls.of(context("elsewhere", "elsewhere"));
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Server server =
        NettyServerBuilder.forAddress(any).sslContext(elsewhere.server()).build().start();
    try (Link link = new Link("127.0.0.1:" + server.getPort(), Optional.of(elsewhere))) {
      IOException refused = assertThrows(IOException.class, () -> link.groupInfo(CLIENT));
      assertTrue(causes(refused).contains("No subject alternative names"), causes(refused));
    } finally {
      server.shutdownNow();
    }
  }

  @Test
  void shouldKeepOtherMembersOut(@TempDir Path directory) throws Exception {
    Group plain = new Group(0, elsewhere(), directory.resolve("plain"));
    assertOut(plain, "another member does not answer: address=127.0.0.1:");
    Group foreign =
        new Group(0, elsewhere(), directory.resolve("foreign"))
            .withTls(context("stranger", "stranger"));
    assertOut(foreign, "no TLS with another member: address=127.0.0.1:");
  }

  /** Where the members are, but for the first of them: there is nobody yet. */
  private List<Group.Address> elsewhere() throws IOException {
    return List.of(freePorts().getFirst(), addresses.get(1), addresses.get(2));
  }

  /** One that comes with an empty directory asks the others for all that they have. */
  private void assertOut(Group group, String logged) throws InterruptedException {
    Entries nothing = new Entries();
    try (Logged log = new Logged();
        RatisConsensus intruder = new RatisConsensus(group, nothing)) {
      log.await(logged);
      agree(awaitLeader(), "without it");
      assertEquals(Consensus.NOBODY, intruder.leader());
      assertFalse(intruder.propose(bytes("refused")));
      assertEquals(List.of(), nothing.applied());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "client, ca, 127.0.0.1, Extended key usage does not permit use for TLS server authentication",
    "server, ca, 127.0.0.1, Extended key usage does not permit use for TLS client authentication",
    "rsa, stranger, 127.0.0.1, PKIX path building failed",
    "rsa, ca, 127.0.0.2, No subject alternative names matching IP address 127.0.0.2 found",
    "rsa, ca, example.org, No subject alternative DNS name matching example.org found",
  })
  void shouldRefuseWhatOthersWouldRefuse(
      String certificate, String authority, String host, String cause, @TempDir Path directory) {
    Group group =
        new Group(0, List.of(new Group.Address(host, 1)), directory)
            .withTls(context(certificate, authority));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> new RatisConsensus(group, new Entries()));
    String message =
        "other members would refuse the certificate of this one: host=" + host + ", cause=";
    assertTrue(refused.getMessage().startsWith(message), refused.getMessage());
    assertTrue(refused.getMessage().contains(cause), refused.getMessage());
  }

  private static Optional<Tls> with(SSLContext context) {
    return Optional.of(Tls.of(context));
  }

  private Link link(String host, int member, Optional<Tls> tls) {
    return new Link(host + ":" + addresses.get(member).port(), tls);
  }

  private CompletableFuture<RaftClientReply> send(Link link, int leader, String text) {
    return link.send(
        RaftClientRequest.newBuilder()
            .setClientId(CLIENT)
            .setServerId(RaftPeerId.valueOf(Integer.toString(leader)))
            .setGroupId(Membership.GROUP)
            .setCallId(++ticket)
            .setType(RaftClientRequest.writeRequestType())
            .setMessage(Message.valueOf(ByteString.copyFromUtf8(text)))
            .build());
  }

  private static String causes(Throwable failure) {
    return failure == null ? "" : failure + "; " + causes(failure.getCause());
  }
}
