package io.fkvs.wire;

import static io.fkvs.wire.Bytes.copy;
import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.CompactReplyDecoder.INCOMPLETE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

class CompactReplyProperties {
  private static final byte[] NONE = {};

  /** A reply as its sender thinks of it. */
  record Model(Reply.Kind kind, ErrorCode code, long integer, byte[] payload) {
    byte[] bytes() {
      MemorySegment buffer = MemorySegment.ofArray(new byte[payload.length + 16]);
      int length =
          switch (kind) {
            case OK -> CompactReplyEncoder.ok(buffer, 0);
            case NIL -> CompactReplyEncoder.nil(buffer, 0);
            case INTEGER -> CompactReplyEncoder.integer(buffer, 0, integer);
            case ERROR -> CompactReplyEncoder.error(buffer, 0, code, exactly(payload));
            case VALUE -> {
              int header = CompactReplyEncoder.valueHeader(buffer, 0, payload.length);
              MemorySegment.copy(exactly(payload), 0, buffer, header, payload.length);
              yield header + payload.length;
            }
            case ECHO, MALFORMED -> throw new AssertionError("not encodable");
          };
      return copy(buffer, 0, length);
    }
  }

  /** Fresh for each try. */
  private Reply reply;

  @BeforeTry
  void refresh() {
    reply = new Reply();
  }

  @Property
  void shouldDecodeWhatWasEncoded(@ForAll("replies") @Size(min = 1, max = 8) List<Model> models) {
    byte[] stream = Bytes.concat(models.stream().map(Model::bytes).toArray(byte[][]::new));
    MemorySegment buffer = exactly(stream);

    int position = 0;
    for (Model model : models) {
      int length = CompactReplyDecoder.decode(buffer, position, stream.length, reply);
      assertEquals(model.bytes().length, length);
      assertSame(model.kind(), reply.kind());
      assertSame(model.code(), ErrorCode.ofCode(reply.errorCode()));
      assertEquals(model.integer(), reply.integer());
      assertArrayEquals(model.payload(), reply.payload());
      position += length;
    }
    assertEquals(stream.length, position);
  }

  @Property
  void shouldWaitWhereverTheReplyIsCut(@ForAll("reply") Model model) {
    byte[] bytes = model.bytes();
    for (int cut = 0; cut < bytes.length; cut++) {
      MemorySegment received = exactly(Arrays.copyOf(bytes, cut));
      assertEquals(INCOMPLETE, CompactReplyDecoder.decode(received, 0, cut, reply));
      assertEquals(INCOMPLETE, CompactReplyDecoder.decode(exactly(bytes), 0, cut, reply));
      assertNull(reply.kind(), "touched by an incomplete reply");
    }
  }

  @Property(tries = 20_000)
  void shouldNeverThrowNorReadPastTheEndOnArbitraryBytes(@ForAll("hostile") byte[] bytes) {
    int length = CompactReplyDecoder.decode(exactly(bytes), 0, bytes.length, reply);

    if (length == INCOMPLETE) {
      assertNull(reply.kind());
    } else {
      assertTrue(length >= 1 && length <= bytes.length);
      ErrorCode code = ErrorCode.ofCode(reply.errorCode());
      boolean isKnown = reply.kind() != Reply.Kind.ERROR || code != null;
      if (reply.kind() != Reply.Kind.MALFORMED && isKnown) {
        Model model = new Model(reply.kind(), code, reply.integer(), reply.payload());
        assertArrayEquals(Arrays.copyOf(bytes, length), model.bytes());
      }
    }
  }

  @Provide
  Arbitrary<List<Model>> replies() {
    return reply().list();
  }

  @Provide
  Arbitrary<Model> reply() {
    Arbitrary<byte[]> payloads =
        Arbitraries.oneOf(CompactRequests.texts(0, 12), CompactRequests.texts(126, 129));
    return Arbitraries.oneOf(
        Arbitraries.just(new Model(Reply.Kind.OK, null, 0, NONE)),
        Arbitraries.just(new Model(Reply.Kind.NIL, null, 0, NONE)),
        Arbitraries.longs().map(number -> new Model(Reply.Kind.INTEGER, null, number, NONE)),
        payloads.map(payload -> new Model(Reply.Kind.VALUE, null, 0, payload)),
        Combinators.combine(Arbitraries.of(ErrorCode.class), payloads)
            .as((code, message) -> new Model(Reply.Kind.ERROR, code, 0, message)));
  }

  /** Bytes that look like replies, with lengths that are right or nearly so. */
  @Provide
  Arbitrary<byte[]> hostile() {
    Arbitrary<Byte> bytes =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.bytes().between((byte) 0, (byte) 9)),
            Tuple.of(2, Arbitraries.bytes().between((byte) 0x80, (byte) 0x84)),
            Tuple.of(1, Arbitraries.bytes()));
    Arbitrary<byte[]> lookalike = bytes.array(byte[].class).ofMaxSize(24);
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    return Arbitraries.oneOf(lookalike, noise);
  }
}
