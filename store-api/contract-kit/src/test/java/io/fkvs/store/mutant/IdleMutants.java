package io.fkvs.store.mutant;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.RemovalCause;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Faults of stores whose entries expire after access. */
final class IdleMutants {
  private IdleMutants() {}

  static List<Mutant> all() {
    return List.of(
        new Mutant("a read moves no deadline", ReadsInVain::new),
        new Mutant("a read moves the deadline only once", ReadsOnce::new),
        new Mutant("contains moves the deadline", ContainsMoves::new),
        new Mutant("asking for the deadline moves it", AskingMoves::new),
        new Mutant("a put that is not allowed moves the deadline", RefusedPutMoves::new),
        new Mutant("a scan moves the deadlines", ScanMoves::new),
        new Mutant("a deadline of the entry's own is moved", MovesOwn::new),
        new Mutant("expire leaves the deadline an idle one", ExpireLeavesIdle::new),
        new Mutant("persist brings the idle deadline back", PersistIsIdle::new),
        new Mutant("an overwrite keeps the old idle deadline", PutInVain::new),
        new Mutant("a batch moves no deadline", BatchInVain::new),
        new Mutant("an increment makes an own deadline of an idle one", IncrementOwns::new),
        new Mutant("a new counter lives for ever", ForeverCounter::new),
        new Mutant("an increment moves no deadline", IncrementInVain::new),
        new Mutant("an append to an own deadline makes it idle", AppendIsIdle::new),
        new Mutant("a read that moves the deadline makes views stale", StaleByRead::new),
        new Mutant("a sweep goes by the first deadline", SweepsByTheFirst::new),
        new Mutant("a read asks the clock twice", TwoReadings::new),
        new Mutant("a long entry gets no idle deadline", LongForever::new));
  }

  private static final class ReadsInVain extends MapStore {
    ReadsInVain(StoreConfig config) {
      super(config);
    }

    @Override
    void renew(Entry entry, long renewedMs) {}
  }

  private static final class ReadsOnce extends MapStore {
    ReadsOnce(StoreConfig config) {
      super(config);
    }

    @Override
    void renew(Entry entry, long renewedMs) {
      if (entry.uses == 0) {
        super.renew(entry, renewedMs);
      }
    }
  }

  private static final class ContainsMoves extends MapStore {
    ContainsMoves(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doContains(MemorySegment key, long keyOffset, int keyLength) {
      return read(copy(key, keyOffset, keyLength)) != null;
    }
  }

  private static final class AskingMoves extends MapStore {
    AskingMoves(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doDeadlineMs(MemorySegment key, long keyOffset, int keyLength) {
      Entry entry = read(copy(key, keyOffset, keyLength));
      return entry == null ? NO_KEY : entry.deadlineMs;
    }
  }

  private static final class RefusedPutMoves extends MapStore {
    RefusedPutMoves(StoreConfig config) {
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
      if (condition == PutCondition.IF_ABSENT) {
        read(copy(key, keyOffset, keyLength));
      }
      return super.doPut(
          condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    }
  }

  private static final class ScanMoves extends MapStore {
    ScanMoves(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doScan(long cursor, int count, ScanVisitor visitor) {
      return super.doScan(
          cursor,
          count,
          (key, value) -> {
            read(key.toByteArray());
            visitor.onEntry(key, value);
          });
    }
  }

  private static final class MovesOwn extends MapStore {
    MovesOwn(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      linksIdle |= expiresIdle() && deadlineMs != NO_DEADLINE;
      super.link(old, key, value, type, deadlineMs);
    }
  }

  private static final class ExpireLeavesIdle extends MapStore {
    ExpireLeavesIdle(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
      Entry old = find(copy(key, keyOffset, keyLength));
      if (old != null) {
        linksIdle = old.isIdle && deadlineMs != NO_DEADLINE;
        link(old, old.key, old.value, old.type, deadlineMs);
      }
      return old != null;
    }
  }

