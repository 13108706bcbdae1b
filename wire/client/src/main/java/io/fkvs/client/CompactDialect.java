package io.fkvs.client;

import io.fkvs.wire.Command;
import io.fkvs.wire.CompactReplyDecoder;
import io.fkvs.wire.CompactRequestEncoder;
import io.fkvs.wire.ProtocolSwitch;
import io.fkvs.wire.Reply;
import java.lang.foreign.MemorySegment;

/** Compact: binary numbers, keys of at least one byte, an answer of its own for every outcome. */
final class CompactDialect implements Dialect {
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
    Arguments arguments = call.arguments();
    if (call.command() == Command.KEYS) {
      throw new IllegalArgumentException(
          "compact has no such command, scan in its place: command=KEYS");
    }
    if (arguments.key() != null && arguments.key().length == 0) {
      throw new IllegalArgumentException(
          "key is empty, which compact cannot say: command=" + call.command());
    }
    return CompactRequestEncoder.OPCODE_LENGTH
        + bytesLength(arguments.key())
        + bytesLength(arguments.value())
        + CompactRequestEncoder.zigzagLength(Long.MIN_VALUE)
        + CompactRequestEncoder.unsignedLength(Long.MAX_VALUE);
  }

  private static long bytesLength(byte[] bytes) {
    return bytes == null ? 0 : (long) CompactRequestEncoder.bytesLength(0) + 4 + bytes.length;
  }

  @Override
  public int encode(Call<?> call, MemorySegment buffer, long offset) {
    Arguments arguments = call.arguments();
    Command command = command(call);
    long position = offset + CompactRequestEncoder.opcode(buffer, offset, command);
    if (command != Command.PING) {
      position += bytes(buffer, position, arguments.key());
      position += bytes(buffer, position, arguments.value());
    }
    position +=
        switch (command) {
          case INCRBY, DECRBY -> CompactRequestEncoder.zigzag(buffer, position, arguments.number());
          case SETEX, EXPIRE -> CompactRequestEncoder.time(buffer, position, arguments.millis());
          case SCAN -> page(buffer, position, arguments);
          default -> 0;
        };
    return (int) (position - offset);
  }

  private static int bytes(MemorySegment buffer, long offset, byte[] bytes) {
    return bytes == null
        ? 0
        : CompactRequestEncoder.bytes(
            buffer, offset, MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  private static int page(MemorySegment buffer, long offset, Arguments arguments) {
    int length = CompactRequestEncoder.zigzag(buffer, offset, arguments.number());
    return length + CompactRequestEncoder.varint(buffer, offset + length, arguments.count());
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
