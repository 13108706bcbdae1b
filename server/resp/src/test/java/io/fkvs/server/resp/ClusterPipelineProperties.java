package io.fkvs.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.Server;
import io.fkvs.server.ServerConfig;
import io.fkvs.server.replication.Replication;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * A member of a cluster answers a pipeline as a server does that is alone: requests that wait for
 * others keep their order, whatever they do and wherever a round ends.
 */
class ClusterPipelineProperties {
  private static final String LONG = "long ".repeat(6_000);

  private static Server alone;
  private static Server member;

  @BeforeContainer
  static void start() throws IOException {
    ServerConfig config = ServerConfig.defaults().withPort(0).withRespPort(0);
    alone = Server.start(config);
    member =
        Server.start(
            config.withReplication(
                new Replication(0, 1, new LoneLog(), false, Duration.ofSeconds(10))));
  }

  @AfterContainer
  static void stop() {
    alone.close();
    member.close();
  }

  @Provide
  Arbitrary<List<List<String>>> pipelines() {
    Arbitrary<String> key = Arbitraries.of("a", "b", "c");
    Arbitrary<String> value = Arbitraries.of("1", "text", LONG);
    Arbitrary<List<String>> change =
        Arbitraries.oneOf(
            Combinators.combine(key, value).as((k, v) -> List.of("SET", k, v)),
            Combinators.combine(key, value).as((k, v) -> List.of("GETSET", k, v)),
            Combinators.combine(key, value).as((k, v) -> List.of("APPEND", k, v)),
            Combinators.combine(key, key).as((k, l) -> List.of("RENAME", k, l)),
            Combinators.combine(key, key).as((k, l) -> List.of("DEL", k, l)),
            key.map(k -> List.of("INCR", k)),
            key.map(k -> List.of("GETDEL", k)),
            key.map(k -> List.of("PEXPIRE", k, "1000000")),
            Arbitraries.just(List.of("FLUSHALL")));
    Arbitrary<List<String>> look =
        Arbitraries.oneOf(
            key.map(k -> List.of("GET", k)),
            key.map(k -> List.of("STRLEN", k)),
            key.map(k -> List.of("EXISTS", k, "b")),
            key.map(k -> List.of("MGET", k, "a", "b")),
            Arbitraries.just(List.of("DBSIZE")));
    Arbitrary<List<String>> other =
        Arbitraries.of(
            List.of("PING"),
            List.of("MULTI"),
            List.of("EXEC"),
            List.of("DISCARD"),
            List.of("WATCH", "a"),
            List.of("UNWATCH"),
            List.of("GET"),
            List.of("SET", "a"),
            List.of("NONSENSE"),
            List.of("HELLO", "3"),
            List.of("CLIENT", "REPLY", "SKIP"));
    return Arbitraries.frequencyOf(Tuple.of(5, change), Tuple.of(5, look), Tuple.of(2, other))
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  @Property(tries = 150)
  void shouldAnswerAPipelineAsAServerThatIsAlone(@ForAll("pipelines") List<List<String>> requests)
      throws IOException {
    assertEquals(answers(alone, requests), answers(member, requests));
  }

  /** Behind others, too. */
  @Example
  void shouldRefuseWhatNoEntryHolds() throws IOException {
    String value = "v".repeat(LoneLog.MAX_ENTRY_BYTES / 2);
    List<String> answers =
        answers(member, List.of(List.of("GET", "a"), List.of("MSET", "a", value, "b", value)));
    assertEquals(
        "-ERR request is longer than the servers of a cluster can agree on",
        answers.get(2).strip());
  }

  private static List<String> answers(Server server, List<List<String>> requests)
      throws IOException {
    List<String> answers = new ArrayList<>();
    try (RespPeer peer = new RespPeer(server.respAddress().orElseThrow().getPort())) {
      peer.send(RespPeer.request(List.of("FLUSHALL")));
      answers.add(peer.read());
      StringBuilder all = new StringBuilder();
      requests.forEach(request -> all.append(RespPeer.request(request)));
      all.append(RespPeer.request(List.of("DISCARD")));
      all.append(RespPeer.request(List.of("CLIENT", "REPLY", "ON")));
      all.append(RespPeer.request(List.of("ECHO", "the end")));
      peer.send(all.toString());
      while (!answers.getLast().contains("the end")) {
        answers.add(peer.read().replaceAll("id\r\n:[0-9]+", "id"));
      }
    }
    return answers;
  }
}
