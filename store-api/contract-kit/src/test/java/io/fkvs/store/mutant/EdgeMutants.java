package io.fkvs.store.mutant;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreException;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Faults at one length, one size, one moment, one kind of memory: right everywhere else. Random
 * samples alone do not meet them.
 */
final class EdgeMutants {
  /** What a segment of a real table holds at most. */
  private static final int SEGMENT_ENTRIES = 840;

  private static final int PAGE_BYTES = 4_096;
  private static final int HEADER_BYTES = 8;
  private static final int DEADLINE_BYTES = 8;

  private EdgeMutants() {}

  static List<Mutant> all() {
    return List.of(
        keys(
            "keys of fewer than 128 bytes are compared by their first 64",
            key -> cut(key, 64, 128)),
        keys(
            "the last word of a key of 17 to 23 bytes begins a byte too late",
            key -> key.length > 16 && key.length < 24 ? without(key, key.length - 8, 1) : key),
        keys(
            "the loop over words leaves one out from 72 bytes on",
            key -> key.length >= 72 && key.length <= 80 ? without(key, 64, 8) : key),
        keys("the length of a key has 15 bits", key -> Arrays.copyOf(key, key.length & 0x7FFF)),
        mutant("a key that just fills a buffer of 2^k bytes is lost", LostKeys::new),
        mutant("a scan cuts a key that is a byte longer than 2^k", CutInScan::new),
        mutant("a refused increment looks the entry up again to word its message", Reworded::new),
        mutant("an increment asks for the deadline when the sum is stored", LateDeadline::new),
        mutant("a batch finds all its keys first and shows them afterwards", TwoPassBatch::new),
        mutant("a batch trusts what it read ahead of many expired keys", LongBatch::new),
        mutant("a sweep goes through the first segment of a chain only", HeadSweep::new),
        mutant("a sweep begins its chain anew with each entry that it removes", AnewSweep::new),
        mutant("a scan asks for deadlines in the first segment of a call only", LazyScan::new),
        mutant("a deadline lies over the last byte of a value that fills its slot", Overlaid::new),
        mutant("persist loses the INT of what fits its slot again", PersistedRaw::new),
        mutant("expire loses the INT of what leaves its slot", ExpiredRaw::new),
        mutant("an increment that outgrows its slot loses the deadline", Outgrown::new),
        mutant("an increment that returns to its slot leaves a zero in front", Returned::new),
        mutant("persist gives the room of the deadline back twice", GivenTwice::new),
        mutant("the bound on memory is passed by a byte", OneByteMore::new),
        mutant("a refused put leaves a reservation", Leak::new),
        mutant("a refused put has dropped the deadline already", RefusedAlive::new),
        mutant("a sweep gives no room back", KeptRoom::new),
        mutant("a part of an array is read from the array's beginning", WrongBase::new),
        mutant("a value in shared memory ends with its page", OnePage::new),
        mutant("a value in shared memory is kept where it is, not copied", KeptSegment::new),
        mutant("a refused put has moved the old value away from under a view", MovedAway::new));
  }

  private static Mutant mutant(String fault, Function<StoreConfig, Store> factory) {
    return new Mutant(fault, factory);
  }

  /** Stores that take keys for the same whose changed bytes are the same. */
  private static Mutant keys(String fault, UnaryOperator<byte[]> seen) {
    return mutant(
        fault,
        config ->
            new MapStore(config) {
              @Override
              Object identity(byte[] key) {
                return List.of(key.length & 0x7FFF, super.identity(seen.apply(key)));
              }
            });
  }

  private static byte[] cut(byte[] key, int to, int below) {
    return key.length > to && key.length < below ? Arrays.copyOf(key, to) : key;
  }

  private static byte[] without(byte[] key, int place, int count) {
    byte[] seen = key.clone();
    Arrays.fill(seen, place, place + count, (byte) 0);
    return seen;
  }

  // ---- keys

  private static final class LostKeys extends MapStore {
    LostKeys(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      if (key.length < PAGE_BYTES || Integer.bitCount(key.length) != 1) {
        super.link(old, key, value, type, deadlineMs);
      }
    }
  }

