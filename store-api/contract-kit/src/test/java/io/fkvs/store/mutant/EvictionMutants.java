package io.fkvs.store.mutant;

import io.fkvs.store.PutCondition;
import io.fkvs.store.RemovalCause;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.ValueType;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;

/** Faults of stores that evict and tell of entries that go. */
final class EvictionMutants {
  private EvictionMutants() {}

  static List<Mutant> all() {
    return List.of(
        new Mutant("evicts what was just put", EvictsTheNewest::new),
        new Mutant("evicts while there is room", EvictsTooEarly::new),
        new Mutant("gives up after one eviction", GivesUp::new),
        new Mutant("an overwrite may exceed the bound", OverwritesBeyondTheBound::new),
        new Mutant("evicts for what cannot fit", EvictsInVain::new),
        new Mutant("evicts the entry that is overwritten", EvictsTheOverwritten::new),
        new Mutant("evicts live entries before expired ones", EvictsTheLive::new),
        new Mutant("evicts what is used most", EvictsTheUsed::new),
        new Mutant("evicts without telling", EvictsInSilence::new),
        new Mutant("tells an eviction twice", TellsTwice::new),
        new Mutant("tells an eviction as explicit", TellsTheWrongCause::new),
        new Mutant("tells an expired entry as evicted", TellsExpiredAsEvicted::new),
        new Mutant("does not count evictions", CountsNothing::new),
        new Mutant("a sweep does not tell", SweepsInSilence::new),
        new Mutant("tells an overwrite with the new value", TellsTheNewValue::new),
        new Mutant("tells an overwrite that is then refused", TellsWhatIsRefused::new),
        new Mutant("removes before it tells", RemovesFirst::new),
        new Mutant("a new deadline is told as a replacement", TellsDeadlines::new));
  }

  private static final class EvictsTheNewest extends MapStore {
    EvictsTheNewest(StoreConfig config) {
      super(config);
    }

    @Override
    Comparator<Entry> order() {
      return super.order().reversed();
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
      boolean done =
          super.doPut(
              condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
      if (isBounded() && mayEvict() && room() < memoryBound().maxBytes() / 16) {
        evict(byAge.lastEntry().getValue());
      }
      return done;
    }
  }

  private static final class EvictsTooEarly extends MapStore {
    EvictsTooEarly(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      if (isEvicting() && old == null && room() < memoryBound().maxBytes() * 15 / 16) {
        evict(byAge.firstEntry().getValue());
      }
      super.link(old, key, value, type, deadlineMs);
    }
  }

  private static final class GivesUp extends MapStore {
    GivesUp(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doEvict(MemorySegment key, long keyOffset, int keyLength, long bytes) {
      return bytes <= 64 << 10 && super.doEvict(key, keyOffset, keyLength, 1);
    }
  }

  private static final class OverwritesBeyondTheBound extends MapStore {
    private boolean isOverwriting;

    OverwritesBeyondTheBound(StoreConfig config) {
      super(config);
    }

    @Override
    long room() {
      return isOverwriting ? Long.MAX_VALUE : super.room();
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      isOverwriting = old != null && isEvicting();
      try {
        super.link(old, key, value, type, deadlineMs);
      } finally {
        isOverwriting = false;
      }
    }
  }

  private static final class EvictsInVain extends MapStore {
    EvictsInVain(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doFits(int keyLength, long valueLength, long maxBytes) {
      return true;
    }
  }

  private static final class EvictsTheOverwritten extends MapStore {
    EvictsTheOverwritten(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doEvict(MemorySegment key, long keyOffset, int keyLength, long bytes) {
      return super.doEvict(null, 0, 0, bytes);
    }
  }

  private static final class EvictsTheLive extends MapStore {
    EvictsTheLive(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      long growth = key.length + value.length + ENTRY_BYTES - (old == null ? 0 : old.bytes());
      if (growth > room() && mayEvict()) {
        byAge.values().stream()
            .filter(entry -> entry != old && !isExpired(entry.deadlineMs))
            .toList()
            .forEach(this::evict);
      }
      super.link(old, key, value, type, deadlineMs);
    }
  }

