package io.fkvs.wire;

import static io.fkvs.wire.Bytes.ascii;
import static io.fkvs.wire.Bytes.copy;
import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.Bytes.hex;
import static io.fkvs.wire.ClassicRequestDecoder.MAX_FRAME_LENGTH;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassicRequestTest {
  private final ClassicRequestDecoder decoder = new ClassicRequestDecoder();
  private final Request request = new Request();

  /** Frames recorded in front of the original server. */
  @ParameterizedTest
  @CsvSource({
    "0003050000, PING, ''",
    "000107, INFO, ",
    "00010d, KEYS, ",
    "001401000a613a6772656574696e67000568656c6c6f, SET, a:greeting|hello",
    "000e010003663a320001780003616263, SET, f:2|x|abc",
    "000d02000a613a6772656574696e67, GET, a:greeting",
    "0006030003623a6e, INCR, b:n",
    "000a040003633a3300023130, INCRBY, c:3|10",
    "0006060003633a32, DECR, c:2",
    "0009080003633a34000137, DECRBY, c:4|7",
    "0006090003653a31, DEL, e:1",
    "000c0a0003663a31000431303030, EXPIRE, f:1|1000",
    "00060b0003663a31, TTL, f:1",
    "00060c0003663a31, PERSIST, f:1",
  })
  void shouldWriteTheFramesOfTheOriginal(String frame, Command command, String arguments) {
    byte[][] parts = split(arguments);
    byte[] written = new byte[ClassicRequestEncoder.frameLength(parts)];

    int length = ClassicRequestEncoder.encode(MemorySegment.ofArray(written), 0, command, parts);

    assertEquals(written.length, length);
    assertArrayEquals(hex(frame), written);
  }

  private static byte[][] split(String arguments) {
    if (arguments == null) {
      return new byte[0][];
    }
    String[] texts = arguments.split("\\|", -1);
    byte[][] parts = new byte[texts.length][];
    for (int i = 0; i < texts.length; i++) {
      parts[i] = ascii(texts[i]);
    }
    return parts;
  }

  @Test
  void shouldShowEachArgumentWhereItLies() {
    byte[] frame = hex("000f 01 0003 666f6f 0003 626172 0002 3130");

    assertEquals(frame.length, decode(frame));

    assertTrue(request.isWellFormed());
    assertSame(Command.SET, request.command());
    assertEquals("5 3", request.keyOffset() + " " + request.keyLength());
    assertEquals("10 3", request.valueOffset() + " " + request.valueLength());
    assertTrue(request.hasNumber());
    assertEquals("15 2", request.numberOffset() + " " + request.numberLength());
  }

  @Test
  void shouldForgetTheLastRequestWhenTheNextHasFewerArguments() {
    decode(hex("000f 01 0003 666f6f 0003 626172 0002 3130"));

    decode(hex("0001 07"));

    assertTrue(request.isWellFormed());
    assertEquals(0, request.keyLength());
    assertEquals(0, request.valueLength());
    assertFalse(request.hasNumber());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001 05", // PING without its payload's length
        "0002 05 00", // half a length
        "0004 05 0000 00", // a byte behind the last argument
        "0003 02 0001", // the key runs past the frame by one
        "0003 02 ffff", // and by far
        "0006 01 0001 61 0001", // the value runs past the frame
        "0004 01 0001 61", // SET without a value
        "0008 01 0001 61 0001 62 00", // half a length of seconds
        "000b 01 0001 61 0001 62 0001 31 00", // a byte behind the seconds
        "0004 0a 0001 61", // EXPIRE without seconds
        "0002 07 00", // INFO takes none
        "0002 0d 61", // KEYS takes none
      })
  void shouldAnswerTheLengthOfAMalformedFrameSoThatTheNextIsFound(String hex) {
    byte[] frame = hex(hex);

    assertEquals(frame.length, decode(frame));

    assertFalse(request.isWellFormed());
    assertSame(Command.ofClassicCode(frame[2]), request.command());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0000", "0001 00", "0001 0e", "0001 11", "0001 15", "0001 ff", "0003 99 0000"})
  void shouldNotKnowTheCommandOfAnEmptyOrStrangeFrame(String hex) {
    byte[] frame = hex(hex);

    assertEquals(frame.length, decode(frame));

    assertNull(request.command());
    assertFalse(request.isWellFormed());
  }

  @Test
  void shouldTakeTheLongestFrame() {
    byte[] value = new byte[MAX_FRAME_LENGTH - 8];
    byte[] frame = new byte[MAX_FRAME_LENGTH];

    assertEquals(
        MAX_FRAME_LENGTH,
        ClassicRequestEncoder.encode(
            MemorySegment.ofArray(frame), 0, Command.SET, ascii("k"), value));

    assertEquals(MAX_FRAME_LENGTH, decode(frame));
    assertTrue(request.isWellFormed());
    assertEquals(value.length, request.valueLength());
  }

  @Test
  void shouldRefuseARequestThatIsTooLongByOneAndWriteNothing() {
    MemorySegment buffer = MemorySegment.ofArray(new byte[MAX_FRAME_LENGTH + 1]);

    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ClassicRequestEncoder.encode(
                    buffer, 0, Command.SET, ascii("k"), new byte[MAX_FRAME_LENGTH - 7]));

    assertEquals(
        "request does not fit a frame: argumentLengths=[1, 65530], coreLength=65536,"
            + " maxCoreLength=65535",
        e.getMessage());
    assertArrayEquals(new byte[MAX_FRAME_LENGTH + 1], copy(buffer, 0, MAX_FRAME_LENGTH + 1));
  }

  @Test
  void shouldSayTheLengthsWhenTheirSumWouldOverflow() {
    byte[] huge = new byte[1 << 30];

    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ClassicRequestEncoder.frameLength(huge, huge, huge));

    assertTrue(e.getMessage().contains("coreLength=3221225479,"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 2, 65_538})
  void shouldRefuseAHeaderOfALengthThatNoFrameHas(int frameLength) {
    MemorySegment buffer = MemorySegment.ofArray(new byte[16]);

    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ClassicRequestEncoder.header(buffer, 0, Command.GET, frameLength));

    assertEquals(
        "no frame has this length: frameLength=" + frameLength + ", maxFrameLength=65537",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void shouldRefuseAnArgumentOfALengthThatNoFrameHolds(int length) {
    MemorySegment buffer = MemorySegment.ofArray(new byte[16]);

    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ClassicRequestEncoder.argument(buffer, 0, buffer, 0, length));

    assertEquals(
        "argument does not fit a frame: length=" + length + ", maxLength=65535", e.getMessage());
  }

  @ParameterizedTest
  @EnumSource(
      value = Command.class,
      names = {"GETDEL", "SETEX", "ECHO", "SCAN"})
  void shouldRefuseACommandThatOnlyCompactHas(Command command) {
    MemorySegment buffer = MemorySegment.ofArray(new byte[16]);

    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ClassicRequestEncoder.encode(buffer, 0, command, ascii("k")));

    assertEquals("classic has no such command: command=" + command, e.getMessage());
    assertArrayEquals(new byte[16], copy(buffer, 0, 16));
  }

  private int decode(byte[] frame) {
    return decoder.decode(exactly(frame), 0, frame.length, request);
  }
}
