package io.fkvs.wire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever comes, in whatever pieces, the decoder finds the same requests and never throws. */
class RespRequestProperties {
  private static final int MAX_ARGUMENT = 1000;
  private static final int MAX_REQUEST = 100_000;

  private final Request request = new Request();

  private static RespRequestDecoder decoder() {
    return new RespRequestDecoder(MAX_ARGUMENT, MAX_REQUEST);
  }

  private static byte[] encode(List<byte[]> arguments) {
    long bytes = arguments.stream().mapToLong(argument -> argument.length).sum();
    MemorySegment buffer =
        MemorySegment.ofArray(
            new byte[(int) RespRequestEncoder.maxLength(arguments.size(), bytes)]);
    int length = RespRequestEncoder.header(buffer, 0, arguments.size());
    for (byte[] argument : arguments) {
      length +=
          RespRequestEncoder.argument(
              buffer, length, MemorySegment.ofArray(argument), 0, argument.length);
    }
    return buffer.asSlice(0, length).toArray(JAVA_BYTE);
  }

  private List<String> arguments() {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < request.argumentCount(); i++) {
      byte[] bytes =
          request
              .buffer()
              .asSlice(request.argumentOffset(i), request.argumentLength(i))
              .toArray(JAVA_BYTE);
      found.add(new String(bytes, ISO_8859_1));
    }
    return found;
  }

  /** Of so many arguments, all but the last byte. */
  private static MemorySegment incomplete(int count) {
    byte[] bytes = encode(Collections.nCopies(count, new byte[1]));
    return MemorySegment.ofArray(bytes).asSlice(0, bytes.length - 1);
  }

  @Example
  void shouldKeepNoMoreOfSeveralRequestsThanThereIsRoomFor() {
    MemorySegment part = incomplete(60); // takes room for 64 arguments
    RespRequestDecoder.Room room = new RespRequestDecoder.Room(130);
    List<RespRequestDecoder> decoders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      decoders.add(new RespRequestDecoder(MAX_ARGUMENT, MAX_REQUEST, room));
    }
    for (int i = 0; i < 2; i++) { // the same once more takes nothing more
      assertEquals(0, decoders.get(0).decode(part, 0, part.byteSize(), request));
      assertEquals(0, decoders.get(1).decode(part, 0, part.byteSize(), new Request()));
    }

    assertEquals(1, decoders.get(2).decode(part, 0, part.byteSize(), request));
    assertEquals(RespFault.TOO_LARGE, request.fault());

    decoders.get(0).restart();
    assertEquals(0, decoders.get(2).decode(part, 0, part.byteSize(), new Request()));
    MemorySegment whole = MemorySegment.ofArray(encode(Collections.nCopies(60, new byte[1])));
    assertEquals(whole.byteSize(), decoders.get(1).decode(whole, 0, whole.byteSize(), request));
    assertEquals(60, request.argumentCount());
    assertEquals(0, decoders.get(0).decode(part, 0, part.byteSize(), new Request()));
  }

  @Property(tries = 300)
  void shouldReadWhatTheEncoderWrites(
      @ForAll @Size(min = 1, max = 100) List<byte[]> arguments,
      @ForAll @IntRange(max = 50) int before,
      @ForAll @Size(max = 30) List<@IntRange(min = 1, max = 400) Integer> pieces) {
    byte[] bytes = encode(arguments);
    MemorySegment buffer = MemorySegment.ofArray(new byte[before + bytes.length]);
    MemorySegment.copy(bytes, 0, buffer, JAVA_BYTE, before, bytes.length);
    RespRequestDecoder decoder = decoder();
    int come = 0;
    for (int piece : pieces) {
      come = Math.min(come + piece, bytes.length - 1);
      assertEquals(
          RespRequestDecoder.INCOMPLETE, decoder.decode(buffer, before, before + come, request));
      assertTrue(decoder.announcedLength() <= bytes.length);
    }

    assertEquals(bytes.length, decoder.decode(buffer, before, before + bytes.length, request));

    assertTrue(request.isWellFormed());
    assertNull(request.fault());
    assertEquals(arguments.stream().map(b -> new String(b, ISO_8859_1)).toList(), arguments());
  }

  @Provide
  Arbitrary<String> streams() {
    return Arbitraries.of(
            "*",
            "$",
            "1",
            "3",
            "-",
            "0",
            "9999999999",
            "\r\n",
            "\n",
            "\r",
            "PING",
            "\"",
            "'",
            "\\x41",
            "\\",
            " ",
            "\0",
            "a",
            "*1\r\n$1\r\na\r\n",
            "*2\r\n",
            "$3\r\nfoo\r\n")
        .list()
        .ofMaxSize(30)
        .map(pieces -> String.join("", pieces));
  }

  /** The whole at once, and byte by byte. */
  @Property(tries = 300)
  void shouldFindTheSameInAnyPieces(@ForAll("streams") String stream) {
    MemorySegment bytes = MemorySegment.ofArray(stream.getBytes(ISO_8859_1));
    assertEquals(decodeAll(bytes, (int) bytes.byteSize()), decodeAll(bytes, 1));
  }

  private List<String> decodeAll(MemorySegment bytes, int piece) {
    RespRequestDecoder decoder = decoder();
    List<String> found = new ArrayList<>();
    long offset = 0;
    for (long limit = piece; limit <= bytes.byteSize(); limit += piece) {
      int length = decoder.decode(bytes, offset, limit, request);
      while (length != RespRequestDecoder.INCOMPLETE) {
        found.add(request.isWellFormed() ? arguments().toString() : request.fault().name());
        if (!request.isWellFormed()) {
          return found;
        }
        offset += length;
        length = decoder.decode(bytes, offset, limit, request);
      }
      if (piece == 0) {
        break;
      }
    }
    return found;
  }

  /**
   * A request of few arguments is read in words, one of many is not: with ten empty arguments in
   * front, the same bytes say the same, whatever is wrong with them.
   */
  @Property(tries = 1000)
  void shouldReadWordsAsItReadsBytes(
      @ForAll @Size(min = 1, max = 9) List<@Size(max = 120) byte[]> arguments,
      @ForAll @IntRange(max = 60) int broken,
      @ForAll("octets") char octet,
      @ForAll @IntRange(max = 30) int missing) {
    String whole = new String(encode(arguments), ISO_8859_1).substring(4);
    int at = Math.min(broken, whole.length() - 1);
    String wrong = whole.substring(0, at) + octet + whole.substring(at + 1);
    String rest = wrong.substring(0, wrong.length() - Math.min(missing, wrong.length()));
    assertReadAlike(arguments.size(), rest);
  }

  @Example
  void shouldReadOddLengthsAsItReadsBytes() {
    List<String> lengths =
        List.of(
            "0", "00", "05", "1:", ":1", "-1", "+1", " 1", "1 ", "9", "10", "99", "100", "101", "");
    for (String length : lengths) {
      for (String end : List.of("\r\n", "\r\r", "\n\n", "\n")) {
        String argument = "$" + length + end + "a".repeat(110);
        assertReadAlike(1, argument);
        assertReadAlike(2, "$3\r\nGET\r\n" + argument);
        assertReadAlike(2, "$3\r\nGETxx" + argument);
      }
    }
  }

  private void assertReadAlike(int count, String rest) {
    String few = "*" + count + "\r\n" + rest;
    String many = "*" + (count + 10) + "\r\n" + "$0\r\n\r\n".repeat(10) + rest;
    int shift = many.length() - few.length();
    Outcome expected = decode(many, 650 + shift);

    assertEquals(expected.behind(shift), decode(few, 650), few);
  }

  @Provide
  Arbitrary<Character> octets() {
    return Arbitraries.of('\r', '\n', '$', '*', '-', '0', '1', '9', ':', '/', 'a', '\0', '\u00b0');
  }

  /** What the decoder says of bytes. */
  private record Outcome(
      int length,
      int announced,
      RespFault fault,
      int faultByte,
      long bytes,
      List<String> arguments) {
    /** The same of bytes that lie nearer, without the ten empty arguments in front. */
    Outcome behind(int shift) {
      boolean isRead = length > 1;
      return new Outcome(
          isRead ? length - shift : length,
          announced == 0 ? 0 : announced - shift,
          fault,
          faultByte,
          bytes,
          isRead ? arguments.subList(10, arguments.size()) : List.of());
    }
  }

  private Outcome decode(String stream, int maxRequestBytes) {
    MemorySegment bytes = MemorySegment.ofArray(stream.getBytes(ISO_8859_1));
    RespRequestDecoder decoder = new RespRequestDecoder(100, maxRequestBytes);
    int length = decoder.decode(bytes, 0, bytes.byteSize(), request);
    boolean isRead = request.isWellFormed();
    if (request.firstWord() != 0 && request.argumentLength(0) <= Long.BYTES) {
      assertEquals(
          arguments().getFirst(),
          text(request.firstWord()).substring(0, request.argumentLength(0)));
    }
    return new Outcome(
        length,
        decoder.announcedLength(),
        request.fault(),
        request.fault() == RespFault.EXPECTED_BULK ? request.faultByte() : 0,
        isRead ? request.argumentBytes() : 0,
        isRead ? arguments() : List.of());
  }

  private static String text(long word) {
    byte[] bytes = new byte[Long.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (word >>> 8 * i);
    }
    return new String(bytes, ISO_8859_1);
  }

  @Example
  void shouldGoOnAmidManyArguments() {
    List<byte[]> arguments = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      arguments.add(Integer.toString(i).getBytes(ISO_8859_1));
    }
    byte[] bytes = encode(arguments);
    MemorySegment buffer = MemorySegment.ofArray(bytes);
    RespRequestDecoder decoder = decoder();
    for (int limit = 1; limit < bytes.length; limit += 97) {
      assertEquals(RespRequestDecoder.INCOMPLETE, decoder.decode(buffer, 0, limit, request));
    }

    assertEquals(bytes.length, decoder.decode(buffer, 0, bytes.length, request));

    assertEquals(5000, request.argumentCount());
    assertEquals(arguments.stream().mapToLong(b -> b.length).sum(), request.argumentBytes());
    assertEquals("4999", arguments().getLast());
  }

  @Example
  void shouldStartAnewWhenToldTo() {
    RespRequestDecoder decoder = decoder();
    List<byte[]> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(new byte[1]);
    }
    byte[] bytes = encode(many);
    decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length - 1, request);
    decoder.restart();

    MemorySegment ping = MemorySegment.ofArray("*1\r\n$4\r\nPING\r\n".getBytes(ISO_8859_1));

    assertEquals(14, decoder.decode(ping, 0, 14, request));
    assertEquals(List.of("PING"), arguments());
  }

  @Example
  void shouldRefuseWhatIsTooLarge() {
    assertFault("*1048577\r\n", RespFault.INVALID_COUNT);
    assertFault("*1\r\n$1001\r\n", RespFault.INVALID_LENGTH);
    assertFault("*" + "1".repeat(70_000), RespFault.LONG_COUNT);
    assertFault("*1\r\n$" + "1".repeat(70_000), RespFault.LONG_LENGTH);
    assertFault("a".repeat(70_000), RespFault.LONG_LINE);
    assertFault(
        "*200\r\n" + ("$1000\r\n" + "a".repeat(1000) + "\r\n").repeat(200), RespFault.TOO_LARGE);
  }

  private void assertFault(String stream, RespFault fault) {
    MemorySegment bytes = MemorySegment.ofArray(stream.getBytes(ISO_8859_1));
    decoder().decode(bytes, 0, bytes.byteSize(), request);
    assertFalse(request.isWellFormed());
    assertEquals(fault, request.fault());
  }
}
