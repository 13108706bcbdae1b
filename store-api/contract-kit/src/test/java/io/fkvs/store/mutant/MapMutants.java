package io.fkvs.store.mutant;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.BytesView;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreException;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Faults of meaning, in the small store: a class each where it takes more than a line. */
final class MapMutants {
  private MapMutants() {}

  static List<Mutant> all() {
    return List.of(
        mutant("every value is typed INT by a second, unconditional set", SecondSet::new),
        mutant("an overwrite keeps the first value's type", FirstType::new),
        mutant("a zero-padded number is typed RAW", PaddedIsRaw::new),
        mutant("a number is stored in canonical form", CanonicalPut::new),
        mutant("a value ends at its first zero byte", ZeroTerminated::new),
        mutant("an overwrite with a shorter value leaves a tail", Tail::new),
        mutant("an overwrite keeps the old deadline", OldDeadline::new),
        mutant("an increment drops the deadline", DroppedDeadline::new),
        mutant("an increment goes through a double", DoubleSum::new),
        mutant("an increment wraps around", WrappedSum::new),
        mutant("a refused increment has made the value 0 already", HalfIncrement::new),
        mutant("a deadline is kept in whole seconds", SecondsDeadline::new),
        mutant("an entry lives one millisecond too long", OneTooLong::new),
        mutant("an expired key is still counted when a call has met it", Ghosts::new),
        mutant("an expired key counts as present to a conditional put", GhostCondition::new),
        mutant("persist does nothing", NoPersist::new),
        mutant("a sweep removes a renewed key", RenewedSwept::new),
        mutant("a sweep stops at the first live entry", StoppedSweep::new),
        mutant("a sweep obeys no bound", UnboundedSweep::new),
        mutant("a view survives a put", PutUnseen::new),
        mutant("a view survives a removal", RemoveUnseen::new),
        mutant("a get makes other views stale", StaleByGet::new),
        mutant("a miss clobbers the view", ClobberedView::new),
        mutant("a scan leaves out the first entry of each further call", ScanAfterCursor::new),
        mutant("a scan's number cannot be rounded down", ScanByUnits::new),
        mutant(
            "a scan counts positions and misses a key when one before it goes",
            ScanByPosition::new),
        mutant("a scan visits expired entries", ScanOfGhosts::new),
        mutant("a batch answers from last to first", ReversedBatch::new),
        mutant("a batch does not see deadlines", TimelessBatch::new),
        mutant("a batch finds a key once only", DistinctBatch::new),
        mutant("keys are told apart by their hash only", HashedKeys::new),
        mutant("keys are told apart by their first 255 bytes only", CutKeys::new),
        mutant("keys are compared as ASCII text, in which odd bytes are all alike", TextKeys::new),
        mutant("the store keeps the caller's array", SharedArray::new),
        mutant("a refused put has removed the old value already", HalfPut::new),
        mutant("removals give no room back", LostRoom::new),
        mutant("clear forgets to give the room back", LostRoomOnClear::new),
        mutant("the bound on memory is not obeyed", Unbounded::new),
        mutant("the live bytes ignore overwrites", WrongFigures::new),
        mutant("clear leaves the index that scans use", HalfClear::new),
        mutant("closing one store empties another", SharedClose::new));
  }

  private static Mutant mutant(String fault, Function<StoreConfig, Store> factory) {
    return new Mutant(fault, factory);
  }

  // ---- types and values

  private static final class SecondSet extends MapStore {
    SecondSet(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      super.link(old, key, value, type, deadlineMs);
      super.link(find(key), key, value, ValueType.INT, deadlineMs);
    }
  }

  private static final class FirstType extends MapStore {
    FirstType(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      super.link(old, key, value, old == null ? type : old.type, deadlineMs);
    }
  }

  private static final class PaddedIsRaw extends MapStore {
    PaddedIsRaw(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      boolean padded = value.length > 1 && value[0] == '0';
      super.link(old, key, value, padded ? ValueType.RAW : type, deadlineMs);
    }
  }

  private static final class CanonicalPut extends MapStore {
    CanonicalPut(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      byte[] stored =
          type == ValueType.INT
              ? Long.toString(Long.parseLong(new String(value))).getBytes()
              : value;
      super.link(old, key, stored, type, deadlineMs);
    }
  }

