package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/**
 * From objects to bytes and back. A codec for keys must answer the same bytes for equal objects and
 * different bytes for different ones.
 *
 * <p>The codecs here may be used by any thread, and take time proportional to the length.
 *
 * @param <T> the objects
 */
public interface Codec<T> {
  /**
   * Writes an object as bytes.
   *
   * @param object the object
   * @return its bytes; the caller does not change them
   */
  byte[] encode(T object);

  /**
   * Reads an object from its bytes.
   *
   * @param bytes the bytes as they lie in the store; the view is valid until this method returns
   * @return the object
   * @throws IllegalArgumentException if the bytes are none that {@link #encode} writes
   */
  T decode(BytesView bytes);

  /**
   * A codec of two functions, such as those of a record of the user's.
   *
   * @param encoder writes an object as bytes
   * @param decoder reads an object from a copy of its bytes
   * @param <T> the objects
   * @return the codec
   */
  static <T> Codec<T> of(
      Function<? super T, byte[]> encoder, Function<byte[], ? extends T> decoder) {
    Objects.requireNonNull(encoder, "encoder");
    Objects.requireNonNull(decoder, "decoder");
    return new Codec<>() {
      @Override
      public byte[] encode(T object) {
        return encoder.apply(object);
      }

      @Override
      public T decode(BytesView bytes) {
        return decoder.apply(bytes.toByteArray());
      }
    };
  }

  /**
   * The bytes themselves. As a key, an array is its contents.
   *
   * @return the codec, which copies
   */
  static Codec<byte[]> bytes() {
    return of(byte[]::clone, Function.identity());
  }

  /**
   * Text as UTF-8. Text with an unpaired surrogate has no UTF-8 and is refused with {@link
   * IllegalArgumentException}.
   *
   * @return the codec
   */
  static Codec<String> utf8() {
    return of(Utf8::encode, Utf8::decode);
  }

  /**
   * Numbers as decimal text: values of this kind are {@link ValueType#INT}, and increments work on
   * them.
   *
   * @return the codec
   */
  static Codec<Long> decimal() {
    return new Codec<>() {
      @Override
      public byte[] encode(Long number) {
        byte[] text = new byte[Decimal.length(number)];
        Decimal.write(number, MemorySegment.ofArray(text), 0);
        return text;
      }

      @Override
      public Long decode(BytesView bytes) {
        return bytes.parseDecimal();
      }
    };
  }

  /**
   * Identifiers as their 16 bytes, the most significant first.
   *
   * @return the codec
   */
  static Codec<UUID> uuid() {
    return of(
        id ->
            ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array(),
        bytes -> {
          if (bytes.length != 16) {
            throw new IllegalArgumentException("not a UUID: length=" + bytes.length);
          }
          ByteBuffer words = ByteBuffer.wrap(bytes);
          return new UUID(words.getLong(), words.getLong());
        });
  }
}
