package io.fkvs.server.command;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.wire.ProtocolSwitch;

/**
 * The protocols that a connection can speak, shared by all connections of an event loop. Each
 * starts in classic, and may switch with its first bytes.
 */
public final class Protocols {
  private final Protocol classic = new ClassicProtocol();
  private final Protocol compact;
  private final boolean admitsClassic;

  /**
   * Creates the protocols.
   *
   * @param maxValueBytes the length of the longest value that the store takes
   * @param pool lends the memory that some replies need before they can be written
   * @param admitsClassic whether classic is spoken, which no client can authenticate in
   */
  public Protocols(int maxValueBytes, BufferPool pool, boolean admitsClassic) {
    this.admitsClassic = admitsClassic;
    compact = new CompactProtocol(maxValueBytes, pool);
  }

  Protocol classic() {
    return classic;
  }

  /** Says whether clients may speak classic. */
  boolean admitsClassic() {
    return admitsClassic;
  }

  Protocol compact() {
    return compact;
  }

  /** The version to answer to a client that asks for one: classic for those that are not known. */
  static int agreed(int version) {
    return version == ProtocolSwitch.COMPACT_VERSION ? version : ProtocolSwitch.CLASSIC_VERSION;
  }

  int versionOf(Protocol protocol) {
    return protocol == compact ? ProtocolSwitch.COMPACT_VERSION : ProtocolSwitch.CLASSIC_VERSION;
  }

  /** The protocol of a version that was {@linkplain #agreed agreed}. */
  Protocol ofVersion(int version) {
    return version == ProtocolSwitch.COMPACT_VERSION ? compact : classic;
  }
}
