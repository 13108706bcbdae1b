package io.fkvs.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fkvs.wire.Argument;
import io.fkvs.wire.ClassicReplyDecoder;
import io.fkvs.wire.ClassicRequestEncoder;
import io.fkvs.wire.Command;
import io.fkvs.wire.Reply;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Classic: every argument is a byte string, numbers are decimal text. */
final class ClassicCallCodec implements CallCodec {
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
    Command command = command(call);
    if (!command.isClassic()) {
      throw new IllegalArgumentException("classic has no such command: command=" + command);
    }
    return ClassicRequestEncoder.frameLength(arguments(call));
  }

  @Override
  public int encode(Call<?> call, MemorySegment buffer, long offset) {
    return ClassicRequestEncoder.encode(buffer, offset, command(call), arguments(call));
  }

  /** What the call has of the arguments that its command takes. */
  private byte[][] arguments(Call<?> call) {
    return command(call).classicArguments().stream()
        .map(argument -> bytes(argument, call.arguments()))
        .filter(Objects::nonNull)
        .toArray(byte[][]::new);
  }

  private static byte[] bytes(Argument argument, Arguments arguments) {
    return switch (argument) {
      case KEY -> arguments.key();
      case VALUE, PAYLOAD, PASSWORD -> arguments.value();
      case AMOUNT, CURSOR -> decimal(arguments.number());
      case TIME_TO_LIVE -> arguments.time() == null ? null : decimal(arguments.seconds());
      case COUNT -> decimal(arguments.count());
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
