package io.fkvs.cluster.ratis;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;

/**
 * Who has to agree.
 *
 * @param current the members' names
 * @param previous while the members change, those of before, of whom a majority has to agree, too
 */
record Voters(Set<String> current, Set<String> previous) {
  static Voters of(RaftConfiguration configuration) {
    return new Voters(
        names(configuration.getCurrentPeers()), names(configuration.getPreviousPeers()));
  }

  private static Set<String> names(Collection<RaftPeer> peers) {
    return peers.stream()
        .map(RaftPeer::getId)
        .map(RaftPeerId::toString)
        .collect(Collectors.toUnmodifiableSet());
  }

  Set<String> all() {
    return Stream.concat(current.stream(), previous.stream()).collect(Collectors.toSet());
  }

  boolean majority(Set<String> agreed) {
    return majority(current, agreed) && (previous.isEmpty() || majority(previous, agreed));
  }

  private static boolean majority(Set<String> names, Set<String> agreed) {
    return 2 * names.stream().filter(agreed::contains).count() > names.size();
  }

  /** The same text for the same voters, on every member. */
  String text() {
    return current.stream().sorted().toList() + " " + previous.stream().sorted().toList();
  }
}
