package io.fkvs.wire;

import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.ClassicReplyDecoder.INCOMPLETE;
import static io.fkvs.wire.ClassicReplyEncoder.HEADER_LENGTH;
import static io.fkvs.wire.ClassicReplyEncoder.STATUS_LENGTH;
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

class ClassicReplyProperties {
  /** A reply as its sender thinks of it. */
  record Model(Reply.Kind kind, Command command, byte[] payload) {
    byte[] frame() {
      boolean isStatus = kind == Reply.Kind.OK || kind == Reply.Kind.ERROR;
      byte[] frame = new byte[isStatus ? STATUS_LENGTH : HEADER_LENGTH + payload.length];
      MemorySegment buffer = MemorySegment.ofArray(frame);
      switch (kind) {
        case OK -> ClassicReplyEncoder.ok(buffer, 0);
        case ERROR -> ClassicReplyEncoder.error(buffer, 0);
        case VALUE -> ClassicReplyEncoder.valueHeader(buffer, 0, payload.length);
        case ECHO -> ClassicReplyEncoder.echoHeader(buffer, 0, command, payload.length);
        case NIL, INTEGER, MALFORMED -> throw new AssertionError("not encodable");
      }
      System.arraycopy(payload, 0, frame, frame.length - payload.length, payload.length);
      return frame;
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
    byte[] stream = Bytes.concat(models.stream().map(Model::frame).toArray(byte[][]::new));
    MemorySegment buffer = exactly(stream);

    int position = 0;
    for (Model model : models) {
      int length = ClassicReplyDecoder.decode(buffer, position, stream.length, reply);
      assertEquals(model.frame().length, length);
      assertSame(model.kind(), reply.kind());
      assertSame(model.command(), reply.command());
      assertArrayEquals(model.payload(), reply.payload());
      position += length;
    }
    assertEquals(stream.length, position);
  }

  @Property
  void shouldWaitWhereverTheFrameIsCut(@ForAll("reply") Model model) {
    byte[] frame = model.frame();
    for (int cut = 0; cut < frame.length; cut++) {
      MemorySegment received = exactly(Arrays.copyOf(frame, cut));
      assertEquals(INCOMPLETE, ClassicReplyDecoder.decode(received, 0, cut, reply));
      assertEquals(INCOMPLETE, ClassicReplyDecoder.decode(exactly(frame), 0, cut, reply));
      assertNull(reply.kind(), "touched by an incomplete reply");
    }
  }

  @Property(tries = 10_000)
  void shouldNeverThrowNorReadPastTheEndOnArbitraryBytes(@ForAll("hostile") byte[] bytes) {
    int length = ClassicReplyDecoder.decode(exactly(bytes), 0, bytes.length, reply);

    if (length == INCOMPLETE) {
      assertNull(reply.kind());
    } else {
      assertTrue(length >= 2 && length <= bytes.length);
      assertTrue(reply.payloadOffset() + reply.payloadLength() <= length);
      if (reply.kind() != Reply.Kind.MALFORMED) {
        Model model = new Model(reply.kind(), reply.command(), reply.payload());
        assertArrayEquals(Arrays.copyOf(bytes, length), model.frame());
      }
    }
  }

  @Provide
  Arbitrary<List<Model>> replies() {
    return reply().list();
  }

  @Provide
  Arbitrary<Model> reply() {
    Arbitrary<byte[]> payloads = Arbitraries.bytes().array(byte[].class).ofMaxSize(60);
    byte[] none = {};
    return Arbitraries.oneOf(
        Arbitraries.just(new Model(Reply.Kind.OK, null, none)),
        Arbitraries.just(new Model(Reply.Kind.ERROR, null, none)),
        payloads.map(payload -> new Model(Reply.Kind.VALUE, null, payload)),
        Combinators.combine(Arbitraries.of(Command.PING, Command.INFO, Command.KEYS), payloads)
            .as((command, payload) -> new Model(Reply.Kind.ECHO, command, payload)));
  }

  /** Bytes that look like frames, with lengths that are right or nearly so. */
  @Provide
  Arbitrary<byte[]> hostile() {
    Arbitrary<Byte> small = Arbitraries.bytes().between((byte) 0, (byte) 14);
    Arbitrary<Byte> any = Arbitraries.bytes();
    Arbitrary<byte[]> cores =
        Arbitraries.frequencyOf(Tuple.of(6, small), Tuple.of(1, any))
            .array(byte[].class)
            .ofMaxSize(20);
    Arbitrary<byte[]> framed =
        cores.map(core -> Bytes.concat(new byte[] {0, (byte) core.length}, core));
    Arbitrary<byte[]> payloads =
        Combinators.combine(any, cores)
            .as(
                (code, payload) ->
                    Bytes.concat(
                        new byte[] {0, (byte) (payload.length + 3), code, 0, (byte) payload.length},
                        payload));
    return Arbitraries.oneOf(cores, framed, payloads);
  }
}
