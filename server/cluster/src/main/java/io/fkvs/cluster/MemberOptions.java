package io.fkvs.cluster;

import io.fkvs.cluster.ClusterNode.EngineProvider;
import io.fkvs.cluster.ClusterNode.Part;
import io.fkvs.cluster.consensus.Group;
import io.fkvs.cluster.consensus.Group.Address;
import io.fkvs.server.app.ServerProgram.OwnOption;
import io.fkvs.server.app.security.TlsFiles;
import io.fkvs.server.replication.Replication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What a member of a cluster is told beside what every server is told. */
final class MemberOptions {
  /** What no member can have, and why. */
  static final Map<String, String> REFUSED =
      Map.of(
          "threads", "a member of a cluster has one event loop",
          "data", "a member of a cluster keeps everything in its directory, set that",
          "sync", "a member of a cluster always syncs before it acknowledges",
          "eviction", "a member of a cluster evicts nothing");

  private static final String LINEARIZABLE = "linearizable";
  private static final String LOCAL = "local";
  private static final String CERTIFICATE = "members-tls-cert";
  private static final String KEY = "members-tls-key";
  private static final String AUTHORITIES = "members-tls-ca";
  private static final int HIGHEST_PORT = 65_535;

  private Integer member;
  private List<Address> members;
  private Path directory;
  private boolean readsLocal;
  private Duration patience = Duration.ofSeconds(5);
  private Path certificate;
  private Path key;
  private Path authorities;

  /** All of them, in the order of the help. */
  List<OwnOption> all() {
    return List.of(
        new OwnOption(
            "member",
            "NUMBER",
            "",
            "Which of the members this is, from 0 on.",
            text -> member = number("member", text)),
        new OwnOption(
            "members",
            "HOST:PORT,...",
            "",
            "Where members listen for each other; the same on all.",
            text -> members = addresses(text)),
        new OwnOption(
            "directory",
            "PATH",
            "",
            "Keeps this member's log and snapshots there.",
            text -> directory = path("directory", text)),
        new OwnOption(
            "reads",
            "NAME",
            LINEARIZABLE,
            "linearizable: a majority confirms them; local: they may be stale.",
            text -> readsLocal = isLocal(text)),
        new OwnOption(
            "patience",
            "SECONDS",
            Long.toString(patience.toSeconds()),
            "Refuses clients after so long without a majority.",
            text -> patience = seconds(text)),
        new OwnOption(
            CERTIFICATE,
            "PATH",
            "",
            "This member's certificate; members speak TLS with each other then.",
            text -> certificate = path(CERTIFICATE, text)),
        new OwnOption(
            KEY, "PATH", "", "The private key of the certificate.", text -> key = path(KEY, text)),
        new OwnOption(
            AUTHORITIES,
            "PATH",
            "",
            "Who vouches for members; lets nobody else in.",
            text -> authorities = path(AUTHORITIES, text)));
  }

  /**
   * How the member takes part.
   *
   * @throws IllegalArgumentException if something is missing, the member is none of the list, or a
   *     file cannot be read or does not suit
   */
  Part part(EngineProvider engine) {
    require("member", member);
    require("members", members);
    require("directory", directory);
    if (member >= members.size()) {
      throw new IllegalArgumentException(
          "no such member, they count from 0: member=" + member + ", members=" + members.size());
    }
    Group group = withTls(new Group(member, members, directory));
    return new Part(group, readsLocal, patience, engine);
  }

  private Group withTls(Group plain) {
    if (certificate == null && key == null && authorities == null) {
      return plain;
    }
    if (certificate == null || key == null || authorities == null) {
      throw new IllegalArgumentException(
          "TLS between members needs a certificate, its key and who vouches for members: "
              + CERTIFICATE
              + "="
              + certificate
              + ", "
              + KEY
              + "="
              + key
              + ", "
              + AUTHORITIES
              + "="
              + authorities);
    }
    return plain.withTls(TlsFiles.context(certificate, key, authorities));
  }

  private static void require(String name, Object value) {
    if (value == null) {
      throw new IllegalArgumentException(
          "a member of a cluster needs to be told member, members and directory: missing=" + name);
    }
  }

  private static int number(String name, String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("value is no number: " + name + "=" + text);
  }

  private static Path path(String name, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("value is no path: " + name + "=" + text);
    }
    return Path.of(text);
  }

  private static boolean isLocal(String text) {
    return switch (text) {
      case LINEARIZABLE -> false;
      case LOCAL -> true;
      default ->
          throw new IllegalArgumentException("reads must be linearizable or local: reads=" + text);
    };
  }

  private static Duration seconds(String text) {
    int seconds = number("patience", text);
    if (seconds == 0) {
      throw new IllegalArgumentException("patience must be at least 1: patience=" + text);
    }
    return Duration.ofSeconds(seconds);
  }

  private static List<Address> addresses(String text) {
    List<Address> addresses = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      addresses.add(address(one.strip(), text));
    }
    if (addresses.size() > Replication.MAX_MEMBERS) {
      throw new IllegalArgumentException(
          "at most " + Replication.MAX_MEMBERS + " members are possible: members=" + text);
    }
    if (new HashSet<>(addresses).size() < addresses.size()) {
      throw new IllegalArgumentException("an address is given twice: members=" + text);
    }
    return addresses;
  }

  private static Address address(String one, String all) {
    int colon = one.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException(
          "members must be a list host:port,host:port: members=" + all + ", wrong=" + one);
    }
    int port = number("members", one.substring(colon + 1));
    if (port < 1 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "port must be 1 to " + HIGHEST_PORT + ": members=" + all + ", wrong=" + one);
    }
    return new Address(one.substring(0, colon), port);
  }
}
