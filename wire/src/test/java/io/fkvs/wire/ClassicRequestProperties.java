package io.fkvs.wire;

import static io.fkvs.wire.Bytes.copy;
import static io.fkvs.wire.Bytes.exactly;
import static io.fkvs.wire.ClassicRequestDecoder.INCOMPLETE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

class ClassicRequestProperties {
  /** A request as its caller thinks of it: null where the command has no such argument. */
  record Model(Command command, byte[] key, byte[] value, byte[] number) {
    byte[][] arguments() {
      List<byte[]> arguments = new ArrayList<>();
      for (byte[] argument : new byte[][] {key, value, number}) {
        if (argument != null) {
          arguments.add(argument);
        }
      }
      return arguments.toArray(new byte[0][]);
    }

    byte[] frame() {
      byte[] frame = new byte[ClassicRequestEncoder.frameLength(arguments())];
      ClassicRequestEncoder.encode(MemorySegment.ofArray(frame), 0, command, arguments());
      return frame;
    }
  }

  private final ClassicRequestDecoder decoder = new ClassicRequestDecoder();

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
    byte[] stream =
        Bytes.concat(new byte[offset], Bytes.concat(frames(models).toArray(new byte[0][])));
    MemorySegment buffer = exactly(stream);

    int position = offset;
    for (Model model : models) {
      int length = decoder.decode(buffer, position, stream.length, request);
      assertEquals(model.frame().length, length);
      assertSameRequest(model);
      position += length;
    }
    assertEquals(stream.length, position);
  }

  @Property
  void shouldWaitWhereverTheFrameIsCut(@ForAll("request") Model model) {
    byte[] frame = model.frame();
    for (int cut = 0; cut < frame.length; cut++) {
      byte[] received = Arrays.copyOf(frame, cut);
      assertEquals(INCOMPLETE, decoder.decode(exactly(received), 0, cut, request));
      assertNull(request.command(), "touched by an incomplete request");
    }
  }

  @Property
  void shouldStopAtTheLimitThoughTheBufferGoesOn(
      @ForAll("request") Model model, @ForAll @IntRange(min = 1, max = 8) int missing) {
    byte[] frame = model.frame();
    int limit = Math.max(0, frame.length - missing);

    assertEquals(INCOMPLETE, decoder.decode(exactly(frame), 0, limit, request));
  }

  @Property(tries = 10_000)
  void shouldNeverThrowNorReadPastTheEndOnArbitraryBytes(@ForAll("hostile") byte[] bytes) {
    MemorySegment buffer = exactly(bytes);

    int length = decoder.decode(buffer, 0, bytes.length, request);

    if (length == INCOMPLETE) {
      assertNull(request.command());
    } else {
      assertTrue(length >= 2 && length <= bytes.length);
      if (request.isWellFormed()) {
        assertInside(length, request.keyOffset(), request.keyLength());
        assertInside(length, request.valueOffset(), request.valueLength());
        assertInside(length, request.numberOffset(), request.numberLength());
        assertArrayEquals(copy(buffer, 0, length), reEncoded());
      }
    }
  }

  /** What decodes as well-formed is exactly what the encoder would have written. */
  private byte[] reEncoded() {
    return decoded(request).frame();
  }

  private static Model decoded(Request r) {
    Command command = r.command();
    boolean hasKey = command != Command.PING && command != Command.INFO && command != Command.KEYS;
    boolean hasValue = command == Command.SET || command == Command.PING;
    return new Model(
        command,
        hasKey ? copy(r.buffer(), r.keyOffset(), r.keyLength()) : null,
        hasValue ? copy(r.buffer(), r.valueOffset(), r.valueLength()) : null,
        r.hasNumber() ? copy(r.buffer(), r.numberOffset(), r.numberLength()) : null);
  }

  private void assertSameRequest(Model model) {
    assertTrue(request.isWellFormed());
    Model decoded = decoded(request);
    assertSame(model.command(), decoded.command());
    assertArrayEquals(model.key(), decoded.key());
    assertArrayEquals(model.value(), decoded.value());
    assertArrayEquals(model.number(), decoded.number());
  }

  private static void assertInside(int frameLength, long offset, int length) {
    assertTrue(offset >= 0 && length >= 0 && offset + length <= frameLength);
  }

  private static List<byte[]> frames(List<Model> models) {
    return models.stream().map(Model::frame).toList();
  }

  @Provide
  Arbitrary<List<Model>> requests() {
    return request().list();
  }

  @Provide
  Arbitrary<Model> request() {
    Arbitrary<byte[]> text = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
    return Combinators.combine(classicCommands(), text, text, text.injectNull(0.5))
        .as(ClassicRequestProperties::model);
  }

  private static Arbitrary<Command> classicCommands() {
    return Arbitraries.of(Command.class).filter(Command::isClassic);
  }

  private static Model model(Command command, byte[] key, byte[] value, byte[] number) {
    return switch (command) {
      case SET -> new Model(command, key, value, number);
      case GET, INCR, DECR, DEL, TTL, PERSIST -> new Model(command, key, null, null);
      case INCRBY, DECRBY, EXPIRE ->
          new Model(command, key, null, number == null ? new byte[0] : number);
      case PING -> new Model(command, null, value, null);
      case INFO, KEYS -> new Model(command, null, null, null);
      case GETDEL, AUTH, SETEX, ECHO, SCAN -> throw new AssertionError("not classic: " + command);
    };
  }

  /** Bytes that look like frames, with small lengths that are right or nearly so. */
  @Provide
  Arbitrary<byte[]> hostile() {
    Arbitrary<Byte> small = Arbitraries.bytes().between((byte) 0, (byte) 14);
    Arbitrary<Byte> any = Arbitraries.bytes();
    Arbitrary<byte[]> lookalike =
        Arbitraries.frequencyOf(Tuple.of(6, small), Tuple.of(1, any))
            .array(byte[].class)
            .ofMaxSize(24);
    Arbitrary<byte[]> noise = any.array(byte[].class).ofMaxSize(64);
    Arbitrary<byte[]> framed =
        noise.map(core -> Bytes.concat(new byte[] {0, (byte) core.length}, core));
    Arbitrary<byte[]> framedLookalike =
        lookalike.map(core -> Bytes.concat(new byte[] {0, (byte) core.length}, core));
    return Arbitraries.oneOf(lookalike, noise, framed, framedLookalike);
  }
}