  private static final class CutInScan extends MapStore {
    CutInScan(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doScan(long cursor, int count, ScanVisitor visitor) {
      return super.doScan(
          cursor,
          count,
          (key, value) -> {
            int length = key.length() - 1;
            if (length >= 1_024 && Integer.bitCount(length) == 1) {
              show(key, MemorySegment.ofArray(key.toByteArray()), 0, length);
            }
            visitor.onEntry(key, value);
          });
    }
  }

  // ---- the clock

  private static final class Reworded extends MapStore {
    Reworded(StoreConfig config) {
      super(config);
    }

    @Override
    long sum(Entry old, long delta) {
      try {
        return super.sum(old, delta);
      } catch (StoreException e) {
        find(old.key).value.clone(); // null where the deadline has passed since
        throw e;
      }
    }
  }

  private static final class LateDeadline extends MapStore {
    LateDeadline(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
      byte[] k = copy(key, keyOffset, keyLength);
      long sum = sum(find(k), delta);
      Entry old = find(k);
      byte[] text = Long.toString(sum).getBytes();
      link(old, k, text, ValueType.INT, old == null ? NO_DEADLINE : old.deadlineMs);
      return sum;
    }
  }

  private static final class TwoPassBatch extends MapStore {
    TwoPassBatch(StoreConfig config) {
      super(config);
    }

    @Override
    protected void doGet(KeyBatch keys, BatchVisitor visitor) {
      boolean[] found = new boolean[keys.count()];
      for (int i = 0; i < keys.count(); i++) {
        found[i] = find(copy(keys.segment(i), keys.offset(i), keys.length(i))) != null;
      }
      ValueView view = new ValueView();
      for (int i = 0; i < keys.count(); i++) {
        if (found[i]) {
          show(view, find(copy(keys.segment(i), keys.offset(i), keys.length(i))));
          visitor.onValue(i, view);
        } else {
          visitor.onMissing(i);
        }
      }
    }
  }

  // ---- floods

  private static final class LongBatch extends MapStore {
    LongBatch(StoreConfig config) {
      super(config);
    }

    @Override
    protected void doGet(KeyBatch keys, BatchVisitor visitor) {
      ValueView view = new ValueView();
      long before = entries.size();
      for (int i = 0; i < keys.count(); i++) {
        boolean found = doGet(keys.segment(i), keys.offset(i), keys.length(i), view);
        if (found && before - entries.size() < SEGMENT_ENTRIES) {
          visitor.onValue(i, view);
        } else {
          visitor.onMissing(i);
        }
      }
    }
  }

  /** Entries whose keys collide in all bits, in the order in which they came. */
  private static class Chained extends MapStore {
    private final StoreConfig config;

    Chained(StoreConfig config) {
      super(config);
      this.config = config;
    }

    final List<List<Entry>> chains() {
      Map<Object, List<Entry>> chains = new HashMap<>();
      for (Entry entry : byAge.values()) {
        MemorySegment key = MemorySegment.ofArray(entry.key);
        Object hash =
            config
                .keyHash()
                .<Object>map(h -> h.hash(key, 0, entry.key.length))
                .orElseGet(() -> identity(entry.key));
        chains.computeIfAbsent(hash, h -> new ArrayList<>()).add(entry);
      }
      return List.copyOf(chains.values());
    }
  }

  private static final class HeadSweep extends Chained {
    HeadSweep(StoreConfig config) {
      super(config);
    }

    @Override
    protected int doSweep(int maxExamined) {
      int removed = 0;
      for (List<Entry> chain : chains()) {
        for (Entry entry : chain.subList(0, Math.min(chain.size(), SEGMENT_ENTRIES))) {
          if (isExpired(entry.deadlineMs) && removed < maxExamined) {
            unlink(entry);
            removed++;
          }
        }
      }
      return removed;
    }
  }

  private static final class AnewSweep extends Chained {
    private int place;

    AnewSweep(StoreConfig config) {
      super(config);
    }

