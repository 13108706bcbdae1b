package io.fkvs.wire;

import static io.fkvs.wire.Bytes.copy;
import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.CompactRequestDecoder.INCOMPLETE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.wire.CompactRequests.Model;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

class CompactRequestProperties {
  private static final int MAX_VALUE_LENGTH = 1000;

  private final CompactRequestDecoder decoder = new CompactRequestDecoder(MAX_VALUE_LENGTH);

  /** Fresh for each try. */
  private Request request;

  @BeforeTry
  void refresh() {
    request = new Request();
  }

  @Property
  void shouldDecodeWhatWasEncoded(
      @ForAll("requests") @Size(min = 1, max = 8) List<Model> models,
      @ForAll @IntRange(max = 9) int offset) {
    byte[] stream = Bytes.concat(new byte[offset], bytes(models));
    MemorySegment buffer = exactly(stream);

    int position = offset;
    for (Model model : models) {
      int length = decoder.decode(buffer, position, stream.length, request);
      assertEquals(model.bytes().length, length);
      assertTrue(request.isWellFormed());
      assertEquals(model, Model.of(request));
      position += length;
    }
    assertEquals(stream.length, position);
  }

  @Property
  void shouldWaitWhereverTheRequestIsCut(@ForAll("request") Model model) {
    byte[] bytes = model.bytes();
    for (int cut = 0; cut < bytes.length; cut++) {
      MemorySegment received = exactly(Arrays.copyOf(bytes, cut));
      assertEquals(INCOMPLETE, decoder.decode(received, 0, cut, request));
      assertEquals(INCOMPLETE, decoder.decode(exactly(bytes), 0, cut, request));
      assertNull(request.command(), "touched by an incomplete request");
    }
  }

  @Property(tries = 20_000)
  void shouldNeverThrowNorReadPastTheEndOnArbitraryBytes(@ForAll("hostile") byte[] bytes) {
    MemorySegment buffer = exactly(bytes);

    int length = decoder.decode(buffer, 0, bytes.length, request);

    if (length == INCOMPLETE) {
      assertNull(request.command());
    } else {
      assertTrue(length >= 1 && length <= bytes.length);
      if (request.isWellFormed()) {
        assertArrayEquals(copy(buffer, 0, length), Model.of(request).bytes());
      }
    }
  }

  /** Whether a request is refused, and why, depends on no byte behind those that say it. */
  @Property(tries = 5_000)
  void shouldRefuseAlikeWhateverFollows(
      @ForAll("hostile") byte[] bytes, @ForAll("hostile") byte[] more) {
    int length = decoder.decode(exactly(bytes), 0, bytes.length, request);
    if (length != INCOMPLETE) {
      Request longer = new Request();
      byte[] all = Bytes.concat(bytes, more);
      assertEquals(length, decoder.decode(exactly(all), 0, all.length, longer));
      assertEquals(request.command(), longer.command());
      assertEquals(request.isWellFormed(), longer.isWellFormed());
      assertEquals(request.isTooLarge(), longer.isTooLarge());
    }
  }

  @Property(tries = 300)
  void shouldFindTheNextRequestBehindOneThatIsTooLargeWhereverTheStreamIsCut(
      @ForAll("mixed") @Size(min = 1, max = 12) List<Model> models, @ForAll long cuts) {
    CompactStream stream = new CompactStream(MAX_VALUE_LENGTH);
    Random random = new Random(cuts);
    int longest = random.nextBoolean() ? 20 : 70_000;
    byte[] bytes = bytes(models);
    for (int i = 0; i < bytes.length; ) {
      int length = Math.min(1 + random.nextInt(longest), bytes.length - i);
      stream.receive(Arrays.copyOfRange(bytes, i, i + length));
      i += length;
    }

    assertEquals(models.stream().map(this::outcome).toList(), stream.outcomes());
    assertTrue(stream.mostKept() <= 65_535 + MAX_VALUE_LENGTH + 20, "kept=" + stream.mostKept());
  }

  private String outcome(Model model) {
    boolean fits = model.key().length <= 65_535 && model.value().length <= MAX_VALUE_LENGTH;
    return fits ? model.toString() : model.command() + " too large";
  }

  private static byte[] bytes(List<Model> models) {
    return Bytes.concat(models.stream().map(Model::bytes).toArray(byte[][]::new));
  }

  @Provide
  Arbitrary<List<Model>> requests() {
    return request().list();
  }

  @Provide
  Arbitrary<Model> request() {
    return CompactRequests.requests();
  }

  /** Requests of which some have keys and values about as long as may be, or longer. */
  @Provide
  Arbitrary<List<Model>> mixed() {
    Arbitrary<byte[]> values =
        Arbitraries.of(0, 5, MAX_VALUE_LENGTH, MAX_VALUE_LENGTH + 1, 20_000).map(Filled::bytes);
    Arbitrary<byte[]> keys = Arbitraries.of(1, 2, 3, 65_535, 65_536, 70_000).map(Filled::bytes);
    return CompactRequests.requests(values, keys).list();
  }

  /** Texts full of what could be taken for requests. */
  private static final class Filled {
    static byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (1 + i % 13);
      }
      return bytes;
    }
  }

  /** Bytes that look like requests, with lengths that are right or nearly so. */
  @Provide
  Arbitrary<byte[]> hostile() {
    Arbitrary<Byte> opcodes =
        Arbitraries.of(Command.class).filter(Command::isCompact).map(c -> (byte) c.code());
    Arbitrary<Byte> bytes =
        Arbitraries.frequencyOf(
            Tuple.of(3, opcodes),
            Tuple.of(3, Arbitraries.bytes().between((byte) 0, (byte) 3)),
            Tuple.of(1, Arbitraries.of((byte) 0x80, (byte) 0xFF, (byte) 0x7F)),
            Tuple.of(1, Arbitraries.bytes()));
    Arbitrary<byte[]> lookalike = bytes.array(byte[].class).ofMaxSize(24);
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(64);
    return Arbitraries.oneOf(lookalike, noise);
  }
}
