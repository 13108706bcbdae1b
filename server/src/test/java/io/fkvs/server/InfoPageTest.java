package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} explains every field of INFO, and no other. */
class InfoPageTest {
  private static final Path PAGE = Path.of("..", "docs", "operations.md");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  /** Before the names of what is told of the first shard of several. */
  private static final String OF_FIRST_SHARD = "first_shard_";

  /** Of every table, in all its states, alone and in shards. */
  @Test
  void shouldExplainEveryFieldOfInfo() throws IOException {
    Set<String> fields = new TreeSet<>();
    for (TestServers.Kind kind : TestServers.kinds(1, 2)) {
      ServerConfig config =
          kind.config().withUnixSocket(TestServers.socketPath()).withDisk(new ForgetfulDisk());
      try (Server server = Server.start(config);
          Peer peer = Peer.connect(server.address())) {
        Pattern field = Pattern.compile("(?m)^([^#:]+): ");
        field
            .matcher(Info.of(peer))
            .results()
            .map(name -> name.group(1).replace(OF_FIRST_SHARD, ""))
            .forEach(fields::add);
      }
    }
    Set<String> explained = new TreeSet<>();
    String page = Files.readString(PAGE);
    String section = page.substring(page.indexOf("### The fields of INFO"));
    section = section.substring(0, section.indexOf("\n## "));
    for (MatchResult row :
        Pattern.compile("(?m)^\\| (`.*?) \\|").matcher(section).results().toList()) {
      NAME.matcher(row.group(1)).results().map(name -> name.group(1)).forEach(explained::add);
    }
    assertEquals(fields, explained);
  }
}
