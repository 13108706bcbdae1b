package io.fkvs.cluster.consensus;

import java.nio.file.Path;
import java.util.List;

/**
 * A group of servers, seen by one of its members.
 *
 * @param member the number of this member, its index in {@code members}
 * @param members where each of them listens; the same list on all of them
 * @param directory where this member keeps its log and snapshots; made if it does not exist
 */
public record Group(int member, List<Address> members, Path directory) {
  /**
   * Where a member listens.
   *
   * @param host a name or an address of its machine
   * @param port the port on which other members reach it
   */
  public record Address(String host, int port) {}

  /** Checks that the member is one of the list. */
  public Group {
    members = List.copyOf(members);
    if (member < 0 || member >= members.size()) {
      throw new IllegalArgumentException(
          "no such member: member=" + member + " members=" + members.size());
    }
  }

  /**
   * The address of this member.
   *
   * @return one of {@link #members}
   */
  public Address own() {
    return members.get(member);
  }
}
