package io.fkvs.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.cluster.ClusterNode.Part;
import io.fkvs.cluster.consensus.Group.Address;
import io.fkvs.server.app.ServerProgram.OwnOption;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a member can be told, by keys and by flags, and what is said where that is wrong. */
class MemberOptionsTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "cluster.md");
  private static final String TLS = Path.of("..", "src", "test", "resources", "tls") + "/";
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `--([^|]*)\\|([^|]*)\\|([^|]*)\\|[^|]*\\|$");

  @TempDir private Path folder;

  private static Part part(Map<String, String> texts) {
    MemberOptions options = new MemberOptions();
    for (OwnOption option : options.all()) {
      if (texts.containsKey(option.name())) {
        option.setter().accept(texts.get(option.name()));
      }
    }
    return options.part((group, replica) -> null);
  }

  @Test
  void shouldTakeWhatAMemberNeeds() {
    Part part =
        part(Map.of("member", "1", "members", "a.b:7000, c:7001,[::1]:1", "directory", "a b"));

    assertEquals(1, part.group().member());
    assertEquals(
        List.of(new Address("a.b", 7000), new Address("c", 7001), new Address("[::1]", 1)),
        part.group().members());
    assertEquals(Path.of("a b"), part.group().directory());
    assertFalse(part.readsLocal());
    assertEquals(Duration.ofSeconds(5), part.patience());
  }

  @Test
  void shouldTakeWhatElseThereIs() {
    Part part =
        part(
            Map.of(
                "member",
                "0",
                "members",
                "a:1",
                "directory",
                "d",
                "reads",
                "local",
                "patience",
                "2"));

    assertTrue(part.readsLocal());
    assertEquals(Duration.ofSeconds(2), part.patience());
  }

  @Test
  void shouldHaveTlsWhereThereAreFiles() {
    Map<String, String> texts =
        new HashMap<>(Map.of("member", "0", "members", "a:1", "directory", "d"));
    assertTrue(part(texts).group().tls().isEmpty());
    texts.put("members-tls-cert", TLS + "rsa.pem");
    texts.put("members-tls-key", TLS + "rsa-key.pem");
    texts.put("members-tls-ca", TLS + "ca.pem");
    assertTrue(part(texts).group().tls().isPresent());
  }

  /** What is said to who starts a member with these flags, and the lines of a file. */
  private String error(String lines, String... flags) throws Exception {
    Path file = Files.writeString(folder.resolve("node.conf"), lines.replace("; ", "\n"));
    List<String> arguments = new ArrayList<>(List.of("-c", file.toString()));
    arguments.addAll(List.of(flags));
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertEquals(2, new FkvsCluster().execute(arguments.toArray(String[]::new)));
    } finally {
      System.setErr(before);
    }
    return said.toString(StandardCharsets.UTF_8).replace(", file=" + file, "").strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "member x | value is no number: member=x, line=1",
        "member -1 | value is no number: member=-1, line=1",
        "members a | members must be a list host:port,host:port: members=a, wrong=a, line=1",
        "members :1 | members must be a list host:port,host:port: members=:1, wrong=:1, line=1",
        "members a:1, | members must be a list host:port,host:port: members=a:1,, wrong=, line=1",
        "members a:0 | port must be 1 to 65535: members=a:0, wrong=a:0, line=1",
        "members a:b | value is no number: members=b, given=a:b, line=1",
        "members a:1,a:1 | an address is given twice: members=a:1,a:1, line=1",
        "reads stale | reads must be linearizable or local: reads=stale, line=1",
        "patience 0 | patience must be at least 1: patience=0, line=1",
        "patience 1.5 | value is no number: patience=1.5, line=1",
        "threads 1 | a member of a cluster has one event loop: threads=1, line=1",
        "data /x | a member of a cluster keeps everything in its directory, set that: data=/x,"
            + " line=1",
        "sync always | a member of a cluster always syncs before it acknowledges: sync=always,"
            + " line=1",
        "eviction noeviction | a member of a cluster evicts nothing: eviction=noeviction, line=1",
        "colour blue | no such key: key=colour, line=1",
        "port 0 | a member of a cluster needs to be told member, members and directory:"
            + " missing=member",
        "member 0; members a:1 | a member of a cluster needs to be told member, members and"
            + " directory: missing=directory",
        "member 2; members a:1,b:1; directory d | no such member, they count from 0: member=2,"
            + " members=2",
        "member 0; members a:1; directory d; max-value-size 1g; warmup 0 | the members of a"
            + " cluster cannot agree on so long values: maxValueBytes=1073741824, most=2883584",
      })
  void shouldSayWhatIsWrong(String lines, String message) throws Exception {
    assertEquals("fkvs-cluster: " + message, error(lines.replace("directory d", directory())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rsa.pem | | | TLS between members needs a certificate, its key and who vouches for"
            + " members: members-tls-cert=rsa.pem, members-tls-key=null, members-tls-ca=null",
        "rsa.pem | rsa-key.pem | | TLS between members needs a certificate, its key and who vouches"
            + " for members: members-tls-cert=rsa.pem, members-tls-key=rsa-key.pem,"
            + " members-tls-ca=null",
        "none.pem | rsa-key.pem | ca.pem | no such file: file=none.pem",
        "README | rsa-key.pem | ca.pem | file has no certificate: file=README",
        "rsa.pem | rsa-key.pem | README | file has no certificate: file=README",
        "rsa.pem | server-key.pem | ca.pem | private key is not that of the certificate:"
            + " certificate=rsa.pem, key=server-key.pem",
        "rsa.pem | rsa-key.pem | ca.pem | other members would refuse the certificate of this one:"
            + " host=kv0.example, cause=(certificate_unknown) No subject alternative DNS name"
            + " matching kv0.example found.",
      })
  void shouldSayWhatIsWrongWithTls(
      String certificate, String key, String authorities, String message) throws Exception {
    String lines = "member 0; members kv0.example:1; port 0; warmup 0; " + directory();
    String said =
        error(
            lines
                + tls("; members-tls-cert ", certificate)
                + tls("; members-tls-key ", key)
                + tls("; members-tls-ca ", authorities));
    assertEquals("fkvs-cluster: " + message, said.replace(TLS, ""));
  }

  private static String tls(String option, String file) {
    return file == null ? "" : option + TLS + file;
  }

  private String directory() {
    return "directory " + folder.resolve("d");
  }

  @Test
  void shouldNameAFlagThatIsWrong() throws Exception {
    assertEquals(
        "fkvs-cluster: a member of a cluster evicts nothing: eviction=allkeys-lfu, flag=--eviction",
        error("", "--eviction", "allkeys-lfu"));
    assertEquals(
        "fkvs-cluster: --demo takes no other flag beside it: flag=--config", error("", "--demo"));
  }

  @Test
  void shouldHaveTheTableOfThePage() throws Exception {
    List<String> expected =
        new MemberOptions()
            .all().stream()
                .map(
                    option ->
                        option.name()
                            + "` "
                            + option.label()
                            + " | `"
                            + option.name()
                            + "` | "
                            + (option.defaultText().isEmpty()
                                ? ""
                                : "`" + option.defaultText() + "`"))
                .toList();

    List<String> rows = new ArrayList<>();
    for (MatchResult found : ROW.matcher(Files.readString(PAGE)).results().toList()) {
      rows.add(
          found.group(1).strip() + " | " + found.group(2).strip() + " | " + found.group(3).strip());
    }
    assertEquals(String.join("\n", expected), String.join("\n", rows));
  }
}