    @Override
    protected int doSweep(int maxExamined) {
      List<List<Entry>> chains = chains();
      if (chains.size() != 1 || maxExamined >= byAge.size()) {
        return super.doSweep(maxExamined);
      }
      int removed = 0;
      List<Entry> chain = chains.getFirst();
      for (int examined = 0; examined < maxExamined && !chain.isEmpty(); examined++) {
        place = place < chain.size() ? place : 0;
        if (isExpired(chain.get(place).deadlineMs)) {
          unlink(chain.remove(place));
          removed++;
          place = 0;
        } else {
          place++;
        }
      }
      return removed;
    }
  }

  private static final class LazyScan extends MapStore {
    LazyScan(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doScan(long cursor, int count, ScanVisitor visitor) {
      int passed = 0;
      for (Entry entry : byAge.tailMap(cursor).values()) {
        if (!isExpired(entry.deadlineMs)) {
          return super.doScan(entry.age, count, visitor);
        }
        if (++passed > SEGMENT_ENTRIES) {
          return unasked(entry.age, count, visitor);
        }
      }
      return 0;
    }

    private long unasked(long age, int count, ScanVisitor visitor) {
      long wasMs = byAge.get(age).deadlineMs;
      byAge.get(age).deadlineMs = NO_DEADLINE;
      try {
        return super.doScan(age, count, visitor);
      } finally {
        byAge.get(age).deadlineMs = wasMs;
      }
    }
  }

  // ---- sizes

  /** Knows which entries fit the slot that the configuration asks for. */
  private static class Slotted extends MapStore {
    private final int slotBytes;

    Slotted(StoreConfig config) {
      super(config);
      slotBytes = config.slotBytes();
    }

    final boolean fits(byte[] key, byte[] value, long deadlineMs) {
      int deadlineBytes = deadlineMs == NO_DEADLINE ? 0 : DEADLINE_BYTES;
      return HEADER_BYTES + key.length + value.length + deadlineBytes <= slotBytes;
    }

    /** Whether an entry fits its slot, and just because it has no deadline. */
    final boolean fillsTheSlot(byte[] key, byte[] value) {
      return fits(key, value, NO_DEADLINE) && !fits(key, value, 0);
    }
  }

  private static final class Overlaid extends Slotted {
    Overlaid(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      byte[] stored = value;
      int bytes = HEADER_BYTES + key.length + value.length + DEADLINE_BYTES;
      if (deadlineMs != NO_DEADLINE && Integer.bitCount(bytes - 1) == 1 && bytes > 128) {
        stored = value.clone();
        stored[value.length - 1] = (byte) deadlineMs;
      }
      super.link(old, key, stored, type, deadlineMs);
    }
  }

  private static final class PersistedRaw extends Slotted {
    PersistedRaw(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
      boolean present = super.doExpire(key, keyOffset, keyLength, deadlineMs);
      Entry entry = find(copy(key, keyOffset, keyLength));
      if (entry != null && deadlineMs == NO_DEADLINE && fillsTheSlot(entry.key, entry.value)) {
        entry.type = ValueType.RAW;
      }
      return present;
    }
  }

  private static final class ExpiredRaw extends Slotted {
    ExpiredRaw(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
      boolean present = super.doExpire(key, keyOffset, keyLength, deadlineMs);
      Entry entry = find(copy(key, keyOffset, keyLength));
      if (entry != null && deadlineMs != NO_DEADLINE && fillsTheSlot(entry.key, entry.value)) {
        entry.type = ValueType.RAW;
      }
      return present;
    }
  }

  private static final class Outgrown extends Slotted {
    Outgrown(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
      Entry old = find(copy(key, keyOffset, keyLength));
      boolean fitted = old != null && fits(old.key, old.value, old.deadlineMs);
      long sum = super.doIncrement(key, keyOffset, keyLength, delta);
      Entry entry = find(copy(key, keyOffset, keyLength));
      if (fitted && !fits(entry.key, entry.value, entry.deadlineMs)) {
        entry.deadlineMs = NO_DEADLINE;
      }
      return sum;
    }
  }

