package io.fkvs.load.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Requests byte for byte, with keys of 16 and values of 3 bytes; the key is number 0x0a3f. */
class RequestTemplateTest {
  private static final long ID = 0x0A3F;
  private static final String KEY = "k000000000000a3f";
  private static final String COUNTER = "c000000000000a3f";
  private static final Payload PAYLOAD = new Payload(16, 3);
  private static final String VALUE = value(PAYLOAD);

  private static ByteBuffer buffer(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String value(Payload payload) {
    ByteBuffer buffer = buffer(payload.valueLength());
    payload.value(buffer, 0, ID);
    return text(buffer, 0, payload.valueLength());
  }

  private static String text(ByteBuffer buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    buffer.get(offset, bytes);
    return new String(bytes, ISO_8859_1);
  }

  /** Lays the template behind seven foreign bytes, patches it twice, and reads it back. */
  private static String request(Dialect dialect, Operation operation, Payload payload) {
    RequestTemplate template = dialect.request(operation, payload);
    ByteBuffer buffer = buffer(7 + template.length() + 1);
    template.lay(buffer, 7);
    template.patch(buffer, 7, 0x0FFFFFFF);
    template.patch(buffer, 7, ID);
    assertEquals("\0\0\0\0\0\0\0", text(buffer, 0, 7));
    assertEquals(0, buffer.get(7 + template.length()));
    return text(buffer, 7, template.length());
  }

  private static String request(Dialect dialect, Operation operation) {
    return request(dialect, operation, PAYLOAD);
  }

  private static String hex(String hex) {
    return new String(HexFormat.ofDelimiter(" ").parseHex(hex), ISO_8859_1);
  }

  @Test
  void shouldSpeakClassic() {
    var dialect = new ClassicDialect();
    assertEquals(hex("00 03 05 00 00"), request(dialect, Operation.PING));
    assertEquals(hex("00 13 02 00 10") + KEY, request(dialect, Operation.GET));
    assertEquals(hex("00 13 03 00 10") + COUNTER, request(dialect, Operation.INCR));
    assertEquals(
        hex("00 18 01 00 10") + KEY + hex("00 03") + VALUE, request(dialect, Operation.SET));
  }

  @Test
  void shouldSpeakCompact() {
    var dialect = new CompactDialect();
    assertEquals(hex("05"), request(dialect, Operation.PING));
    assertEquals(hex("02 10") + KEY, request(dialect, Operation.GET));
    assertEquals(hex("03 10") + COUNTER, request(dialect, Operation.INCR));
    assertEquals(hex("01 10") + KEY + hex("03") + VALUE, request(dialect, Operation.SET));
    assertEquals("00 00 02", HexFormat.ofDelimiter(" ").formatHex(dialect.greeting()));
    assertEquals("00 00 02", HexFormat.ofDelimiter(" ").formatHex(dialect.greetingReply()));
  }

  @Test
  void shouldWriteLongCompactLengthsAsVarints() {
    var payload = new Payload(200, 300);
    String key = "k" + "0".repeat(195) + "0a3f";
    assertEquals(
        hex("01 c8 01") + key + hex("ac 02") + value(payload),
        request(new CompactDialect(), Operation.SET, payload));
  }

  @Test
  void shouldSpeakResp() {
    var dialect = new RespDialect();
    assertEquals("*1\r\n$4\r\nPING\r\n", request(dialect, Operation.PING));
    assertEquals("*2\r\n$3\r\nGET\r\n$16\r\n" + KEY + "\r\n", request(dialect, Operation.GET));
    assertEquals(
        "*2\r\n$4\r\nINCR\r\n$16\r\n" + COUNTER + "\r\n", request(dialect, Operation.INCR));
    assertEquals(
        "*3\r\n$3\r\nSET\r\n$16\r\n" + KEY + "\r\n$3\r\n" + VALUE + "\r\n",
        request(dialect, Operation.SET));
  }

  @Test
  void shouldSpeakMemcachedMetaCommands() {
    var dialect = new MemcachedDialect();
    assertEquals("mn\r\n", request(dialect, Operation.PING));
    assertEquals("mg " + KEY + " v\r\n", request(dialect, Operation.GET));
    assertEquals("ma " + COUNTER + " N0 J1 v\r\n", request(dialect, Operation.INCR));
    assertEquals("ms " + KEY + " 3\r\n" + VALUE + "\r\n", request(dialect, Operation.SET));
  }

  @Test
  void shouldRefuseAValueThatDoesNotFitAClassicFrame() {
    assertEquals(
        "request does not fit a classic frame: coreLength=65536, max=65535",
        assertThrows(
                IllegalArgumentException.class,
                () -> new ClassicDialect().request(Operation.SET, new Payload(8, 65_523)))
            .getMessage());
    new ClassicDialect().request(Operation.SET, new Payload(8, 65_522));
  }
}
