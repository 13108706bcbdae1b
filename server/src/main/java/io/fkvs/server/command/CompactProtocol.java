package io.fkvs.server.command;

import static io.fkvs.wire.CompactReplyEncoder.MAX_INTEGER_LENGTH;
import static io.fkvs.wire.CompactReplyEncoder.MAX_VALUE_HEADER_LENGTH;
import static io.fkvs.wire.CompactReplyEncoder.STATUS_LENGTH;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import io.fkvs.wire.Command;
import io.fkvs.wire.CompactReplyEncoder;
import io.fkvs.wire.CompactRequestDecoder;
import io.fkvs.wire.ErrorCode;
import io.fkvs.wire.Request;
import java.lang.foreign.MemorySegment;

/**
 * The protocol of our own: numbers are binary, times to live are milliseconds, an error says why,
 * and a missing key is none. A request has no length in front, so nothing behind a malformed one
 * can be read.
 */
final class CompactProtocol implements Protocol {
  private final CompactRequestDecoder decoder;
  private final KeyPage page;

  /** The error replies, which never change. */
  private final MemorySegment[] errors = new MemorySegment[Failure.values().length];

  /**
   * Creates the protocol.
   *
   * @param maxValueBytes the length of the longest value that the store takes
   * @param pool lends the memory that a SCAN needs
   */
  CompactProtocol(int maxValueBytes, BufferPool pool) {
    decoder = new CompactRequestDecoder(maxValueBytes);
    page = new KeyPage(pool);
    for (Failure failure : Failure.values()) {
      errors[failure.ordinal()] = error(failure, maxValueBytes);
    }
  }

  private static MemorySegment error(Failure failure, int maxValueBytes) {
    return switch (failure) {
      case MALFORMED -> error(ErrorCode.MALFORMED, "request is malformed");
      case UNKNOWN_COMMAND -> error(ErrorCode.UNKNOWN_OPCODE, "opcode is unknown");
      case NOT_AN_INTEGER -> error(ErrorCode.NOT_AN_INTEGER, "value is not an integer");
      case OVERFLOW -> error(ErrorCode.OVERFLOW, "number does not fit 64 bits");
      case TOO_LARGE ->
          error(
              ErrorCode.TOO_LARGE,
              "key or value is too large: maxKeyBytes="
                  + Store.MAX_KEY_BYTES
                  + ", maxValueBytes="
                  + maxValueBytes);
      case STORE_FULL -> error(ErrorCode.STORE_FULL, "store is full");
      case INTERNAL -> error(ErrorCode.INTERNAL, "server failed, its log says why");
      case NOT_AUTHENTICATED ->
          error(ErrorCode.NOT_AUTHENTICATED, "server wants its password first: AUTH");
      case WRONG_PASSWORD -> error(ErrorCode.WRONG_PASSWORD, "password is wrong");
      case NO_PASSWORD -> error(ErrorCode.WRONG_PASSWORD, "server has no password");
      case NO_MAJORITY ->
          error(ErrorCode.NO_MAJORITY, "no majority of the cluster answers, nothing was changed");
      case UNDECIDED ->
          error(
              ErrorCode.UNDECIDED,
              "a majority of the cluster did not answer in time: it may still be carried out");
    };
  }

  private static MemorySegment error(ErrorCode code, String text) {
    MemorySegment message = MemorySegment.ofArray(text.getBytes(UTF_8));
    int length = CompactReplyEncoder.errorLength(code, (int) message.byteSize());
    MemorySegment reply = MemorySegment.ofArray(new byte[length]);
    CompactReplyEncoder.error(reply, 0, code, message);
    return reply;
  }

  @Override
  public int decode(MemorySegment buffer, long offset, long limit, Request request) {
    return decoder.decode(buffer, offset, limit, request);
  }

  @Override
  public int announcedLength() {
    return decoder.announcedLength();
  }

  @Override
  public boolean isFramed() {
    return false;
  }

  @Override
  public boolean hasAmount(Request request) {
    return true;
  }

  @Override
  public long amount(Request request) {
    return request.integer();
  }

  /** The latest deadline stands for all that lie beyond it. */
  @Override
  public long deadlineMs(Request request, long nowMs) {
    if (request.command() == Command.SET) {
      return Store.NO_DEADLINE;
    }
    return request.integer() > LAST_DEADLINE_MS - nowMs
        ? LAST_DEADLINE_MS
        : nowMs + request.integer();
  }

  @Override
  public void stored(Request request, Output output) {
    ok(output);
  }

  @Override
  public void value(ValueView value, Output output) {
    int length = value.length();
    output.reserve(MAX_VALUE_HEADER_LENGTH, length);
    output.advance(CompactReplyEncoder.valueHeader(output.memory(), output.position(), length));
    output.append(value, length);
  }

  @Override
  public void missing(Output output) {
    output.reserve(STATUS_LENGTH);
    output.advance(CompactReplyEncoder.nil(output.memory(), output.position()));
  }

  @Override
  public void number(long number, Output output) {
    output.reserve(MAX_INTEGER_LENGTH);
    output.advance(CompactReplyEncoder.integer(output.memory(), output.position(), number));
  }

  @Override
  public void removed(boolean wasPresent, Output output) {
    truth(wasPresent, output);
  }

  @Override
  public void expiring(boolean isPresent, Output output) {
    truth(isPresent, output);
  }

  @Override
  public void persisted(boolean hadDeadline, Output output) {
    truth(hadDeadline, output);
  }

  @Override
  public void timeToLive(long deadlineMs, long nowMs, Output output) {
    if (deadlineMs == Store.NO_KEY) {
      number(TTL_NO_KEY, output);
    } else if (deadlineMs == Store.NO_DEADLINE) {
      number(TTL_NO_DEADLINE, output);
    } else {
      number(deadlineMs - nowMs, output);
    }
  }

  @Override
  public void pong(Request request, Output output) {
    if (request.command() == Command.ECHO) {
      bytes(request.buffer(), request.valueOffset(), request.valueLength(), output);
    } else {
      ok(output);
    }
  }

  @Override
  public void authenticated(Output output) {
    ok(output);
  }

  @Override
  public void info(byte[] text, Output output) {
    bytes(MemorySegment.ofArray(text), 0, text.length, output);
  }

  @Override
  public void keys(Request request, Store store, Output output) {
    page.write(request.integer(), request.count(), store, output);
  }

  @Override
  public void failed(Failure failure, Output output) {
    MemorySegment error = errors[failure.ordinal()];
    int length = (int) error.byteSize();
    output.reserve(length);
    MemorySegment.copy(error, 0, output.memory(), output.position(), length);
    output.advance(length);
  }

  private void truth(boolean isTrue, Output output) {
    number(isTrue ? 1 : 0, output);
  }

  private static void ok(Output output) {
    output.reserve(STATUS_LENGTH);
    output.advance(CompactReplyEncoder.ok(output.memory(), output.position()));
  }

  private static void bytes(MemorySegment source, long offset, int length, Output output) {
    output.reserve(MAX_VALUE_HEADER_LENGTH, length);
    output.advance(CompactReplyEncoder.valueHeader(output.memory(), output.position(), length));
    output.append(source, offset, length);
  }
}