  private static final class Returned extends Slotted {
    Returned(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      byte[] stored = value;
      boolean returns =
          old != null
              && !fits(key, old.value, old.deadlineMs)
              && fits(key, value, deadlineMs)
              && old.value.length == value.length + 1
              && type == ValueType.INT;
      if (returns) {
        stored = new byte[value.length + 1];
        stored[0] = '0';
        System.arraycopy(value, 0, stored, 1, value.length);
      }
      super.link(old, key, stored, type, deadlineMs);
    }
  }

  // ---- room

  private static final class GivenTwice extends MapStore {
    GivenTwice(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
      boolean present = super.doExpire(key, keyOffset, keyLength, deadlineMs);
      usedBytes -= present && deadlineMs == NO_DEADLINE && isBounded() ? DEADLINE_BYTES : 0;
      return present;
    }
  }

  private static final class OneByteMore extends MapStore {
    OneByteMore(StoreConfig config) {
      super(config);
    }

    @Override
    long room() {
      return isBounded() ? super.room() + 1 : super.room();
    }
  }

  private static final class Leak extends MapStore {
    Leak(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      try {
        super.link(old, key, value, type, deadlineMs);
      } catch (StoreFullException e) {
        usedBytes += Math.min(8, room());
        throw e;
      }
    }
  }

  private static final class RefusedAlive extends MapStore {
    RefusedAlive(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      try {
        super.link(old, key, value, type, deadlineMs);
      } catch (StoreFullException e) {
        if (old != null) {
          old.deadlineMs = NO_DEADLINE;
        }
        throw e;
      }
    }
  }

  private static final class KeptRoom extends MapStore {
    KeptRoom(StoreConfig config) {
      super(config);
    }

    @Override
    protected int doSweep(int maxExamined) {
      long kept = usedBytes;
      int removed = super.doSweep(maxExamined);
      usedBytes = kept;
      return removed;
    }
  }

  // ---- memory

  private static final class WrongBase extends MapStore {
    WrongBase(StoreConfig config) {
      super(config);
    }

    @Override
    byte[] copy(MemorySegment segment, long offset, int length) {
      return segment.heapBase().orElse(null) instanceof byte[] array && !segment.isReadOnly()
          ? Arrays.copyOfRange(array, (int) offset, (int) offset + length)
          : super.copy(segment, offset, length);
    }
  }

  /** Native, and not confined to a thread. */
  private static boolean isShared(MemorySegment segment) {
    return segment.isNative() && segment.isAccessibleBy(new Thread());
  }

  private static final class OnePage extends MapStore {
    OnePage(StoreConfig config) {
      super(config);
    }

    @Override
    byte[] copy(MemorySegment segment, long offset, int length) {
      byte[] bytes = super.copy(segment, offset, length);
      if (isShared(segment)) {
        int page = (int) Math.min(length, PAGE_BYTES - offset % PAGE_BYTES);
        Arrays.fill(bytes, page, length, (byte) 0);
      }
      return bytes;
    }
  }

  private static final class KeptSegment extends MapStore {
    private final Map<Long, MemorySegment> kept = new HashMap<>();

    KeptSegment(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doPut(
        PutCondition condition,
        MemorySegment key,
        long keyOffset,
        int keyLength,
        MemorySegment value,
        long valueOffset,
        int valueLength,
        long deadlineMs) {
      boolean put =
          super.doPut(
              condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
      if (put) {
        long age = find(copy(key, keyOffset, keyLength)).age;
        kept.remove(age);
        if (isShared(value)) {
          kept.put(age, value.asSlice(valueOffset, valueLength));
        }
      }
      return put;
    }

    @Override
    void show(ValueView view, Entry entry) {
      MemorySegment segment = kept.get(entry.age);
      if (segment != null && segment.byteSize() == entry.value.length) {
        entry.value = bytes(segment, 0, entry.value.length);
      }
      super.show(view, entry);
    }
  }

  // ---- views

  private static final class MovedAway extends MapStore {
    MovedAway(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      try {
        super.link(old, key, value, type, deadlineMs);
      } catch (StoreFullException e) {
        if (old != null) {
          byte[] shown = old.value;
          old.value = shown.clone();
          Arrays.fill(shown, (byte) 'x');
        }
        throw e;
      }
    }
  }
}
