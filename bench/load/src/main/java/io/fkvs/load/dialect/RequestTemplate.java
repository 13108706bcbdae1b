package io.fkvs.load.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of one kind of request, complete but for the digits of its key and the bytes of its
 * value, which {@link #patch} writes in place. All requests of a kind have the same length.
 *
 * <p>Immutable; any thread.
 */
public final class RequestTemplate {
  private static final int NONE = -1;

  private final byte[] bytes;
  private final int keyOffset;
  private final int valueOffset;
  private final Payload payload;

  private RequestTemplate(Builder builder) {
    bytes = builder.bytes.toByteArray();
    keyOffset = builder.keyOffset;
    valueOffset = builder.valueOffset;
    payload = builder.payload;
  }

  /**
   * The length of the request.
   *
   * @return bytes
   */
  public int length() {
    return bytes.length;
  }

  /**
   * Copies the template.
   *
   * @param buffer where to, with room for {@link #length} bytes
   * @param offset where the request starts
   */
  public void lay(ByteBuffer buffer, int offset) {
    buffer.put(offset, bytes);
  }

  /**
   * Turns the template that was laid at the offset into the request for a key.
   *
   * @param buffer the memory, little-endian
   * @param offset where the request starts
   * @param id the key's number
   */
  public void patch(ByteBuffer buffer, int offset, long id) {
    if (keyOffset != NONE) {
      payload.key(buffer, offset + keyOffset, id);
    }
    if (valueOffset != NONE) {
      payload.value(buffer, offset + valueOffset, id);
    }
  }

  /** Writes a template from left to right. */
  static final class Builder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Payload payload;
    private int keyOffset = NONE;
    private int valueOffset = NONE;

    Builder(Payload payload) {
      this.payload = payload;
    }

    Builder text(String ascii) {
      bytes.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
      return this;
    }

    Builder u8(int value) {
      bytes.write(value);
      return this;
    }

    Builder u16(int value) {
      return u8(value >>> 8).u8(value);
    }

    Builder varint(int value) {
      bytes.writeBytes(Varint.bytes(value));
      return this;
    }

    Builder key(Operation operation) {
      keyOffset = bytes.size();
      bytes.writeBytes(payload.keyPrefix(operation));
      return this;
    }

    Builder value() {
      valueOffset = bytes.size();
      bytes.writeBytes(new byte[payload.valueLength()]);
      return this;
    }

    RequestTemplate build() {
      return new RequestTemplate(this);
    }
  }
}
