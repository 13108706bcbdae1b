package io.fkvs.load.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The one byte string that is the success of a request: a head, for some the value of the key, and
 * a tail. Comparing against it is cheaper than parsing and misses no deviation.
 *
 * <p>Immutable; any thread.
 */
public final class ReplyPattern {
  private final byte[] head;
  private final byte[] tail;
  private final Payload payload;
  private final int valueLength;
  private final int length;

  /** The head as one word where it fits, and which bits of it count. */
  private final long headWord;

  private final long headMask;

  private ReplyPattern(byte[] head, Payload payload, byte[] tail) {
    this.head = head;
    this.tail = tail;
    this.payload = payload;
    valueLength = payload == null ? 0 : payload.valueLength();
    length = head.length + valueLength + tail.length;
    long word = 0;
    for (int i = Math.min(head.length, Long.BYTES) - 1; i >= 0; i--) {
      word = word << Byte.SIZE | head[i] & 0xFF;
    }
    headWord = word;
    headMask = head.length >= Long.BYTES ? -1L : (1L << head.length * Byte.SIZE) - 1;
  }

  static ReplyPattern constant(byte[] bytes) {
    return new ReplyPattern(bytes, null, new byte[0]);
  }

  static ReplyPattern constant(String ascii) {
    return constant(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  static ReplyPattern value(byte[] head, Payload payload) {
    return new ReplyPattern(head, payload, new byte[0]);
  }

  static ReplyPattern value(String head, Payload payload, String tail) {
    return new ReplyPattern(
        head.getBytes(StandardCharsets.US_ASCII),
        payload,
        tail.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * The length of the reply.
   *
   * @return bytes
   */
  public int length() {
    return length;
  }

  /**
   * Tells whether the reply at the offset is the success for a key.
   *
   * @param buffer the memory, little-endian, with {@link Long#BYTES} spare bytes behind those
   *     received
   * @param offset where the reply starts
   * @param limit where the received bytes end
   * @param id the key's number
   * @return false also where fewer than {@link #length} bytes have arrived
   */
  public boolean matches(ByteBuffer buffer, int offset, int limit, long id) {
    if (limit - offset < length || (buffer.getLong(offset) & headMask) != headWord) {
      return false;
    }
    for (int i = Long.BYTES; i < head.length; i++) {
      if (buffer.get(offset + i) != head[i]) {
        return false;
      }
    }
    int position = offset + head.length;
    if (payload != null && !payload.valueMatches(buffer, position, id)) {
      return false;
    }
    position += valueLength;
    for (int i = 0; i < tail.length; i++) {
      if (buffer.get(position + i) != tail[i]) {
        return false;
      }
    }
    return true;
  }
}
