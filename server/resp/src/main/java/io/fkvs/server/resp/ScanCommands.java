package io.fkvs.server.resp;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.fkvs.store.BytesView;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/*
 * The cursor and the number of keys stand before the keys of a page, so the keys wait in memory of
 * the page's own until both are known.
 */

/** KEYS, SCAN and RANDOMKEY. */
final class ScanCommands {
  /** The keys that one SCAN may visit: a millisecond's work. More are as many SCANs. */
  private static final int MOST_VISITED = 1024;

  /** The keys that the store is asked for at a time: at most 1 MiB of the longest. */
  private static final int STEP = 16;

  /** How often one SCAN may ask the store. */
  private static final int MOST_STEPS = 256;

  /** The bytes of keys at which a page is full. */
  private static final int PAGE_BYTES = 256 << 10;

  private static final int ELEMENT_BYTES = 32;
  private static final long DEFAULT_COUNT = 10;
  private static final BigInteger LAST_CURSOR =
      BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

  /** What C reads as an unsigned number: a minus sign wraps around. */
  private static final Pattern CURSOR = Pattern.compile("([+-]?)(\\d+)");

  private final Store store;
  private final Page page = new Page();
  private final RandomGenerator random = new SplittableRandom();

  ScanCommands(RespEndpoint endpoint) {
    store = endpoint.store();
  }

  void register(CommandTable table) {
    table.handle("scan", this::scan);
    table.handle("keys", this::keys);
    table.handle("randomkey", this::random);
  }

  // ---- SCAN

  private boolean scan(Call call) {
    Matcher cursor = CURSOR.matcher(call.text(1));
    if (!cursor.matches() && call.length(1) > 0) {
      return call.fail(Errors.CURSOR);
    }
    BigInteger number = call.length(1) == 0 ? BigInteger.ZERO : new BigInteger(cursor.group(2));
    if (number.compareTo(LAST_CURSOR) > 0) {
      return call.fail(Errors.CURSOR);
    }
    boolean isNegative = call.length(1) > 0 && cursor.group(1).equals("-");
    return scan(call, isNegative ? -number.longValue() : number.longValue());
  }

  private boolean scan(Call call, long cursor) {
    long count = DEFAULT_COUNT;
    page.begin(null);
    boolean isOfStrings = true;
    for (int i = 2; i < call.count(); i += 2) {
      if (i + 1 == call.count()) {
        return call.fail(Errors.SYNTAX);
      }
      if (call.is(i, "count")) {
        if (!call.readIntegerOrFail(i + 1)) {
          return true;
        }
        count = call.integer;
        if (count < 1) {
          return call.fail(Errors.SYNTAX);
        }
      } else if (call.is(i, "match")) {
        page.begin(new Glob(call.bytes(i + 1)));
      } else if (call.is(i, "type")) {
        isOfStrings = call.is(i + 1, "string");
      } else {
        return call.fail(Errors.SYNTAX);
      }
    }
    page.isEmptied = !isOfStrings;
    return answer(call, cursor, (int) Math.min(count, MOST_VISITED));
  }

  private boolean answer(Call call, long cursor, int count) {
    if (!call.claim(2L * PAGE_BYTES)) {
      return false;
    }
    long next = cursor;
    int steps = 0;
    do {
      next = store.scan(next, (int) Math.min(count - page.visited, STEP), page);
      steps++;
    } while (next != 0 && page.visited < count && page.length < PAGE_BYTES && steps < MOST_STEPS);
    call.reply.array(2);
    call.reply.bulk(Long.toUnsignedString(next));
    page.write(call.reply);
    return true;
  }

  /** The keys that a scan visits and the client wants, as elements of a reply. */
  private static final class Page implements ScanVisitor {
    private MemorySegment keys = MemorySegment.NULL;
    private Glob glob;
    private boolean isEmptied;
    private int length;
    private int count;
    private long visited;

    void begin(Glob glob) {
      this.glob = glob;
      isEmptied = false;
      length = 0;
      count = 0;
      visited = 0;
    }

    @Override
    public void onEntry(BytesView key, ValueView value) {
      visited++;
      if (isEmptied || (glob != null && !glob.matches(key))) {
        return;
      }
      int needed = Integer.BYTES + key.length();
      if (keys.byteSize() - length < needed) {
        grow(needed);
      }
      keys.set(JAVA_INT_UNALIGNED, length, key.length());
      key.copyTo(keys, length + Integer.BYTES);
      length += needed;
      count++;
    }

    private void grow(int needed) {
      MemorySegment larger =
          Arena.ofAuto().allocate(Math.max(2 * keys.byteSize(), length + needed + 4096));
      MemorySegment.copy(keys, 0, larger, 0, length);
      keys = larger;
    }

    void write(Reply reply) {
      reply.array(count);
      int at = 0;
      while (at < length) {
        int bytes = keys.get(JAVA_INT_UNALIGNED, at);
        reply.bulk(keys, at + Integer.BYTES, bytes);
        at += Integer.BYTES + bytes;
      }
    }
  }

  // ---- KEYS

  /** As in Redis, all keys are visited at once, and nobody else is served meanwhile. */
  private boolean keys(Call call) {
    Glob glob = new Glob(call.bytes(1));
    Sum sum = new Sum(glob);
    visitAll(sum);
    if (call.isTooLong(sum.bytes)) {
      return true;
    }
    if (!call.claim(sum.bytes)) {
      return false;
    }
    call.reply.array(sum.count);
    visitAll(
        (key, value) -> {
          if (glob.matches(key)) {
            call.reply.bulk(key);
          }
        });
    return true;
  }

  private boolean random(Call call) {
    if (!call.claim(Store.MAX_KEY_BYTES)) {
      return false;
    }
    if (!store.randomEntry(random, (key, value) -> call.reply.bulk(key))) {
      call.reply.nil();
    }
    return true;
  }

  private void visitAll(ScanVisitor visitor) {
    long cursor = 0;
    do {
      cursor = store.scan(cursor, MOST_VISITED, visitor);
    } while (cursor != 0);
  }

  /** How many keys match, and how long they are. */
  private static final class Sum implements ScanVisitor {
    private final Glob glob;
    private long count;
    private long bytes;

    Sum(Glob glob) {
      this.glob = glob;
    }

    @Override
    public void onEntry(BytesView key, ValueView value) {
      if (glob.matches(key)) {
        count++;
        bytes += ELEMENT_BYTES + key.length();
      }
    }
  }
}
