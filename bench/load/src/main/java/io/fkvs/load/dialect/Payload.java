package io.fkvs.load.dialect;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of key number {@code id} and of the value that belongs to it, both a function of the
 * number alone, so that any connection can tell what any GET must answer.
 *
 * <pre>
 *   key     'k' or 'c' | '0' ... | 8 hexadecimal digits of the number      k for values, c for counters
 *   value   word 0 | word 1 | ...      word i = mix(number) + i * STEP, little-endian, the last cut
 * </pre>
 *
 * <p>A key of 8 bytes has 7 digits, which is what bounds the keyspace. Counters have keys of their
 * own, because a counter cannot live under a key that holds a value. Buffers must be little-endian.
 * Holds no state but lengths: any thread.
 */
public final class Payload {
  /** The shortest key: its kind and seven digits. */
  public static final int MIN_KEY_LENGTH = 8;

  /** The longest key: what memcached takes, so that one set of keys suits every server. */
  public static final int MAX_KEY_LENGTH = 250;

  /** The longest value: what the generator is willing to buffer for each connection. */
  public static final int MAX_VALUE_LENGTH = 64 << 20;

  /** How many keys there can be: as many as seven hexadecimal digits tell apart. */
  public static final long MAX_KEYSPACE = 1L << 28;

  private static final int DIGITS = 8;
  private static final byte KEY_KIND = 'k';
  private static final byte COUNTER_KIND = 'c';

  /** An odd number with well-mixed bits: the golden ratio in 64 bits. */
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final int keyLength;
  private final int valueLength;

  /**
   * Creates the payload of one size of key and value.
   *
   * @param keyLength the length of every key in bytes
   * @param valueLength the length of every value in bytes, 0 or more
   * @throws IllegalArgumentException where a length is out of range
   */
  public Payload(int keyLength, int valueLength) {
    if (keyLength < MIN_KEY_LENGTH || keyLength > MAX_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "key length is out of range: keyLength="
              + keyLength
              + ", min="
              + MIN_KEY_LENGTH
              + ", max="
              + MAX_KEY_LENGTH);
    }
    if (valueLength < 0 || valueLength > MAX_VALUE_LENGTH) {
      throw new IllegalArgumentException(
          "value length is out of range: valueLength=" + valueLength + ", max=" + MAX_VALUE_LENGTH);
    }
    this.keyLength = keyLength;
    this.valueLength = valueLength;
  }

  /**
   * The length of every key.
   *
   * @return bytes
   */
  public int keyLength() {
    return keyLength;
  }

  /**
   * The length of every value.
   *
   * @return bytes
   */
  public int valueLength() {
    return valueLength;
  }

  /**
   * Writes what all keys of an operation have in common; {@link #key} completes it.
   *
   * @param operation whose keys
   * @return {@link #keyLength} bytes
   */
  byte[] keyPrefix(Operation operation) {
    byte[] key = new byte[keyLength];
    Arrays.fill(key, (byte) '0');
    key[0] = operation == Operation.INCR ? COUNTER_KIND : KEY_KIND;
    return key;
  }

  /** Writes the digits of a key over those of the prefix that stands at the offset. */
  void key(ByteBuffer buffer, int offset, long id) {
    byte kind = buffer.get(offset);
    buffer.putLong(offset + keyLength - DIGITS, Long.reverseBytes(hexadecimal(id)));
    buffer.put(offset, kind);
  }

  /** Writes a value. */
  void value(ByteBuffer buffer, int offset, long id) {
    long word = mix(id);
    int end = offset + valueLength;
    int position = offset;
    for (; end - position >= Long.BYTES; position += Long.BYTES) {
      buffer.putLong(position, word);
      word += STEP;
    }
    for (; position < end; position++) {
      buffer.put(position, (byte) word);
      word >>>= Byte.SIZE;
    }
  }

  /** Tells whether the bytes at the offset are the value of a key. */
  boolean valueMatches(ByteBuffer buffer, int offset, long id) {
    long word = mix(id);
    int end = offset + valueLength;
    int position = offset;
    for (; end - position >= Long.BYTES; position += Long.BYTES) {
      if (buffer.getLong(position) != word) {
        return false;
      }
      word += STEP;
    }
    for (; position < end; position++) {
      if (buffer.get(position) != (byte) word) {
        return false;
      }
      word >>>= Byte.SIZE;
    }
    return true;
  }

  /** The low 32 bits as eight digits, the first of them in the highest byte. */
  private static long hexadecimal(long id) {
    long nibbles = id & 0xFFFFFFFFL;
    nibbles = (nibbles << 16 | nibbles) & 0x0000FFFF0000FFFFL;
    nibbles = (nibbles << 8 | nibbles) & 0x00FF00FF00FF00FFL;
    nibbles = (nibbles << 4 | nibbles) & 0x0F0F0F0F0F0F0F0FL;
    long letters = (nibbles + 0x0606060606060606L) >>> 4 & 0x0101010101010101L;
    return nibbles + 0x3030303030303030L + letters * ('a' - '0' - 10);
  }

  /** The finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable generators", 2014). */
  public static long mix(long id) {
    long bits = (id + 1) * STEP;
    bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
    bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
    return bits ^ bits >>> 31;
  }
}
