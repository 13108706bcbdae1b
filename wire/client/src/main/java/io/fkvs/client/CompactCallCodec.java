package io.fkvs.client;

import io.fkvs.wire.Argument;
import io.fkvs.wire.Command;
import io.fkvs.wire.CompactReplyDecoder;
import io.fkvs.wire.CompactRequestEncoder;
import io.fkvs.wire.ProtocolSwitch;
import io.fkvs.wire.Reply;
import java.lang.foreign.MemorySegment;

/** Compact: binary numbers, keys of at least one byte, an answer of its own for every outcome. */
final class CompactCallCodec implements CallCodec {
  @Override
  public byte[] greeting() {
    byte[] greeting = new byte[ProtocolSwitch.LENGTH];
    ProtocolSwitch.encode(MemorySegment.ofArray(greeting), 0, ProtocolSwitch.COMPACT_VERSION);
    return greeting;
  }

  /** A PING takes no payload here, and needs none to be sent back. */
  @Override
  public Command command(Call<?> call) {
    boolean isPing = call.command() == Command.ECHO && call.arguments().value().length == 0;
    return isPing ? Command.PING : call.command();
  }

  @Override
  public long length(Call<?> call) {
    Command command = command(call);
    if (!command.isCompact()) {
      throw new IllegalArgumentException(
          "compact has no such command, scan in its place: command=" + command);
    }
    long length = CompactRequestEncoder.OPCODE_LENGTH;
    for (Argument argument : command.compactArguments()) {
      length += length(argument, call);
    }
    return length;
  }

  private static int length(Argument argument, Call<?> call) {
    Arguments arguments = call.arguments();
    return switch (argument) {
      case KEY -> CompactRequestEncoder.bytesLength(checkedKey(call).length);
      case VALUE, PAYLOAD, PASSWORD -> CompactRequestEncoder.bytesLength(arguments.value().length);
      case AMOUNT, TIME_TO_LIVE, CURSOR, COUNT -> CompactRequestEncoder.MAX_NUMBER_LENGTH;
    };
  }

  private static byte[] checkedKey(Call<?> call) {
    byte[] key = call.arguments().key();
    if (key.length == 0) {
      throw new IllegalArgumentException(
          "key is empty, which compact cannot say: command=" + call.command());
    }
    if (key.length > CompactRequestEncoder.MAX_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "key is too long for any server: length="
              + key.length
              + ", maxLength="
              + CompactRequestEncoder.MAX_KEY_LENGTH);
    }
    return key;
  }

  @Override
  public int encode(Call<?> call, MemorySegment buffer, long offset) {
    Command command = command(call);
    long position = offset + CompactRequestEncoder.opcode(buffer, offset, command);
    for (Argument argument : command.compactArguments()) {
      position += encode(argument, call.arguments(), buffer, position);
    }
    return (int) (position - offset);
  }

  private static int encode(
      Argument argument, Arguments arguments, MemorySegment buffer, long offset) {
    return switch (argument) {
      case KEY -> bytes(buffer, offset, arguments.key());
      case VALUE, PAYLOAD, PASSWORD -> bytes(buffer, offset, arguments.value());
      case AMOUNT, CURSOR ->
          CompactRequestEncoder.number(buffer, offset, argument, arguments.number());
      case TIME_TO_LIVE ->
          CompactRequestEncoder.number(buffer, offset, argument, arguments.millis());
      case COUNT -> CompactRequestEncoder.number(buffer, offset, argument, arguments.count());
    };
  }

  private static int bytes(MemorySegment buffer, long offset, byte[] bytes) {
    return CompactRequestEncoder.bytes(
        buffer, offset, MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  @Override
  public int decode(MemorySegment buffer, long offset, long limit, Reply reply) {
    return CompactReplyDecoder.decode(buffer, offset, limit, reply);
  }

  @Override
  public <T> Answer<T> answer(Call<T> call) {
    return call.compactAnswer();
  }
}
