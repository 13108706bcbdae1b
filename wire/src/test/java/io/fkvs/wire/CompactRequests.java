package io.fkvs.wire;

import static io.fkvs.wire.Bytes.copy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Compact requests for tests. */
final class CompactRequests {
  private static final byte[] NONE = {};

  private CompactRequests() {}

  /** A request as its caller thinks of it: empty and 0 where the command has no such argument. */
  record Model(Command command, byte[] key, byte[] value, long integer, long count) {
    static Model of(Command command, byte[] key, byte[] value, long integer, long count) {
      return switch (command) {
        case GET, GETDEL, INCR, DECR, DEL, TTL, PERSIST -> new Model(command, key, NONE, 0, 0);
        case SET -> new Model(command, key, value, 0, 0);
        case SETEX -> new Model(command, key, value, integer & Long.MAX_VALUE, 0);
        case INCRBY, DECRBY -> new Model(command, key, NONE, integer, 0);
        case EXPIRE -> new Model(command, key, NONE, integer & Long.MAX_VALUE, 0);
        case SCAN -> new Model(command, NONE, NONE, integer, count);
        case ECHO, AUTH -> new Model(command, NONE, value, 0, 0);
        case PING, INFO -> new Model(command, NONE, NONE, 0, 0);
        case KEYS -> throw new AssertionError("not compact: " + command);
      };
    }

    static Model of(Request request) {
      return new Model(
          request.command(),
          copy(request.buffer(), request.keyOffset(), request.keyLength()),
          copy(request.buffer(), request.valueOffset(), request.valueLength()),
          request.integer(),
          request.count());
    }

    byte[] bytes() {
      MemorySegment buffer = MemorySegment.ofArray(new byte[key.length + value.length + 32]);
      int length = CompactRequestEncoder.opcode(buffer, 0, command);
      length +=
          switch (command) {
            case GET, GETDEL, INCR, DECR, DEL, TTL, PERSIST -> text(buffer, length, key);
            case SET -> keyAndValue(buffer, length);
            case SETEX -> {
              int text = keyAndValue(buffer, length);
              yield text + CompactRequestEncoder.time(buffer, length + text, integer);
            }
            case INCRBY, DECRBY -> {
              int text = text(buffer, length, key);
              yield text + CompactRequestEncoder.zigzag(buffer, length + text, integer);
            }
            case EXPIRE -> {
              int text = text(buffer, length, key);
              yield text + CompactRequestEncoder.time(buffer, length + text, integer);
            }
            case SCAN -> {
              int cursor = CompactRequestEncoder.zigzag(buffer, length, integer);
              yield cursor + CompactRequestEncoder.varint(buffer, length + cursor, count);
            }
            case ECHO, AUTH -> text(buffer, length, value);
            case PING, INFO -> 0;
            case KEYS -> throw new AssertionError("not compact: " + command);
          };
      return copy(buffer, 0, length);
    }

    private int keyAndValue(MemorySegment buffer, int offset) {
      int length = text(buffer, offset, key);
      return length + text(buffer, offset + length, value);
    }

    private static int text(MemorySegment buffer, int offset, byte[] text) {
      return CompactRequestEncoder.bytes(
          buffer, offset, MemorySegment.ofArray(text), 0, text.length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Model model
          && command == model.command
          && Arrays.equals(key, model.key)
          && Arrays.equals(value, model.value)
          && integer == model.integer
          && count == model.count;
    }

    @Override
    public int hashCode() {
      return command.hashCode() + 31 * Arrays.hashCode(key);
    }

    @Override
    public String toString() {
      return command
          + " keyLength="
          + key.length
          + " valueLength="
          + value.length
          + " integer="
          + integer
          + " count="
          + count;
    }
  }

  /** Requests of every command, with texts on both sides of a length's first border. */
  static Arbitrary<Model> requests() {
    return requests(
        Arbitraries.oneOf(texts(0, 12), texts(126, 129)),
        Arbitraries.oneOf(texts(1, 12), texts(126, 129)));
  }

  static Arbitrary<Model> requests(Arbitrary<byte[]> values, Arbitrary<byte[]> keys) {
    Arbitrary<Integer> shifts = Arbitraries.integers().between(0, 63);
    Arbitrary<Long> integers =
        Combinators.combine(Arbitraries.longs(), shifts).as((number, shift) -> number >> shift);
    return Combinators.combine(
            Arbitraries.of(Command.class).filter(Command::isCompact),
            keys,
            values,
            integers,
            Arbitraries.longs().between(0, CompactRequestEncoder.MAX_VARINT))
        .as(Model::of);
  }

  static Arbitrary<byte[]> texts(int minLength, int maxLength) {
    return Arbitraries.bytes().array(byte[].class).ofMinSize(minLength).ofMaxSize(maxLength);
  }
}
