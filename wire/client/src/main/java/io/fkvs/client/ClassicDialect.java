package io.fkvs.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fkvs.wire.ClassicReplyDecoder;
import io.fkvs.wire.ClassicRequestEncoder;
import io.fkvs.wire.Command;
import io.fkvs.wire.Reply;
import java.lang.foreign.MemorySegment;

/** Classic: every argument is a byte string, numbers are decimal text. */
final class ClassicDialect implements Dialect {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] greeting() {
    return NOTHING;
  }

  @Override
  public Command command(Call<?> call) {
    return switch (call.command()) {
      case SETEX -> Command.SET;
      case ECHO -> Command.PING;
      default -> call.command();
    };
  }

  @Override
  public long length(Call<?> call) {
    if (call.command() == Command.SCAN) {
      throw new IllegalArgumentException("classic has no such command: command=SCAN");
    }
    return ClassicRequestEncoder.frameLength(arguments(call));
  }

  @Override
  public int encode(Call<?> call, MemorySegment buffer, long offset) {
    return ClassicRequestEncoder.encode(buffer, offset, command(call), arguments(call));
  }

  private static byte[][] arguments(Call<?> call) {
    Arguments arguments = call.arguments();
    byte[] key = arguments.key();
    byte[] value = arguments.value();
    return switch (call.command()) {
      case SET -> new byte[][] {key, value};
      case SETEX -> new byte[][] {key, value, decimal(arguments.seconds())};
      case GET, INCR, DECR, DEL, TTL, PERSIST -> new byte[][] {key};
      case INCRBY, DECRBY -> new byte[][] {key, decimal(arguments.number())};
      case EXPIRE -> new byte[][] {key, decimal(arguments.seconds())};
      case PING, ECHO -> new byte[][] {value};
      case INFO, KEYS, SCAN -> new byte[][] {};
    };
  }

  private static byte[] decimal(long number) {
    return Long.toString(number).getBytes(US_ASCII);
  }

  @Override
  public int decode(MemorySegment buffer, long offset, long limit, Reply reply) {
    return ClassicReplyDecoder.decode(buffer, offset, limit, reply);
  }

  @Override
  public <T> Answer<T> answer(Call<T> call) {
    return call.classicAnswer();
  }
}
