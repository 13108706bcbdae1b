package io.fkvs.load.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.load.dialect.Reply.Kind;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DialectParseTest {
  private static final Dialect CLASSIC = new ClassicDialect();
  private static final Dialect COMPACT = new CompactDialect();
  private static final Dialect RESP = new RespDialect();
  private static final Dialect MEMCACHED = new MemcachedDialect();

  private static byte[] hex(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  private static void assertReply(Kind kind, Dialect dialect, Operation operation, byte[] bytes) {
    var reply = new Reply();
    assertEquals(
        bytes.length, dialect.parse(ByteBuffer.wrap(bytes), 0, bytes.length, operation, reply));
    assertEquals(kind, reply.kind());
  }

  private static void assertReply(Kind kind, Dialect dialect, Operation operation, String text) {
    assertReply(kind, dialect, operation, text.getBytes(ISO_8859_1));
  }

  private static void assertNumber(long number, Dialect dialect, byte[] bytes) {
    var reply = new Reply();
    assertEquals(
        bytes.length,
        dialect.parse(ByteBuffer.wrap(bytes), 0, bytes.length, Operation.INCR, reply));
    assertEquals(Kind.NUMBER, reply.kind());
    assertEquals(number, reply.number());
  }

  private static void assertMalformed(Dialect dialect, byte[] bytes) {
    assertEquals(
        Dialect.MALFORMED,
        dialect.parse(ByteBuffer.wrap(bytes), 0, bytes.length, Operation.GET, new Reply()));
  }

  private static void assertMalformed(Dialect dialect, String text) {
    assertMalformed(dialect, text.getBytes(ISO_8859_1));
  }

  @Test
  void shouldTellMissFromErrorInClassicByTheRequestAlone() {
    assertReply(Kind.MISS, CLASSIC, Operation.GET, hex("00 01 00"));
    assertReply(Kind.ERROR, CLASSIC, Operation.SET, hex("00 01 00"));
    assertReply(Kind.OTHER, CLASSIC, Operation.GET, hex("00 01 01"));
  }

  @Test
  void shouldReadClassicNumbers() {
    assertNumber(12, CLASSIC, hex("00 05 01 00 02 31 32"));
    assertReply(Kind.OTHER, CLASSIC, Operation.INCR, hex("00 05 01 00 02 31 78"));
    assertReply(Kind.OTHER, CLASSIC, Operation.INCR, hex("00 05 05 00 02 31 32"));
  }

  @Test
  void shouldRefuseClassicLengthsThatDisagree() {
    assertMalformed(CLASSIC, hex("00 00 01"));
    assertMalformed(CLASSIC, hex("00 05 01 00 03 31 32"));
    assertMalformed(CLASSIC, hex("00 02 01 00"));
  }

  @Test
  void shouldReadCompactReplies() {
    assertReply(Kind.MISS, COMPACT, Operation.GET, hex("02"));
    assertReply(Kind.OTHER, COMPACT, Operation.SET, hex("02"));
    assertReply(Kind.OTHER, COMPACT, Operation.GET, hex("01"));
    assertReply(Kind.OTHER, COMPACT, Operation.GET, hex("82 31 32"));
    assertReply(Kind.OTHER, COMPACT, Operation.GET, hex("03 02 31 32"));
    assertReply(Kind.ERROR, COMPACT, Operation.GET, hex("00 06 04 66 75 6c 6c"));
    assertNumber(1, COMPACT, hex("04 02"));
    assertNumber(-1, COMPACT, hex("04 01"));
    assertNumber(Long.MAX_VALUE, COMPACT, hex("04 fe ff ff ff ff ff ff ff ff 01"));
  }

  @Test
  void shouldRefuseWhatIsNotCompact() {
    assertMalformed(COMPACT, hex("05"));
    assertMalformed(COMPACT, hex("7f"));
    assertMalformed(COMPACT, hex("04 80 00"));
    assertMalformed(COMPACT, hex("03 ff ff ff ff 7f"));
  }

  @Test
  void shouldReadRespReplies() {
    assertReply(Kind.MISS, RESP, Operation.GET, "$-1\r\n");
    assertReply(Kind.OTHER, RESP, Operation.SET, "$-1\r\n");
    assertReply(Kind.OTHER, RESP, Operation.GET, "$2\r\n\r\n\r\n");
    assertReply(Kind.OTHER, RESP, Operation.GET, "+OK\r\n");
    assertReply(Kind.ERROR, RESP, Operation.GET, "-ERR unknown command\r\n");
    assertNumber(42, RESP, ":42\r\n".getBytes(ISO_8859_1));
    assertReply(Kind.OTHER, RESP, Operation.INCR, ":4x\r\n");
  }

  @Test
  void shouldRefuseWhatIsNotResp() {
    assertMalformed(RESP, "HD\r\n");
    assertMalformed(RESP, "$x\r\n");
    assertMalformed(RESP, "+OK\rx");
    assertMalformed(RESP, "$2\r\nabc\r\n");
  }

  @Test
  void shouldReadMemcachedReplies() {
    assertReply(Kind.MISS, MEMCACHED, Operation.GET, "EN\r\n");
    assertReply(Kind.OTHER, MEMCACHED, Operation.SET, "EN\r\n");
    assertReply(Kind.OTHER, MEMCACHED, Operation.SET, "NS\r\n");
    assertReply(Kind.OTHER, MEMCACHED, Operation.GET, "VA 2 f0\r\nab\r\n");
    assertReply(Kind.ERROR, MEMCACHED, Operation.GET, "CLIENT_ERROR bad command line format\r\n");
    assertReply(Kind.ERROR, MEMCACHED, Operation.GET, "ERROR\r\n");
    assertNumber(42, MEMCACHED, "VA 2\r\n42\r\n".getBytes(ISO_8859_1));
  }

  @Test
  void shouldRefuseWhatIsNotMemcached() {
    assertMalformed(MEMCACHED, "+OK\r\n");
    assertMalformed(MEMCACHED, "VA x\r\nab\r\n");
    assertMalformed(MEMCACHED, "VA 2\r\nabc\r\n");
  }

  @Test
  void shouldRefuseALineThatDoesNotEnd() {
    assertMalformed(RESP, "+" + "a".repeat(Lines.MAX_LENGTH));
  }
}
