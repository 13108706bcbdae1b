package io.fkvs.server.loop;

import static io.fkvs.server.Compacts.SWITCH;
import static io.fkvs.server.Compacts.scan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Frames;
import io.fkvs.server.limits.Limits;
import io.fkvs.wire.CompactReplyDecoder;
import io.fkvs.wire.Reply;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A compact client that goes through the keys, on every table. */
@ParameterizedClass
@MethodSource("io.fkvs.server.TestServers#tables")
class ScanTest {
  /** What a reply may hold beyond the count asked for: a table visits places, not entries. */
  private static final int MOST_MORE = 4096;

  private final TestDispatch dispatch;
  private final ScriptedChannel channel = new ScriptedChannel();
  private final Connection connection;
  private int read;

  ScanTest(String table) {
    dispatch = new TestDispatch(table);
    connection = dispatch.connect(channel);
    dispatch.receive(connection, SWITCH);
    read = SWITCH.length;
  }

  @AfterEach
  void close() {
    dispatch.close();
    assertEquals(0, dispatch.pool.lentBytes(), "a buffer was not given back");
  }

  /** One reply: the next cursor, and the keys. */
  private record Page(long cursor, List<String> keys) {}

  private Page ask(long cursor, long count) {
    dispatch.receive(connection, scan(cursor, count));
    dispatch.goOn();
    byte[] sent = channel.sent();
    MemorySegment buffer = MemorySegment.ofArray(sent);
    Reply reply = new Reply();
    long next = next(buffer, reply).integer();
    long keyCount = next(buffer, reply).integer();
    List<String> keys = new ArrayList<>();
    for (long i = 0; i < keyCount; i++) {
      keys.add(Frames.text(next(buffer, reply).payload()));
    }
    assertEquals(sent.length, read);
    return new Page(next, keys);
  }

  private Reply next(MemorySegment buffer, Reply reply) {
    int length = CompactReplyDecoder.decode(buffer, read, buffer.byteSize(), reply);
    assertNotEquals(CompactReplyDecoder.INCOMPLETE, length);
    assertNotEquals(Reply.Kind.MALFORMED, reply.kind());
    read += length;
    return reply;
  }

  private Set<String> put(int from, int to) {
    Set<String> keys = new HashSet<>();
    for (int i = from; i < to; i++) {
      keys.add("key " + i);
      dispatch.store.put("key " + i, "v");
    }
    return keys;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 10, 1000, (1L << 35) - 1})
  void shouldVisitEveryKeyWhenAskedFromZeroToZero(long count) {
    Set<String> keys = put(0, 3000);
    Set<String> seen = new HashSet<>();
    long cursor = 0;
    int pages = 0;
    do {
      Page page = ask(cursor, count);
      assertTrue(page.keys().size() <= Math.min(count, Limits.SCAN_KEYS) + MOST_MORE);
      seen.addAll(page.keys());
      cursor = page.cursor();
      pages++;
    } while (cursor != 0 && pages < 100_000);

    assertEquals(keys, seen);
  }

  @Test
  void shouldVisitTheKeysThatStayWhenTheTableGrowsAndShrinksMeanwhile() {
    Set<String> keys = put(0, 500);
    Set<String> seen = new HashSet<>();
    long cursor = 0;
    int pages = 0;
    do {
      Page page = ask(cursor, 10);
      seen.addAll(page.keys());
      cursor = page.cursor();
      if (pages % 2 == 0) {
        put(1000, 20_000);
      } else {
        for (int i = 1000; i < 20_000; i++) {
          dispatch.store.remove("key " + i);
        }
      }
      pages++;
    } while (cursor != 0 && pages < 10_000);

    assertEquals(0, cursor);
    seen.retainAll(keys);
    assertEquals(keys, seen);
  }

  @Test
  void shouldAnswerAnEmptyPageWhenTheStoreIsEmpty() {
    assertEquals(new Page(0, List.of()), ask(0, 10));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x123456789ABCDEFL})
  void shouldComeToAnEndWhenTheCursorIsInvented(long invented) {
    put(0, 100);
    long cursor = invented;
    int pages = 0;
    do {
      cursor = ask(cursor, 100).cursor();
      pages++;
    } while (cursor != 0 && pages < 10_000);

    assertEquals(0, cursor);
  }

  @Test
  void shouldBoundTheReplyWhenTheKeysAreLong() {
    byte[] key = new byte[60_000];
    for (int i = 0; i < 200; i++) {
      Arrays.fill(key, (byte) i);
      dispatch.store.put(key, new byte[0]);
    }
    Set<String> seen = new HashSet<>();
    long cursor = 0;
    int pages = 0;
    do {
      int before = channel.sent().length;
      Page page = ask(cursor, 1000);
      int length = channel.sent().length - before;
      assertTrue(length < Limits.REPLY_SHARE_BYTES + 64 * 65_536, "length=" + length);
      seen.addAll(page.keys());
      cursor = page.cursor();
      pages++;
    } while (cursor != 0 && pages < 10_000);

    assertEquals(200, seen.size());
    assertTrue(pages > 2, "pages=" + pages);
  }
}
