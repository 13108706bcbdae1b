package io.fkvs.server.replication;

import java.time.Duration;
import java.util.Objects;

/**
 * How a server takes part in a cluster.
 *
 * @param member its number, from 0 on
 * @param members how many members there are
 * @param log what they agree on
 * @param readsLocal whether reads answer what this member knows, which may be stale, without asking
 *     the others
 * @param patience how long a client waits for a majority before it is refused
 */
public record Replication(
    int member, int members, AgreedLog log, boolean readsLocal, Duration patience) {
  /** What an entry holds beside a long value: other requests, the key, what surrounds them. */
  private static final int BESIDE_VALUE_BYTES = (1 << 20) + (256 << 10);

  /** The most members that a cluster may have. */
  public static final int MAX_MEMBERS = 16;

  /**
   * Checks what it is given.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public Replication {
    Objects.requireNonNull(log, "log");
    if (members < 1 || members > MAX_MEMBERS || member < 0 || member >= members) {
      throw new IllegalArgumentException(
          "no such member: member=" + member + ", members=" + members);
    }
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience must be positive: patience=" + patience);
    }
  }

  /**
   * The longest value that fits an entry.
   *
   * @return bytes
   */
  public int maxValueBytes() {
    return log.maxEntryBytes() - BESIDE_VALUE_BYTES;
  }
}