  private static final class ZeroTerminated extends MapStore {
    ZeroTerminated(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      int length = 0;
      while (length < value.length && value[length] != 0) {
        length++;
      }
      super.link(old, key, Arrays.copyOf(value, length), type, deadlineMs);
    }
  }

  private static final class Tail extends MapStore {
    Tail(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      byte[] stored = value;
      if (old != null && old.value.length > value.length) {
        stored = old.value.clone();
        System.arraycopy(value, 0, stored, 0, value.length);
      }
      super.link(old, key, stored, type, deadlineMs);
    }
  }

  // ---- deadlines and increments

  private static final class OldDeadline extends MapStore {
    OldDeadline(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      boolean keep = old != null && old.value != value && deadlineMs == NO_DEADLINE;
      super.link(old, key, value, type, keep ? old.deadlineMs : deadlineMs);
    }
  }

  private static final class DroppedDeadline extends MapStore {
    DroppedDeadline(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
      long sum = super.doIncrement(key, keyOffset, keyLength, delta);
      find(bytes(key, keyOffset, keyLength)).deadlineMs = NO_DEADLINE;
      return sum;
    }
  }

  private static final class DoubleSum extends MapStore {
    DoubleSum(StoreConfig config) {
      super(config);
    }

    @Override
    long sum(Entry old, long delta) {
      long exact = super.sum(old, delta);
      return old == null ? exact : (long) ((double) (exact - delta) + delta);
    }
  }

  private static final class WrappedSum extends MapStore {
    WrappedSum(StoreConfig config) {
      super(config);
    }

    @Override
    long sum(Entry old, long delta) {
      return old == null ? delta : super.sum(old, 0) + delta;
    }
  }

  private static final class HalfIncrement extends MapStore {
    HalfIncrement(StoreConfig config) {
      super(config);
    }

    @Override
    long sum(Entry old, long delta) {
      try {
        return super.sum(old, delta);
      } catch (StoreException e) {
        link(old, old.key, new byte[] {'0'}, ValueType.INT, old.deadlineMs);
        throw e;
      }
    }
  }

  private static final class SecondsDeadline extends MapStore {
    SecondsDeadline(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      boolean some = deadlineMs != NO_DEADLINE;
      super.link(old, key, value, type, some ? deadlineMs / 1_000 * 1_000 : deadlineMs);
    }
  }

  private static final class OneTooLong extends MapStore {
    OneTooLong(StoreConfig config) {
      super(config);
    }

    @Override
    Entry find(byte[] key) {
      Entry entry = entries.get(identity(key));
      return entry != null && isExpired(entry.deadlineMs) && entry.deadlineMs < nowMs()
          ? super.find(key)
          : entry;
    }
  }

  private static final class Ghosts extends MapStore {
    Ghosts(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doGet(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
      Entry entry = entries.get(identity(bytes(key, keyOffset, keyLength)));
      return (entry == null || !isExpired(entry.deadlineMs))
          && super.doGet(key, keyOffset, keyLength, view);
    }
  }

  private static final class GhostCondition extends MapStore {
    GhostCondition(StoreConfig config) {
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
      boolean counted = entries.containsKey(identity(bytes(key, keyOffset, keyLength)));
      return condition.allows(counted)
          && super.doPut(
              PutCondition.ALWAYS,
              key,
              keyOffset,
              keyLength,
              value,
              valueOffset,
              valueLength,
              deadlineMs);
    }
  }

  private static final class NoPersist extends MapStore {
    NoPersist(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
      return deadlineMs == NO_DEADLINE
          ? find(bytes(key, keyOffset, keyLength)) != null
          : super.doExpire(key, keyOffset, keyLength, deadlineMs);
    }
  }

  // ---- sweeps

  /** Remembers when an entry was to expire first. */
  private static final class RenewedSwept extends MapStore {
    private final Map<Long, Long> remembered = new HashMap<>();

    RenewedSwept(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      super.link(old, key, value, type, deadlineMs);
      remembered.merge(find(key).age, deadlineMs, Math::min);
    }

