package io.fkvs.load.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class VarintProperties {
  private static ByteBuffer bytes(String hex) {
    return ByteBuffer.wrap(HexFormat.ofDelimiter(" ").parseHex(hex));
  }

  private static int scan(ByteBuffer buffer) {
    return Varint.scan(buffer, 0, buffer.limit(), Varint.MAX_LENGTH);
  }

  @Property
  void shouldReadWhatItWrote(@ForAll @IntRange(max = Integer.MAX_VALUE) int value) {
    ByteBuffer buffer = ByteBuffer.wrap(Varint.bytes(value));
    assertEquals(buffer.limit(), scan(buffer));
    assertEquals(value, Varint.decode(buffer, 0, buffer.limit()));
    for (int limit = 0; limit < buffer.limit(); limit++) {
      assertEquals(Dialect.INCOMPLETE, Varint.scan(buffer, 0, limit, Varint.MAX_LENGTH));
    }
  }

  @Example
  void shouldWriteTheShortestForm() {
    assertEquals("00", HexFormat.of().formatHex(Varint.bytes(0)));
    assertEquals("7f", HexFormat.of().formatHex(Varint.bytes(127)));
    assertEquals("8001", HexFormat.of().formatHex(Varint.bytes(128)));
    assertEquals("ac02", HexFormat.of().formatHex(Varint.bytes(300)));
    assertEquals("ffffffff07", HexFormat.of().formatHex(Varint.bytes(Integer.MAX_VALUE)));
  }

  @Example
  void shouldRefuseLongerFormsAndEndlessOnes() {
    assertEquals(Dialect.MALFORMED, scan(bytes("80 00")));
    assertEquals(Dialect.MALFORMED, scan(bytes("ff 80 00")));
    assertEquals(Dialect.MALFORMED, scan(bytes("80 80 80 80 80")));
    assertEquals(Dialect.MALFORMED, scan(bytes("80 80 80 80 80 01")));
    assertEquals(Dialect.INCOMPLETE, scan(bytes("80 80 80 80")));
  }

  @Example
  void shouldDecodeZigzag() {
    assertEquals(0, Varint.zigzag(0));
    assertEquals(-1, Varint.zigzag(1));
    assertEquals(1, Varint.zigzag(2));
    assertEquals(Long.MIN_VALUE, Varint.zigzag(-1));
    assertEquals(Long.MAX_VALUE, Varint.zigzag(-2));
  }
}
