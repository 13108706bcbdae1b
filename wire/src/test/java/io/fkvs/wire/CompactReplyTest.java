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
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompactReplyTest {
  private final Reply reply = new Reply();
  private final MemorySegment buffer = MemorySegment.ofArray(new byte[32]);

  @Test
  void shouldWriteTheRepliesOfThePage() {
    assertWritten("01", CompactReplyEncoder.ok(buffer, 0));
    assertWritten("02", CompactReplyEncoder.nil(buffer, 0));
    assertWritten("04 54", CompactReplyEncoder.integer(buffer, 0, 42));
    assertWritten("04 01", CompactReplyEncoder.integer(buffer, 0, -1));
    assertWritten(
        "00 05 03 746f6f",
        CompactReplyEncoder.error(buffer, 0, ErrorCode.TOO_LARGE, exactly(ascii("too"))));
    assertEquals(6, CompactReplyEncoder.errorLength(ErrorCode.TOO_LARGE, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 80",
    "127, ff",
    "128, 03 8001",
    "16383, 03 ff7f",
    "16384, 03 808001",
    "1073741824, 03 8080808004",
  })
  void shouldWriteTheLengthOfAValueInAsFewBytesAsItTakes(int valueLength, String header) {
    assertWritten(header, CompactReplyEncoder.valueHeader(buffer, 0, valueLength));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 16_383, 16_384, 3 << 20})
  void shouldShowAValueWhereItLies(int valueLength) {
    byte[] bytes = new byte[valueLength + 6];
    int header = CompactReplyEncoder.valueHeader(MemorySegment.ofArray(bytes), 0, valueLength);

    int length = CompactReplyDecoder.decode(exactly(bytes), 0, header + valueLength, reply);

    assertEquals(header + valueLength, length);
    assertSame(Reply.Kind.VALUE, reply.kind());
    assertEquals(header, reply.payloadOffset());
    assertEquals(valueLength, reply.payloadLength());
  }

  @Test
  void shouldReadAnErrorWithItsReason() {
    byte[] bytes = hex("00 04 03 626967");

    assertEquals(6, decode(bytes));

    assertSame(Reply.Kind.ERROR, reply.kind());
    assertSame(ErrorCode.OVERFLOW, ErrorCode.ofCode(reply.errorCode()));
    assertArrayEquals(ascii("big"), reply.payload());
  }

  @Test
  void shouldKeepTheCodeOfAnErrorThatIsNotKnownYet() {
    assertEquals(4, decode(hex("00 e807 00")));

    assertSame(Reply.Kind.ERROR, reply.kind());
    assertEquals(1000, reply.errorCode());
    assertNull(ErrorCode.ofCode(reply.errorCode()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "05", // no such kind
        "7f",
        "03 7f", // not the shortest form of a value
        "03 8100", // nor of a length
        "03 8180808004", // more than 1 GiB
        "03 8080808080",
        "04 8000",
        "04 80808080808080808002", // more than 64 bits
        "00 8000",
        "00 01 8180808004",
      })
  void shouldCallStrangeBytesMalformed(String hex) {
    decode(hex("04 54"));
    decode(hex(hex));

    assertSame(Reply.Kind.MALFORMED, reply.kind());
    assertEquals(0, reply.integer());
    assertEquals(0, reply.payload().length);
  }

  @Test
  void shouldHaveTheErrorCodesOfThePage() {
    List<Integer> codes = Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList();
    assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), codes);
    assertEquals(
        List.of(1, 2, 7),
        Arrays.stream(ErrorCode.values())
            .filter(ErrorCode::endsConnection)
            .map(ErrorCode::code)
            .toList());
    assertNull(ErrorCode.ofCode(0));
    assertNull(ErrorCode.ofCode(13));
    assertNull(ErrorCode.ofCode((1L << 32) + 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, (1 << 30) + 1})
  void shouldRefuseAValueOfALengthThatNoneHas(int length) {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> CompactReplyEncoder.valueHeader(buffer, 0, length));

    assertEquals(
        "no value has this length: valueLength=" + length + ", maxValueLength=1073741824",
        e.getMessage());
  }

  private void assertWritten(String hex, int length) {
    assertArrayEquals(hex(hex), copy(buffer, 0, length));
  }

  private int decode(byte[] bytes) {
    return CompactReplyDecoder.decode(exactly(bytes), 0, bytes.length, reply);
  }
}
