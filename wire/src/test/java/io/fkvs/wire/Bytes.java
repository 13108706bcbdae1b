package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Byte strings for tests. */
final class Bytes {
  private Bytes() {}

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A segment that ends where the bytes end: reading on is an exception. */
  static MemorySegment exactly(byte[] bytes) {
    return MemorySegment.ofArray(bytes.clone());
  }

  static byte[] copy(MemorySegment buffer, long offset, int length) {
    return buffer.asSlice(offset, length).toArray(JAVA_BYTE);
  }

  static byte[] concat(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] all = new byte[length];
    int offset = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, offset, part.length);
      offset += part.length;
    }
    return all;
  }
}
