package io.fkvs.load.dialect;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class PayloadProperties {
  private static final long LAST_ID = Payload.MAX_KEYSPACE - 1;

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Property
  void shouldSpellTheNumberInTheKey(
      @ForAll @LongRange(max = LAST_ID) long id, @ForAll @IntRange(min = 8, max = 250) int length) {
    var payload = new Payload(length, 0);
    ByteBuffer buffer = buffer(length);
    buffer.put(0, payload.keyPrefix(Operation.GET));
    payload.key(buffer, 0, id);
    byte[] key = new byte[length];
    buffer.get(0, key);
    String digits = Long.toHexString(id);
    assertEquals(
        "k" + "0".repeat(length - 1 - digits.length()) + digits, new String(key, US_ASCII));
  }

  @Property
  void shouldRecogniseAValueAndNoOther(
      @ForAll @LongRange(max = LAST_ID) long id,
      @ForAll @LongRange(max = LAST_ID) long other,
      @ForAll @IntRange(max = 100) int length) {
    var payload = new Payload(16, length);
    ByteBuffer buffer = buffer(length);
    payload.value(buffer, 0, id);
    assertTrue(payload.valueMatches(buffer, 0, id));
    // Fewer bytes than these are too few to tell any two keys apart.
    if (length >= 8 && id != other) {
      assertFalse(payload.valueMatches(buffer, 0, other));
    }
  }

  @Property
  void shouldSeeAnyChangedByteOfAValue(
      @ForAll @LongRange(max = LAST_ID) long id,
      @ForAll @IntRange(min = 1, max = 100) int length,
      @ForAll @IntRange(max = 99) int at,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    var payload = new Payload(16, length);
    ByteBuffer buffer = buffer(length);
    payload.value(buffer, 0, id);
    int position = at % length;
    buffer.put(position, (byte) (buffer.get(position) ^ change));
    assertFalse(payload.valueMatches(buffer, 0, id));
  }

  @Example
  void shouldRefuseLengthsOutOfRange() {
    assertEquals(
        "key length is out of range: keyLength=7, min=8, max=250",
        assertThrows(IllegalArgumentException.class, () -> new Payload(7, 0)).getMessage());
    assertEquals(
        "value length is out of range: valueLength=-1, max=67108864",
        assertThrows(IllegalArgumentException.class, () -> new Payload(8, -1)).getMessage());
  }
}
