package io.fkvs.server.resp;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.server.buffer.Output;
import io.fkvs.store.BytesView;
import io.fkvs.store.ValueView;
import io.fkvs.wire.RespReplyEncoder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Writes replies, in the version of the protocol that the client speaks. Allocates nothing. */
final class Reply {
  /** {@code +OK}, and its end, as the bytes of a word. */
  private static final long OK = 0x0A0D_4B4F_2BL;

  private static final int OK_LENGTH = 5;
  private static final MemorySegment PONG = line("+PONG");
  private static final MemorySegment QUEUED = line("+QUEUED");
  private static final MemorySegment EMPTY = line("$0\r\n");

  /** Values of up to this length are written in one piece. */
  private static final int SHORT_BYTES = 4096;

  private static final ValueLayout.OfLong WORD =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Output output;
  private boolean isResp3;

  /** A line with its end, for {@link #fixed}. */
  static MemorySegment line(String text) {
    return MemorySegment.ofArray((text + "\r\n").getBytes(UTF_8));
  }

  /** Writes to an output from now on. */
  void to(Output output, boolean isResp3) {
    this.output = output;
    this.isResp3 = isResp3;
  }

  /** Changes the version, amid the command that asks for it. */
  void version(boolean isResp3) {
    this.isResp3 = isResp3;
  }

  Output output() {
    return output;
  }

  /** Writes a reply that never changes. */
  void fixed(MemorySegment line) {
    int length = (int) line.byteSize();
    output.reserve(length);
    MemorySegment.copy(line, 0, output.memory(), output.position(), length);
    output.advance(length);
  }

  void ok() {
    output.reserve(Long.BYTES);
    output.memory().set(WORD, output.position(), OK);
    output.advance(OK_LENGTH);
  }

  void pong() {
    fixed(PONG);
  }

  void queued() {
    fixed(QUEUED);
  }

  /** Writes a text on one line behind a mark; line breaks in it become blanks. */
  void line(char mark, String text) {
    fixed(line(mark + text.replace('\r', ' ').replace('\n', ' ')));
  }

  void integer(long value) {
    header(RespReplyEncoder.INTEGER, value);
  }

  void truth(boolean isTrue) {
    integer(isTrue ? 1 : 0);
  }

  void array(long count) {
    header(RespReplyEncoder.ARRAY, count);
  }

  void map(long pairs) {
    header(isResp3 ? RespReplyEncoder.MAP : RespReplyEncoder.ARRAY, isResp3 ? pairs : 2 * pairs);
  }

  void set(long count) {
    header(isResp3 ? RespReplyEncoder.SET : RespReplyEncoder.ARRAY, count);
  }

  private void header(char mark, long value) {
    output.reserve(RespReplyEncoder.MAX_HEADER_LENGTH);
    output.advance(RespReplyEncoder.header(output.memory(), output.position(), mark, value));
  }

  void nil() {
    output.reserve(RespReplyEncoder.MAX_NIL_LENGTH);
    output.advance(RespReplyEncoder.nil(output.memory(), output.position(), isResp3));
  }

  void nilArray() {
    output.reserve(RespReplyEncoder.MAX_NIL_LENGTH);
    output.advance(RespReplyEncoder.nilArray(output.memory(), output.position(), isResp3));
  }

  void emptyBulk() {
    fixed(EMPTY);
  }

  void bulk(ValueView value) {
    bulk(value, 0, value.length());
  }

  /** Writes a part of a value. */
  void bulk(ValueView value, int index, int length) {
    if (length <= SHORT_BYTES) {
      shortBulk(value, index, length);
      return;
    }
    begin(length);
    output.append(value, index, length);
    end();
  }

  private void shortBulk(BytesView value, int index, int length) {
    output.reserve(RespReplyEncoder.MAX_HEADER_LENGTH + length + RespReplyEncoder.END_LENGTH);
    MemorySegment memory = output.memory();
    long start = output.position();
    long at = start + RespReplyEncoder.header(memory, start, RespReplyEncoder.BULK, length);
    value.copyTo(index, memory, at, length);
    at += length;
    at += RespReplyEncoder.end(memory, at);
    output.advance((int) (at - start));
  }

  void bulk(BytesView key) {
    int length = key.length();
    begin(length);
    output.append(key, 0, length);
    end();
  }

  void bulk(MemorySegment bytes, long offset, int length) {
    begin(length);
    output.append(bytes, offset, length);
    end();
  }

  void bulk(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    bulk(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  void bulkNumber(long number) {
    bulk(Long.toString(number));
  }

  /** Writes a text for people, which RESP3 tells from other bytes. */
  void verbatim(String text) {
    if (!isResp3) {
      bulk(text);
      return;
    }
    byte[] bytes = ("txt:" + text).getBytes(UTF_8);
    header(RespReplyEncoder.VERBATIM, bytes.length);
    output.append(MemorySegment.ofArray(bytes), 0, bytes.length);
    end();
  }

  private void begin(int length) {
    output.reserve(RespReplyEncoder.MAX_HEADER_LENGTH + RespReplyEncoder.END_LENGTH, length);
    output.advance(
        RespReplyEncoder.header(output.memory(), output.position(), RespReplyEncoder.BULK, length));
  }

  private void end() {
    output.reserve(RespReplyEncoder.END_LENGTH);
    output.advance(RespReplyEncoder.end(output.memory(), output.position()));
  }
}
