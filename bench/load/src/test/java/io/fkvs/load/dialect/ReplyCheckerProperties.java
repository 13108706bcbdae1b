package io.fkvs.load.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.load.dialect.Replies.Exchange;
import io.fkvs.load.dialect.Replies.Outcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ReplyCheckerProperties {
  /** A checker with the buffer of a connection in front of it. */
  private static final class Stream {
    final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    final ReplyChecker checker;
    final long[] expectations;
    int kept;
    int replies;

    Stream(Replies replies, Payload payload, List<Exchange> exchanges) {
      checker = new ReplyChecker(replies.dialect, payload);
      expectations = exchanges.stream().mapToLong(e -> e.operation().expectation(e.id())).toArray();
    }

    void receive(byte[] bytes, int from, int to) throws ProtocolException {
      buffer.put(kept, bytes, from, to - from);
      int limit = kept + to - from;
      buffer.clear();
      replies += checker.check(buffer, limit, expectations, replies, expectations.length);
      kept = limit - buffer.position();
      buffer.limit(limit).compact();
    }
  }

  @Provide
  Arbitrary<List<Exchange>> exchanges() {
    return exchanges(Arbitraries.of(Operation.class), Arbitraries.of(Outcome.class));
  }

  /** Replies of which every byte counts: a number can change and still be a number. */
  @Provide
  Arbitrary<List<Exchange>> foretold() {
    return exchanges(
            Arbitraries.of(Operation.PING, Operation.SET, Operation.GET),
            Arbitraries.of(Outcome.RIGHT))
        .filter(list -> !list.isEmpty());
  }

  private static Arbitrary<List<Exchange>> exchanges(
      Arbitrary<Operation> operations, Arbitrary<Outcome> outcomes) {
    return Combinators.combine(operations, Arbitraries.longs().between(0, 1 << 20), outcomes)
        .as(Exchange::new)
        .list()
        .ofMaxSize(20);
  }

  @Property(tries = 2000)
  void shouldJudgeEveryReplyWhereverTheBytesAreCut(
      @ForAll Replies replies,
      @ForAll("exchanges") List<Exchange> exchanges,
      @ForAll @IntRange(max = 300) int valueLength,
      @ForAll @Size(max = 30) List<@IntRange(max = 8000) Integer> cuts)
      throws ProtocolException {
    var payload = new Payload(16, valueLength);
    byte[] bytes = replies.replies(exchanges, payload);
    var stream = new Stream(replies, payload, exchanges);
    int from = 0;
    for (int cut : cuts.stream().map(c -> c % (bytes.length + 1)).sorted().toList()) {
      stream.receive(bytes, from, cut);
      from = cut;
    }
    stream.receive(bytes, from, bytes.length);

    assertEquals(exchanges.size(), stream.replies);
    assertEquals(0, stream.kept);
    assertEquals(
        exchanges.stream().filter(e -> e.misses(replies)).count(), stream.checker.misses());
    assertEquals(exchanges.stream().filter(e -> e.fails(replies)).count(), stream.checker.wrong());
  }

  @Property(tries = 2000)
  void shouldNeverTakeAChangedReplyForTheRightOne(
      @ForAll Replies replies,
      @ForAll("foretold") List<Exchange> exchanges,
      @ForAll @IntRange(max = 300) int valueLength,
      @ForAll @IntRange(max = 1 << 20) int at,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    var payload = new Payload(16, valueLength);
    byte[] bytes = replies.replies(exchanges, payload);
    bytes[at % bytes.length] ^= (byte) change;
    var stream = new Stream(replies, payload, exchanges);
    boolean refused = false;
    try {
      stream.receive(bytes, 0, bytes.length);
    } catch (ProtocolException e) {
      refused = true;
    }
    boolean noticed = stream.checker.wrong() > 0 || stream.checker.misses() > 0;
    assertTrue(refused || noticed || stream.replies < exchanges.size());
  }

  @Property(tries = 2000)
  void shouldSeeTheReplyOfAnotherRequest(
      @ForAll Replies replies,
      @ForAll("foretold") List<Exchange> exchanges,
      @ForAll @IntRange(min = 8, max = 300) int valueLength)
      throws ProtocolException {
    var payload = new Payload(16, valueLength);
    List<Exchange> others =
        exchanges.stream()
            .map(e -> new Exchange(Operation.GET, e.id() + 1, Outcome.RIGHT))
            .toList();
    List<Exchange> gets =
        exchanges.stream().map(e -> new Exchange(Operation.GET, e.id(), Outcome.RIGHT)).toList();
    byte[] bytes = replies.replies(others, payload);
    var stream = new Stream(replies, payload, gets);
    stream.receive(bytes, 0, bytes.length);
    assertEquals(exchanges.size(), stream.checker.wrong());
    assertTrue(stream.checker.firstWrong().startsWith("wrong reply: operation=GET, id="));
  }

  @Property
  void shouldRefuseAReplyNobodyAskedFor(
      @ForAll Replies replies, @ForAll("foretold") List<Exchange> exchanges) {
    var payload = new Payload(16, 10);
    byte[] bytes = replies.replies(exchanges, payload);
    var stream = new Stream(replies, payload, exchanges.subList(1, exchanges.size()));
    ProtocolException refusal =
        assertThrows(
            ProtocolException.class,
            () -> {
              stream.receive(bytes, 0, bytes.length);
              // A shorter reply may have been taken for a wrong one; what is left over is not.
              stream.receive(bytes, 0, bytes.length);
            });
    assertNotEquals("", refusal.getMessage());
  }

  @Property(tries = 5000)
  void shouldStayInBoundsWhateverArrives(
      @ForAll Replies replies,
      @ForAll Operation operation,
      @ForAll @Size(max = 40) byte[] bytes,
      @ForAll @IntRange(max = 5) int first) {
    byte[] starts = Replies.text("\0\1$:+V");
    if (bytes.length > 0) {
      bytes[0] = starts[first];
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int length = replies.dialect.parse(buffer, 0, bytes.length, operation, new Reply());
    assertTrue(length >= Dialect.MALFORMED && length <= bytes.length);
    if (length > 0) {
      for (int limit = 0; limit < length; limit++) {
        assertEquals(
            Dialect.INCOMPLETE, replies.dialect.parse(buffer, 0, limit, operation, new Reply()));
      }
    }
  }
}