  private static final class PersistIsIdle extends MapStore {
    PersistIsIdle(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      boolean isNone = deadlineMs == NO_DEADLINE;
      linksIdle |= isNone && expiresIdle();
      super.link(old, key, value, type, isNone ? newDeadlineMs() : deadlineMs);
    }
  }

  private static final class PutInVain extends MapStore {
    PutInVain(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      boolean isKept = linksIdle && old != null && old.isIdle;
      super.link(old, key, value, type, isKept ? old.deadlineMs : deadlineMs);
    }
  }

  private static final class BatchInVain extends MapStore {
    BatchInVain(StoreConfig config) {
      super(config);
    }

    @Override
    protected void doGet(KeyBatch keys, BatchVisitor visitor) {
      ValueView view = new ValueView();
      for (int i = 0; i < keys.count(); i++) {
        Entry entry = find(copy(keys.segment(i), keys.offset(i), keys.length(i)));
        if (entry == null) {
          visitor.onMissing(i);
        } else {
          show(view, entry);
          visitor.onValue(i, view);
        }
      }
    }
  }

  /** Knows that an increment is under way. */
  private abstract static class Incrementing extends MapStore {
    boolean isIncrement;

    Incrementing(StoreConfig config) {
      super(config);
    }

    @Override
    protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
      isIncrement = true;
      try {
        return super.doIncrement(key, keyOffset, keyLength, delta);
      } finally {
        isIncrement = false;
      }
    }
  }

  private static final class IncrementOwns extends Incrementing {
    IncrementOwns(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      linksIdle &= !isIncrement || old == null;
      super.link(old, key, value, type, deadlineMs);
    }
  }

  private static final class ForeverCounter extends Incrementing {
    ForeverCounter(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      super.link(old, key, value, type, isIncrement && old == null ? NO_DEADLINE : deadlineMs);
    }
  }

  private static final class IncrementInVain extends Incrementing {
    IncrementInVain(StoreConfig config) {
      super(config);
    }

    @Override
    void renew(Entry entry, long renewedMs) {
      if (!isIncrement) {
        super.renew(entry, renewedMs);
      }
    }
  }

  /** What is put with the deadline that is there is taken for what has none of its own. */
  private static final class AppendIsIdle extends MapStore {
    AppendIsIdle(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      boolean isSame = old != null && old.deadlineMs == deadlineMs && deadlineMs != NO_DEADLINE;
      linksIdle |= isSame && value.length > old.value.length;
      super.link(old, key, value, type, deadlineMs);
    }
  }

  private static final class StaleByRead extends MapStore {
    StaleByRead(StoreConfig config) {
      super(config);
    }

    @Override
    void renew(Entry entry, long renewedMs) {
      if (renewedMs != entry.deadlineMs) {
        changed();
      }
      super.renew(entry, renewedMs);
    }
  }

  private static final class SweepsByTheFirst extends MapStore {
    private final Map<Entry, Long> first = new HashMap<>();

    SweepsByTheFirst(StoreConfig config) {
      super(config);
    }

    @Override
    void renew(Entry entry, long renewedMs) {
      first.putIfAbsent(entry, entry.deadlineMs);
      super.renew(entry, renewedMs);
    }

    @Override
    protected int doSweep(int maxExamined) {
      int before = entries.size();
      List.copyOf(entries.values()).stream()
          .filter(entry -> isExpired(first.getOrDefault(entry, entry.deadlineMs)))
          .limit(maxExamined)
          .forEach(
              entry -> {
                tell(RemovalCause.EXPIRED, entry);
                unlink(entry);
              });
      return before - entries.size();
    }
  }

  private static final class TwoReadings extends MapStore {
    TwoReadings(StoreConfig config) {
      super(config);
    }

    @Override
    Entry read(byte[] key) {
      return find(key) == null ? null : super.read(key);
    }
  }

  /** Its slot has no room for one, and nobody makes a record of it. */
  private static final class LongForever extends MapStore {
    LongForever(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      boolean hasNoRoom = linksIdle && key.length + value.length > 48;
      super.link(old, key, value, type, hasNoRoom ? NO_DEADLINE : deadlineMs);
    }
  }
}