    @Override
    protected int doSweep(int maxExamined) {
      List<Entry> expired = new ArrayList<>(byAge.values());
      expired.removeIf(entry -> !isExpired(remembered.get(entry.age)));
      expired.forEach(this::unlink);
      return expired.size();
    }
  }

  private static final class StoppedSweep extends MapStore {
    StoppedSweep(StoreConfig config) {
      super(config);
    }

    @Override
    protected int doSweep(int maxExamined) {
      int removed = 0;
      while (!byAge.isEmpty() && isExpired(byAge.firstEntry().getValue().deadlineMs)) {
        unlink(byAge.firstEntry().getValue());
        removed++;
      }
      return removed;
    }
  }

  private static final class UnboundedSweep extends MapStore {
    UnboundedSweep(StoreConfig config) {
      super(config);
    }

    @Override
    protected int doSweep(int maxExamined) {
      return super.doSweep(Integer.MAX_VALUE);
    }
  }

  // ---- views

  private static final class PutUnseen extends MapStore {
    PutUnseen(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      if (old == null || old.bytes() != value.length + key.length + ENTRY_BYTES) {
        super.link(old, key, value, type, deadlineMs);
      } else {
        System.arraycopy(value, 0, old.value, 0, value.length);
        old.type = type;
        old.deadlineMs = deadlineMs;
      }
    }
  }

  private static final class RemoveUnseen extends MapStore {
    RemoveUnseen(StoreConfig config) {
      super(config);
    }

    @Override
    void unlink(Entry entry) {
      entries.remove(identity(entry.key));
      byAge.remove(entry.age);
      usedBytes -= entry.bytes();
    }
  }

  private static final class StaleByGet extends MapStore {
    StaleByGet(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doContains(MemorySegment key, long keyOffset, int keyLength) {
      changed();
      return super.doContains(key, keyOffset, keyLength);
    }
  }

  private static final class ClobberedView extends MapStore {
    ClobberedView(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doGet(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
      show(view, MemorySegment.NULL, 0, 0, ValueType.RAW, NO_DEADLINE);
      return super.doGet(key, keyOffset, keyLength, view);
    }
  }

  // ---- scans and batches

  private static final class ScanAfterCursor extends MapStore {
    ScanAfterCursor(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doScan(long cursor, int count, ScanVisitor visitor) {
      return super.doScan(cursor == 0 ? 0 : cursor + 1, count, visitor);
    }
  }

  private static final class ScanByUnits extends MapStore {
    ScanByUnits(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doScan(long cursor, int count, ScanVisitor visitor) {
      return super.doScan(cursor * CURSOR_STEP, count, visitor) / CURSOR_STEP;
    }
  }

  private static final class ScanByPosition extends MapStore {
    ScanByPosition(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doScan(long cursor, int count, ScanVisitor visitor) {
      long age = byAge.keySet().stream().skip(Math.max(0, cursor)).findFirst().orElse(nextAge);
      long next = super.doScan(age, count, visitor);
      return next == 0 ? 0 : byAge.headMap(next).size();
    }
  }

  private static final class ScanOfGhosts extends MapStore {
    ScanOfGhosts(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doScan(long cursor, int count, ScanVisitor visitor) {
      BytesView key = new BytesView();
      ValueView value = new ValueView();
      for (Entry entry : byAge.tailMap(cursor).values()) {
        show(key, MemorySegment.ofArray(entry.key), 0, entry.key.length);
        show(value, entry);
        visitor.onEntry(key, value);
      }
      return 0;
    }
  }

  private static final class ReversedBatch extends MapStore {
    ReversedBatch(StoreConfig config) {
      super(config);
    }

    @Override
    protected void doGet(KeyBatch keys, BatchVisitor visitor) {
      ValueView view = new ValueView();
      for (int i = keys.count() - 1; i >= 0; i--) {
        if (doGet(keys.segment(i), keys.offset(i), keys.length(i), view)) {
          visitor.onValue(i, view);
        } else {
          visitor.onMissing(i);
        }
      }
    }
  }

  private static final class TimelessBatch extends MapStore {
    TimelessBatch(StoreConfig config) {
      super(config);
    }

