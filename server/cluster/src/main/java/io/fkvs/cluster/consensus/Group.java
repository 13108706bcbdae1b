package io.fkvs.cluster.consensus;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * A group of servers, seen by one of its members.
 *
 * @param member the number of this member, its index in {@code members}
 * @param members where each of them listens; the same list on all of them
 * @param directory where this member keeps its log and snapshots; made if it does not exist
 * @param tls what the members' connections are encrypted by, on all of them or on none: has this
 *     member's certificate and key, and says whose certificates to trust. Who shows one of these is
 *     let in as a member
 */
public record Group(int member, List<Address> members, Path directory, Optional<SSLContext> tls) {
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
   * A group whose members' connections are not encrypted, and let everybody in.
   *
   * @param member the number of this member, its index in {@code members}
   * @param members where each of them listens; the same list on all of them
   * @param directory where this member keeps its log and snapshots; made if it does not exist
   */
  public Group(int member, List<Address> members, Path directory) {
    this(member, members, directory, Optional.empty());
  }

  /**
   * Has the members' connections encrypted, with certificates on both sides.
   *
   * @param context as in {@code tls}; this member's certificate has to carry the host of its
   *     address, since the others compare them
   * @return a copy with it
   */
  public Group withTls(SSLContext context) {
    return new Group(member, members, directory, Optional.of(context));
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
