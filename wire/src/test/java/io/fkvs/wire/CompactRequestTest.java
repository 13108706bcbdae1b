package io.fkvs.wire;

import static io.fkvs.wire.Bytes.ascii;
import static io.fkvs.wire.Bytes.copy;
import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.Bytes.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.wire.CompactRequests.Model;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompactRequestTest {
  private static final int MAX_VALUE_LENGTH = 300;

  private final CompactRequestDecoder decoder = new CompactRequestDecoder(MAX_VALUE_LENGTH);
  private final Request request = new Request();
  private final MemorySegment buffer = MemorySegment.ofArray(new byte[16]);

  @ParameterizedTest
  @CsvSource({
    "05, PING, '', '', 0, 0",
    "07, INFO, '', '', 0, 0",
    "01 01 6e 02 3431, SET, n, 41, 0, 0",
    "01 01 6e 00, SET, n, '', 0, 0",
    "02 01 6e, GET, n, '', 0, 0",
    "0e 01 6e, GETDEL, n, '', 0, 0",
    "03 01 6e, INCR, n, '', 0, 0",
    "06 01 6e, DECR, n, '', 0, 0",
    "04 01 6e 63, INCRBY, n, '', -50, 0",
    "04 01 6e ffffffffffffffffff01, INCRBY, n, '', -9223372036854775808, 0",
    "08 01 6e 64, DECRBY, n, '', 50, 0",
    "09 01 6e, DEL, n, '', 0, 0",
    "0a 01 6b 00, EXPIRE, k, '', 0, 0",
    "0a 01 6b ffffffffffffffff7f, EXPIRE, k, '', 9223372036854775807, 0",
    "0b 01 6b, TTL, k, '', 0, 0",
    "0c 01 6b, PERSIST, k, '', 0, 0",
    "11 01 6b 01 76 c0843d, SETEX, k, v, 1000000, 0",
    "15 00, ECHO, '', '', 0, 0",
    "15 02 6869, ECHO, '', hi, 0, 0",
    "0d 00 0a, SCAN, '', '', 0, 10",
    "0d 03 ffffffff7f, SCAN, '', '', -2, 34359738367",
  })
  void shouldWriteAndReadTheBytesOfThePage(
      String bytes, Command command, String key, String value, long integer, long count) {
    Model model = new Model(command, ascii(key), ascii(value), integer, count);

    assertArrayEquals(hex(bytes), model.bytes());
    assertEquals(hex(bytes).length, decode(bytes));
    assertTrue(request.isWellFormed());
    assertEquals(model, Model.of(request));
  }

  @Test
  void shouldShowEachArgumentWhereItLies() {
    assertEquals(12, decode("11 03 666f6f 03 626172 c0843d"));

    assertEquals("2 3", request.keyOffset() + " " + request.keyLength());
    assertEquals("6 3", request.valueOffset() + " " + request.valueLength());
    assertFalse(request.hasNumber());
  }

  @Test
  void shouldForgetTheLastRequestWhenTheNextHasFewerArguments() {
    decode("11 03 666f6f 03 626172 c0843d");

    decode("07");

    assertEquals(0, request.keyLength());
    assertEquals(0, request.valueLength());
    assertEquals(0, request.integer());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00, 0x10, 0x12, 0x14, 0x16, 0x80, 0xFF})
  void shouldNotKnowOtherOpcodes(int opcode) {
    byte[] bytes = {(byte) opcode, 1, 1};

    assertEquals(1, decoder.decode(exactly(bytes), 0, 3, request));

    assertNull(request.command());
    assertFalse(request.isWellFormed());
    assertFalse(request.isTooLarge());
  }

  @ParameterizedTest
  @CsvSource({
    "02 00, GET", // an empty key
    "02 8100, GET", // not the shortest form
    "02 8080808080, GET", // a varint of more than 5 bytes
    "01 01 6b 8000, SET",
    "11 01 6b 01 76 8000, SETEX",
    "11 01 6b 01 76 808080808080808080, SETEX", // a time of more than 9 bytes
    "04 01 6e 80808080808080808002, INCRBY", // more than 64 bits
    "0d 8000 01, SCAN",
    "0d 00 8080808080, SCAN",
    "15 8000, ECHO",
  })
  void shouldTellAMalformedRequestAtTheByteThatMakesItOne(String hex, Command command) {
    byte[] bytes = hex(hex);
    assertEquals(0, decoder.decode(exactly(bytes), 0, bytes.length - wait(hex), request));

    assertTrue(decoder.decode(exactly(bytes), 0, bytes.length, request) > 0);

    assertSame(command, request.command());
    assertFalse(request.isWellFormed());
    assertFalse(request.isTooLarge());
  }

  /** The bytes from the one that tells to the end. */
  private static int wait(String hex) {
    return hex.startsWith("0d 8000") ? 2 : 1;
  }

  @ParameterizedTest
  @CsvSource({
    "01 01 6b ad02, 5, SET", // a value of 301 bytes
    "11 01 6b ffffffff7f, 8, SETEX", // of 32 GiB
    "15 ad02, 3, ECHO",
    "02 808004, 4, GET", // a key of 65,536
    "01 ffffffff7f, 6, SET",
  })
  void shouldTellATooLargeOneAtItsLength(String hex, int length, Command command) {
    byte[] bytes = hex(hex);
    assertEquals(0, decoder.decode(exactly(bytes), 0, bytes.length - 1, request));

    assertEquals(length, decoder.decode(exactly(bytes), 0, bytes.length, request));

    assertSame(command, request.command());
    assertTrue(request.isTooLarge());
    assertFalse(request.isWellFormed());
  }

  @Test
  void shouldTakeTheLongestKeyAndTheLongestValue() {
    byte[] bytes =
        new Model(Command.SET, new byte[65_535], new byte[MAX_VALUE_LENGTH], 0, 0).bytes();

    assertEquals(bytes.length, decoder.decode(exactly(bytes), 0, bytes.length, request));
    assertTrue(request.isWellFormed());
  }

  @Test
  void shouldStepOverAKeyOfMoreBytesThanAnIntCounts() {
    CompactRequestSkipper skipper = new CompactRequestSkipper();
    decode("01 8080808040"); // 16 GiB
    assertTrue(request.isTooLarge());
    skipper.begin(request);
    MemorySegment piece = MemorySegment.ofArray(new byte[1 << 20]);
    for (int i = 0; i < 1 << 14; i++) {
      assertFalse(skipper.isDone());
      assertEquals(1 << 20, skipper.skip(piece, 0, 1 << 20));
    }

    byte[] rest = hex("02 6161 05");
    assertEquals(3, skipper.skip(exactly(rest), 0, rest.length));
    assertTrue(skipper.isDone());
  }

  @Test
  void shouldNoticeWhatIsMalformedBehindWhatIsTooLarge() {
    CompactStream stream = new CompactStream(MAX_VALUE_LENGTH);
    stream.receive(Bytes.concat(hex("11 01 6b ad02"), new byte[301], hex("80")));
    assertFalse(stream.isMalformed());

    stream.receive(hex("00 05"));

    assertTrue(stream.isMalformed());
    assertEquals(List.of("SETEX too large"), stream.outcomes());
  }

  @Test
  void shouldRefuseToSkipARequestThatIsNotTooLarge() {
    decode("05");
    CompactRequestSkipper skipper = new CompactRequestSkipper();

    var e = assertThrows(IllegalArgumentException.class, () -> skipper.begin(request));

    assertEquals("request is not too large: command=PING", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, (1 << 30) + 1})
  void shouldRefuseALimitThatNoValueCanHave(int maxValueLength) {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> new CompactRequestDecoder(maxValueLength));

    assertEquals(
        "maxValueLength must be 0 to 1073741824: maxValueLength=" + maxValueLength, e.getMessage());
  }

  @Test
  void shouldRefuseToWriteWhatTheProtocolCannotSay() {
    assertMessage(
        "compact has no such command: command=KEYS",
        () -> CompactRequestEncoder.opcode(buffer, 0, Command.KEYS));
    assertMessage(
        "number must be 0 to 34359738367: number=34359738368",
        () -> CompactRequestEncoder.varint(buffer, 0, 1L << 35));
    assertMessage(
        "number must be 0 to 34359738367: number=-1",
        () -> CompactRequestEncoder.varint(buffer, 0, -1));
    assertMessage(
        "time must not be negative: timeMs=-1", () -> CompactRequestEncoder.time(buffer, 0, -1));
    assertMessage(
        "argument is too large for any server: length=-1, maxLength=1073741824",
        () -> CompactRequestEncoder.bytes(buffer, 0, buffer, 0, -1));
    assertArrayEquals(new byte[16], copy(buffer, 0, 16));
  }

  @Test
  void shouldRefuseABufferThatIsTooShort() {
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> CompactRequestEncoder.bytes(buffer, 10, buffer, 0, 6));
    assertThrows(
        IndexOutOfBoundsException.class, () -> CompactRequestEncoder.zigzag(buffer, 15, 64));
  }

  private static void assertMessage(
      String message, org.junit.jupiter.api.function.Executable executable) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, executable).getMessage());
  }

  private int decode(String hex) {
    byte[] bytes = hex(hex);
    return decoder.decode(exactly(bytes), 0, bytes.length, request);
  }
}
