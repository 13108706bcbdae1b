package io.fkvs.store;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Operations on many keys, made of those on one. All of them either take effect or throw and leave
 * everything as it was.
 *
 * <p>They are one step because nobody else may use the stores meanwhile.
 */
final class ManyKeys {
  private ManyKeys() {}

  // ---- batches

  static int remove(KeyBatch keys, Stores stores) {
    int removed = 0;
    for (int i = 0; i < keys.count(); i++) {
      removed += stores.of(i).remove(keys.segment(i), keys.offset(i), keys.length(i)) ? 1 : 0;
    }
    return removed;
  }

  static int count(KeyBatch keys, Stores stores) {
    int present = 0;
    for (int i = 0; i < keys.count(); i++) {
      present += isPresent(keys, i, stores) ? 1 : 0;
    }
    return present;
  }

  private static boolean isPresent(KeyBatch keys, int index, Stores stores) {
    return stores.of(index).contains(keys.segment(index), keys.offset(index), keys.length(index));
  }

  static boolean put(PutCondition condition, EntryBatch entries, Stores stores) {
    Objects.requireNonNull(condition, "condition");
    for (int i = 0; i < entries.count(); i++) {
      AbstractStore.checkValueLength(entries.valueLength(i), stores.of(i).maxValueBytes());
    }
    if (!isAllowed(condition, entries.keys(), stores)) {
      return false;
    }
    Undo undo = entries.undo();
    int done = 0;
    try {
      for (; done < entries.count(); done++) {
        if (done < entries.count() - 1) { // the last one is put or not
          undo.remember(stores.of(done), entries.keys(), done);
        }
        put(entries, done, stores);
      }
      return true;
    } catch (RuntimeException | Error e) {
      while (--done >= 0) {
        undo.restore(stores.of(done), entries.keys(), done, e);
      }
      throw e;
    } finally {
      undo.clear(entries.count());
    }
  }

  private static boolean isAllowed(PutCondition condition, KeyBatch keys, Stores stores) {
    for (int i = 0; condition != PutCondition.ALWAYS && i < keys.count(); i++) {
      if (!condition.allows(isPresent(keys, i, stores))) {
        return false;
      }
    }
    return true;
  }

  private static void put(EntryBatch entries, int index, Stores stores) {
    Store store = stores.of(index);
    try {
      entries.putInto(store, index);
    } catch (StoreFullException full) {
      stores.withRoom(
          index,
          full,
          () -> {
            entries.putInto(store, index);
            return true;
          });
    }
  }

  // ---- copies

  /** A key in memory of its own, because nothing may fail between two uses of it. */
  static MemorySegment ownKey(MemorySegment key, long keyOffset, int keyLength) {
    AbstractStore.checkKey(key, keyOffset, keyLength);
    return AbstractStore.settled(key, keyOffset, keyLength);
  }

  /**
   * Copies an entry, from the first of two stores to the second.
   *
   * @param key the key, alone in its memory
   * @param newKey the new key, alone in its memory
   * @param isMove whether the entry is to be removed from where it was
   */
  static CopyOutcome copy(
      PutCondition condition,
      MemorySegment key,
      MemorySegment newKey,
      boolean isMove,
      Stores stores) {
    Objects.requireNonNull(condition, "condition");
    int length = (int) key.byteSize();
    if (key.mismatch(newKey) == -1) {
      boolean isPresent = stores.of(0).contains(key, 0, length);
      return isPresent ? outcome(condition.allows(true)) : CopyOutcome.ABSENT;
    }
    // Each key is looked up once, for the time may go on; the new one first, to spare the view.
    boolean isTaken = stores.of(1).contains(newKey, 0, (int) newKey.byteSize());
    ValueView view = new ValueView();
    AbstractStore table = stores.of(0) instanceof AbstractStore one ? one : null;
    boolean isPresent =
        table == null ? stores.of(0).get(key, 0, length, view) : table.read(key, 0, length, view);
    if (!isPresent) {
      return CopyOutcome.ABSENT;
    }
    if (!condition.allows(isTaken)) {
      return CopyOutcome.REFUSED;
    }
    putCopy(newKey, view, table != null && table.wasIdle(), stores);
    if (isMove) {
      stores.of(0).remove(key, 0, length);
    }
    return CopyOutcome.DONE;
  }

  private static CopyOutcome outcome(boolean isAllowed) {
    return isAllowed ? CopyOutcome.DONE : CopyOutcome.REFUSED;
  }

  private static void putCopy(MemorySegment newKey, ValueView view, boolean isIdle, Stores stores) {
    Store store = stores.of(1);
    int valueLength = view.length();
    long deadlineMs = view.deadlineMs();
    try (Scratch.Loan loan = new Scratch().lend(valueLength)) {
      MemorySegment value = loan.memory();
      view.copyTo(value, 0);
      view.forget();
      try {
        put(store, newKey, value, valueLength, deadlineMs, isIdle);
      } catch (StoreFullException full) {
        stores.withRoom(1, full, () -> put(store, newKey, value, valueLength, deadlineMs, isIdle));
      }
    }
  }

  private static boolean put(
      Store store,
      MemorySegment key,
      MemorySegment value,
      int valueLength,
      long deadlineMs,
      boolean isIdle) {
    int keyLength = (int) key.byteSize();
    if (store instanceof AbstractStore table) {
      return table.putAgain(key, 0, keyLength, value, 0, valueLength, deadlineMs, isIdle);
    }
    return store.put(PutCondition.ALWAYS, key, 0, keyLength, value, 0, valueLength, deadlineMs);
  }
}
