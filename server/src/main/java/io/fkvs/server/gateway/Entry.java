package io.fkvs.server.gateway;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.fkvs.server.replication.Replication;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/*
 *   0       1         2        3   4            8             16         24
 *   | kind  | version | member | 0 | run count  | incarnation | sequence |
 *
 *   behind it, in a round:       | run 0: length, protocol | run 1 | ... | requests of run 0 | ... |
 *                                  4 bytes 4 bytes
 *              in a checkpoint:  | number | hash |
 *                                  8        8
 *
 * All numbers are little-endian.
 */

/** An entry as it lies in memory. Reused; valid as long as the bytes are. */
final class Entry {
  static final int HEADER_BYTES = 24;
  static final int RUN_BYTES = 8;
  static final int CHECKPOINT_BYTES = HEADER_BYTES + 16;

  private static final byte VERSION = 1;
  private static final int VERSION_AT = 1;
  private static final int MEMBER_AT = 2;
  private static final int RUN_COUNT_AT = 4;
  private static final int INCARNATION_AT = 8;
  private static final int SEQUENCE_AT = 16;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final Kind[] KINDS = Kind.values();

  /** What an entry is. */
  enum Kind {
    /** A member has started. */
    START,

    /** Requests of a member's clients. */
    ROUND,

    /** What a member's state was at a checkpoint. */
    CHECKPOINT
  }

  private MemorySegment bytes;

  /**
   * Becomes the entry in a segment.
   *
   * @throws IllegalStateException if it is none of this version
   */
  void wrap(MemorySegment entry) {
    bytes = entry;
    if (entry.byteSize() < HEADER_BYTES
        || entry.get(JAVA_BYTE, VERSION_AT) != VERSION
        || entry.get(JAVA_BYTE, 0) < 0
        || entry.get(JAVA_BYTE, 0) >= KINDS.length
        || member() < 0
        || member() >= Replication.MAX_MEMBERS) {
      throw new IllegalStateException("entry is of another version: bytes=" + entry.byteSize());
    }
  }

  /** Writes a header. */
  static void write(
      MemorySegment entry, Kind kind, int member, int runCount, long incarnation, long sequence) {
    entry.set(JAVA_BYTE, 0, (byte) kind.ordinal());
    entry.set(JAVA_BYTE, VERSION_AT, VERSION);
    entry.set(JAVA_BYTE, MEMBER_AT, (byte) member);
    entry.set(JAVA_BYTE, MEMBER_AT + 1, (byte) 0);
    entry.set(INT, RUN_COUNT_AT, runCount);
    entry.set(LONG, INCARNATION_AT, incarnation);
    entry.set(LONG, SEQUENCE_AT, sequence);
  }

  /** Writes what is known of a run. */
  static void writeRun(MemorySegment entry, int run, int length, int protocol) {
    long at = HEADER_BYTES + (long) run * RUN_BYTES;
    entry.set(INT, at, length);
    entry.set(INT, at + Integer.BYTES, protocol);
  }

  /** Writes what stands behind the header of a checkpoint. */
  static void writeCheckpoint(MemorySegment entry, long number, long hash) {
    entry.set(LONG, HEADER_BYTES, number);
    entry.set(LONG, HEADER_BYTES + Long.BYTES, hash);
  }

  Kind kind() {
    return KINDS[bytes.get(JAVA_BYTE, 0)];
  }

  int member() {
    return bytes.get(JAVA_BYTE, MEMBER_AT);
  }

  long incarnation() {
    return bytes.get(LONG, INCARNATION_AT);
  }

  long sequence() {
    return bytes.get(LONG, SEQUENCE_AT);
  }

  int runCount() {
    return bytes.get(INT, RUN_COUNT_AT);
  }

  int runLength(int run) {
    return bytes.get(INT, HEADER_BYTES + (long) run * RUN_BYTES);
  }

  int runProtocol(int run) {
    return bytes.get(INT, HEADER_BYTES + (long) run * RUN_BYTES + Integer.BYTES);
  }

  /** Where the requests of the first run start. */
  long requestsAt() {
    return HEADER_BYTES + (long) runCount() * RUN_BYTES;
  }

  long checkpoint() {
    return bytes.get(LONG, HEADER_BYTES);
  }

  long checkpointHash() {
    return bytes.get(LONG, HEADER_BYTES + Long.BYTES);
  }

  MemorySegment bytes() {
    return bytes;
  }
}
