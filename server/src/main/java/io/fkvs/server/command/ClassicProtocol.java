package io.fkvs.server.command;

import static io.fkvs.wire.ClassicReplyEncoder.HEADER_LENGTH;
import static io.fkvs.wire.ClassicReplyEncoder.MAX_PAYLOAD_LENGTH;
import static io.fkvs.wire.ClassicReplyEncoder.STATUS_LENGTH;

import io.fkvs.server.buffer.Output;
import io.fkvs.store.Decimal;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import io.fkvs.wire.ClassicReplyEncoder;
import io.fkvs.wire.ClassicRequestDecoder;
import io.fkvs.wire.Command;
import io.fkvs.wire.Request;
import java.lang.foreign.MemorySegment;

/** The protocol of the original C server: numbers are decimal text, times to live are seconds. */
final class ClassicProtocol implements Protocol {
  private static final int SECOND_MS = 1000;

  private final ClassicRequestDecoder decoder = new ClassicRequestDecoder();
  private final KeyListing listing = new KeyListing();

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
    return true;
  }

  @Override
  public boolean hasAmount(Request request) {
    return Decimal.isInteger(request.buffer(), request.numberOffset(), request.numberLength());
  }

  @Override
  public long amount(Request request) {
    return Decimal.parse(request.buffer(), request.numberOffset(), request.numberLength());
  }

  @Override
  public long deadlineMs(Request request, long nowMs) {
    if (!request.hasNumber()) {
      return Store.NO_DEADLINE;
    }
    if (!hasAmount(request)) {
      return NO_TIME;
    }
    long seconds = amount(request);
    return seconds < 0 ? NO_TIME : deadlineMs(seconds, nowMs);
  }

  /** The latest deadline stands for all that lie beyond it: in 292 million years. */
  static long deadlineMs(long seconds, long nowMs) {
    return seconds > (LAST_DEADLINE_MS - nowMs) / SECOND_MS
        ? LAST_DEADLINE_MS
        : nowMs + seconds * SECOND_MS;
  }

  @Override
  public void stored(Request request, Output output) {
    int length = request.valueLength();
    output.reserve(HEADER_LENGTH + length);
    ClassicReplyEncoder.valueHeader(output.memory(), output.position(), length);
    copyPayload(request, output);
  }

  @Override
  public void value(ValueView value, Output output) {
    int length = value.length();
    if (length > MAX_PAYLOAD_LENGTH) {
      failed(Failure.TOO_LARGE, output);
      return;
    }
    output.reserve(HEADER_LENGTH + length);
    ClassicReplyEncoder.valueHeader(output.memory(), output.position(), length);
    value.copyTo(output.memory(), output.position() + HEADER_LENGTH);
    output.advance(HEADER_LENGTH + length);
  }

  @Override
  public void missing(Output output) {
    error(output);
  }

  @Override
  public void number(long number, Output output) {
    int length = Decimal.length(number);
    output.reserve(HEADER_LENGTH + length);
    ClassicReplyEncoder.valueHeader(output.memory(), output.position(), length);
    Decimal.write(number, output.memory(), output.position() + HEADER_LENGTH);
    output.advance(HEADER_LENGTH + length);
  }

  @Override
  public void removed(boolean wasPresent, Output output) {
    ok(output);
  }

  @Override
  public void expiring(boolean isPresent, Output output) {
    if (isPresent) {
      ok(output);
    } else {
      error(output);
    }
  }

  @Override
  public void persisted(boolean hadDeadline, Output output) {
    ok(output);
  }

  /** Rounds up, so that a key that is there never shows 0 seconds. */
  @Override
  public void timeToLive(long deadlineMs, long nowMs, Output output) {
    if (deadlineMs == Store.NO_KEY) {
      number(TTL_NO_KEY, output);
    } else if (deadlineMs == Store.NO_DEADLINE) {
      number(TTL_NO_DEADLINE, output);
    } else {
      number(Math.ceilDiv(deadlineMs - nowMs, SECOND_MS), output);
    }
  }

  @Override
  public void pong(Request request, Output output) {
    int length = request.valueLength();
    output.reserve(HEADER_LENGTH + length);
    ClassicReplyEncoder.echoHeader(output.memory(), output.position(), Command.PING, length);
    copyPayload(request, output);
  }

  /** Classic has no such request: a server with a password speaks none of it. */
  @Override
  public void authenticated(Output output) {
    ok(output);
  }

  @Override
  public void info(byte[] text, Output output) {
    if (text.length > MAX_PAYLOAD_LENGTH) {
      failed(Failure.TOO_LARGE, output);
      return;
    }
    output.reserve(HEADER_LENGTH + text.length);
    ClassicReplyEncoder.echoHeader(output.memory(), output.position(), Command.INFO, text.length);
    MemorySegment target = output.memory();
    MemorySegment.copy(
        MemorySegment.ofArray(text), 0, target, output.position() + HEADER_LENGTH, text.length);
    output.advance(HEADER_LENGTH + text.length);
  }

  @Override
  public void keys(Request request, Store store, Output output) {
    output.reserve(HEADER_LENGTH + MAX_PAYLOAD_LENGTH);
    long position = output.position() + HEADER_LENGTH;
    int length = listing.write(store, output.memory(), position, MAX_PAYLOAD_LENGTH);
    if (length == KeyListing.TOO_LONG) {
      failed(Failure.TOO_LARGE, output);
      return;
    }
    ClassicReplyEncoder.echoHeader(output.memory(), output.position(), Command.KEYS, length);
    output.advance(HEADER_LENGTH + length);
  }

  @Override
  public void failed(Failure failure, Output output) {
    error(output);
  }

  private static void copyPayload(Request request, Output output) {
    int length = request.valueLength();
    MemorySegment.copy(
        request.buffer(),
        request.valueOffset(),
        output.memory(),
        output.position() + HEADER_LENGTH,
        length);
    output.advance(HEADER_LENGTH + length);
  }

  private static void ok(Output output) {
    output.reserve(STATUS_LENGTH);
    output.advance(ClassicReplyEncoder.ok(output.memory(), output.position()));
  }

  private static void error(Output output) {
    output.reserve(STATUS_LENGTH);
    output.advance(ClassicReplyEncoder.error(output.memory(), output.position()));
  }
}
