package io.fkvs.wire;

import static io.fkvs.wire.Bytes.ascii;
import static io.fkvs.wire.Bytes.copy;
import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.Bytes.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassicReplyTest {
  private final Reply reply = new Reply();
  private final MemorySegment buffer = MemorySegment.ofArray(new byte[16]);

  @Test
  void shouldWriteTheRepliesOfTheOriginal() {
    assertEquals(3, ClassicReplyEncoder.ok(buffer, 0));
    assertArrayEquals(hex("000101"), copy(buffer, 0, 3));
    assertEquals(3, ClassicReplyEncoder.error(buffer, 1));
    assertArrayEquals(hex("000100"), copy(buffer, 1, 3));
    assertEquals(5, ClassicReplyEncoder.valueHeader(buffer, 2, 300));
    assertArrayEquals(hex("012f 01 012c"), copy(buffer, 2, 5));
    assertEquals(5, ClassicReplyEncoder.echoHeader(buffer, 3, Command.KEYS, 0));
    assertArrayEquals(hex("0003 0d 0000"), copy(buffer, 3, 5));
  }

  @Test
  void shouldReadAStatus() {
    assertEquals(3, decode(hex("000101")));
    assertSame(Reply.Kind.OK, reply.kind());
    assertEquals(3, decode(hex("000100")));
    assertSame(Reply.Kind.ERROR, reply.kind());
    assertEquals(0, reply.payload().length);
  }

  @Test
  void shouldShowAValueWhereItLies() {
    assertEquals(8, decode(hex("0006 01 0003 626172")));
    assertSame(Reply.Kind.VALUE, reply.kind());
    assertNull(reply.command());
    assertEquals(5, reply.payloadOffset());
    assertArrayEquals(ascii("bar"), reply.payload());
  }

  @Test
  void shouldTellAnEmptyValueFromOk() {
    assertEquals(5, decode(hex("0003 01 0000")));
    assertSame(Reply.Kind.VALUE, reply.kind());
  }

  @Test
  void shouldNameTheCommandOfAnEcho() {
    assertEquals(6, decode(hex("0004 05 0001 61")));
    assertSame(Reply.Kind.ECHO, reply.kind());
    assertSame(Command.PING, reply.command());
    assertArrayEquals(ascii("a"), reply.payload());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000", // an empty core
        "0001 02", // a status that is neither
        "0002 01 00", // half a length
        "0003 00 0000", // an error with a payload
        "0003 01 0001", // a payload that runs past the frame
        "0004 01 0000 61", // a byte behind the payload
        "0003 0e 0000", // an unknown command's echo
        "0003 ff 0000",
      })
  void shouldCallStrangeFramesMalformedAndStepOverThem(String hex) {
    decode(hex("0006 01 0003 626172"));
    byte[] frame = hex(hex);

    assertEquals(frame.length, decode(frame));

    assertSame(Reply.Kind.MALFORMED, reply.kind());
    assertNull(reply.command());
    assertEquals(0, reply.payload().length);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_533})
  void shouldRefuseAPayloadOfALengthThatNoFrameHolds(int length) {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ClassicReplyEncoder.valueHeader(buffer, 0, length));

    assertEquals(
        "payload does not fit a frame: payloadLength=" + length + ", maxPayloadLength=65532",
        e.getMessage());
    assertArrayEquals(new byte[16], copy(buffer, 0, 16));
  }

  @Test
  void shouldRefuseABufferThatIsTooShort() {
    assertThrows(IndexOutOfBoundsException.class, () -> ClassicReplyEncoder.ok(buffer, 14));
    assertThrows(
        IndexOutOfBoundsException.class, () -> ClassicReplyEncoder.valueHeader(buffer, 12, 1));
  }

  private int decode(byte[] frame) {
    return ClassicReplyDecoder.decode(exactly(frame), 0, frame.length, reply);
  }
}