  private static final class EvictsTheUsed extends MapStore {
    EvictsTheUsed(StoreConfig config) {
      super(config);
    }

    @Override
    Comparator<Entry> order() {
      return Comparator.comparingInt(entry -> -entry.uses);
    }
  }

  private static final class EvictsInSilence extends MapStore {
    EvictsInSilence(StoreConfig config) {
      super(config);
    }

    @Override
    void evict(Entry entry) {
      unlink(entry);
      onEvicted(entry.key.length + entry.value.length);
    }
  }

  private static final class TellsTwice extends MapStore {
    TellsTwice(StoreConfig config) {
      super(config);
    }

    @Override
    void tell(RemovalCause cause, Entry entry) {
      super.tell(cause, entry);
      if (cause == RemovalCause.EVICTED) {
        super.tell(cause, entry);
      }
    }
  }

  private static final class TellsTheWrongCause extends MapStore {
    TellsTheWrongCause(StoreConfig config) {
      super(config);
    }

    @Override
    void tell(RemovalCause cause, Entry entry) {
      super.tell(cause == RemovalCause.EVICTED ? RemovalCause.EXPLICIT : cause, entry);
    }
  }

  private static final class TellsExpiredAsEvicted extends MapStore {
    TellsExpiredAsEvicted(StoreConfig config) {
      super(config);
    }

    @Override
    void tell(RemovalCause cause, Entry entry) {
      super.tell(cause == RemovalCause.EXPIRED ? RemovalCause.EVICTED : cause, entry);
    }
  }

  private static final class CountsNothing extends MapStore {
    CountsNothing(StoreConfig config) {
      super(config);
    }

    @Override
    void evict(Entry entry) {
      tell(isExpired(entry.deadlineMs) ? RemovalCause.EXPIRED : RemovalCause.EVICTED, entry);
      unlink(entry);
    }
  }

  private static final class SweepsInSilence extends MapStore {
    private boolean isSweeping;

    SweepsInSilence(StoreConfig config) {
      super(config);
    }

    @Override
    void tell(RemovalCause cause, Entry entry) {
      if (!isSweeping) {
        super.tell(cause, entry);
      }
    }

    @Override
    protected int doSweep(int maxExamined) {
      isSweeping = true;
      try {
        return super.doSweep(maxExamined);
      } finally {
        isSweeping = false;
      }
    }
  }

  private static final class TellsTheNewValue extends MapStore {
    private byte[] newValue;

    TellsTheNewValue(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      newValue = value;
      super.link(old, key, value, type, deadlineMs);
    }

    @Override
    void tell(RemovalCause cause, Entry entry) {
      if (cause == RemovalCause.REPLACED) {
        entry.value = newValue;
      }
      super.tell(cause, entry);
    }
  }

  private static final class TellsWhatIsRefused extends MapStore {
    TellsWhatIsRefused(StoreConfig config) {
      super(config);
    }

    @Override
    void link(Entry old, byte[] key, byte[] value, ValueType type, long deadlineMs) {
      if (old != null && value.length - old.value.length > room()) {
        tell(RemovalCause.REPLACED, old);
      }
      super.link(old, key, value, type, deadlineMs);
    }
  }

  private static final class RemovesFirst extends MapStore {
    RemovesFirst(StoreConfig config) {
      super(config);
    }

    @Override
    void tell(RemovalCause cause, Entry entry) {
      if (cause == RemovalCause.EXPLICIT) {
        entries.remove(identity(entry.key));
        byAge.remove(entry.age);
      }
      super.tell(cause, entry);
    }
  }

  private static final class TellsDeadlines extends MapStore {
    TellsDeadlines(StoreConfig config) {
      super(config);
    }

    @Override
    protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
      Entry old = find(copy(key, keyOffset, keyLength));
      if (old != null) {
        tell(RemovalCause.REPLACED, old);
        link(old, old.key, old.value, old.type, deadlineMs);
      }
      return old != null;
    }
  }
}
