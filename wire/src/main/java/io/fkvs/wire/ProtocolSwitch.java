package io.fkvs.wire;

import static io.fkvs.wire.Classic.LENGTH_BYTES;

import java.lang.foreign.MemorySegment;

/**
 * The question and the answer by which a connection leaves classic: an empty classic frame, which
 * means nothing there, and a version behind it. Only a connection's first bytes are a switch. Any
 * thread; allocates nothing.
 *
 * <pre>
 *   0        2    3
 *   +--------+----+
 *   |   0    | v  |   asked: the version wanted; answered: the one spoken from the next byte on
 *   +--------+----+
 * </pre>
 */
public final class ProtocolSwitch {
  /** The length of a switch, in bytes. */
  public static final int LENGTH = LENGTH_BYTES + 1;

  /** The answer of {@link #decode} while the bytes may yet become a switch. */
  public static final int INCOMPLETE = -1;

  /** The answer of {@link #decode} where the bytes are none. */
  public static final int NONE = -2;

  /** The version that goes on in classic. */
  public static final int CLASSIC_VERSION = 1;

  /** The version that goes on in compact. */
  public static final int COMPACT_VERSION = 2;

  private ProtocolSwitch() {}

  /**
   * Looks for a switch at the start of a connection.
   *
   * @param buffer the memory that holds what was received
   * @param offset where the connection's first byte is
   * @param limit where the received bytes end
   * @return the version, 0 to 255, {@link #INCOMPLETE} or {@link #NONE}
   */
  public static int decode(MemorySegment buffer, long offset, long limit) {
    long available = Math.min(limit - offset, LENGTH);
    for (int i = 0; i < Math.min(available, LENGTH_BYTES); i++) {
      if (Compact.u8(buffer, offset + i) != 0) {
        return NONE;
      }
    }
    return available < LENGTH ? INCOMPLETE : Compact.u8(buffer, offset + LENGTH_BYTES);
  }

  /**
   * Writes a switch.
   *
   * @param buffer the memory to write to
   * @param offset where it is to start, in bytes
   * @param version the version to ask for or to agree to, 0 to 255
   * @return the number of bytes written, {@link #LENGTH}
   * @throws IndexOutOfBoundsException if it does not fit there
   */
  public static int encode(MemorySegment buffer, long offset, int version) {
    Classic.length(buffer, offset, 0);
    Compact.u8(buffer, offset + LENGTH_BYTES, version);
    return LENGTH;
  }
}