    @Override
    protected void doGet(KeyBatch keys, BatchVisitor visitor) {
      ValueView view = new ValueView();
      for (int i = 0; i < keys.count(); i++) {
        byte[] key = bytes(keys.segment(i), keys.offset(i), keys.length(i));
        Entry entry = entries.get(identity(key));
        if (entry == null) {
          visitor.onMissing(i);
        } else {
          show(view, entry);
          visitor.onValue(i, view);
        }
      }
    }
  }

  private static final class DistinctBatch extends MapStore {
    DistinctBatch(StoreConfig config) {
      super(config);
    }

    @Override
    protected void doGet(KeyBatch keys, BatchVisitor visitor) {
      ValueView view = new ValueView();
      List<Object> seen = new ArrayList<>();
      for (int i = 0; i < keys.count(); i++) {
        byte[] key = bytes(keys.segment(i), keys.offset(i), keys.length(i));
        boolean again = seen.contains(identity(key));
        seen.add(identity(key));
        if (!again && doGet(MemorySegment.ofArray(key), 0, key.length, view)) {
          visitor.onValue(i, view);
        } else {
          visitor.onMissing(i);
        }
      }
    }
  }

  // ---- keys and memory

  private static final class HashedKeys extends MapStore {
    private final StoreConfig config;

    HashedKeys(StoreConfig config) {
      super(config);
      this.config = config;
    }

    @Override
    Object identity(byte[] key) {
      return config
          .keyHash()
          .map(hash -> (Object) hash.hash(MemorySegment.ofArray(key), 0, key.length))
          .orElseGet(() -> super.identity(key));
    }
  }

  private static final class CutKeys extends MapStore {
    CutKeys(StoreConfig config) {
      super(config);
    }

    @Override
    Object identity(byte[] key) {
      return super.identity(Arrays.copyOf(key, Math.min(key.length, 255)));
    }
  }

  private static final class TextKeys extends MapStore {
    TextKeys(StoreConfig config) {
      super(config);
    }

    @Override
    Object identity(byte[] key) {
      return new String(key, StandardCharsets.US_ASCII);
    }
  }

  private static final class SharedArray extends MapStore {
    SharedArray(StoreConfig config) {
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
      if (put
          && value.heapBase().orElse(null) instanceof byte[] array
          && array.length == valueLength) {
        find(bytes(key, keyOffset, keyLength)).value = array;
      }
      return put;
    }
  }

  // ---- room

  private static final class HalfPut extends MapStore {
    HalfPut(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      if (old != null) {
        unlink(old);
      }
      super.link(null, key, value, type, deadlineMs);
    }
  }

  private static final class LostRoom extends MapStore {
    LostRoom(StoreConfig config) {
      super(config);
    }

    @Override
    void unlink(Entry entry) {
      super.unlink(entry);
      usedBytes += entry.bytes();
    }
  }

  private static final class LostRoomOnClear extends MapStore {
    LostRoomOnClear(StoreConfig config) {
      super(config);
    }

    @Override
    protected void doClear() {
      long lost = usedBytes;
      super.doClear();
      usedBytes = lost;
    }
  }

  private static final class Unbounded extends MapStore {
    Unbounded(StoreConfig config) {
      super(config.withMaxBytes(Long.MAX_VALUE));
    }
  }

  private static final class WrongFigures extends MapStore {
    private long putBytes;

    WrongFigures(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      super.link(old, key, value, type, deadlineMs);
      putBytes += key.length + value.length;
    }

    @Override
    void unlink(Entry entry) {
      super.unlink(entry);
      putBytes -= entry.key.length + entry.value.length;
    }

    @Override
    protected StoreStatistics doStatistics() {
      StoreStatistics right = super.doStatistics();
      return new StoreStatistics(
          right.entries(),
          putBytes,
          right.usedBytes(),
          right.reservedBytes(),
          right.load(),
          right.longestProbe(),
          right.largestMove(),
          right.details());
    }
  }

  private static final class HalfClear extends MapStore {
    HalfClear(StoreConfig config) {
      super(config);
    }

    @Override
    protected void doClear() {
      entries.clear();
      usedBytes = 0;
    }
  }

  private static final class SharedClose extends MapStore {
    private static MapStore last;

    SharedClose(StoreConfig config) {
      super(config);
      last = this;
    }

    @Override
    protected void doClose() {
      last.entries.clear();
      super.doClose();
    }
  }
}
