package io.fkvs.store.swiss;

import io.fkvs.store.AbstractStore;
import io.fkvs.store.BatchVisitor;
import io.fkvs.store.BytesView;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A concurrent store seen as the store of one thread, so that the contract kit can check it. Views
 * show copies, which go stale when the size or the contents have changed, as the contract asks.
 */
final class ConcurrentView extends AbstractStore {
  private final ConcurrentStore store;

  /** What the numbers stand for that the contract has in place of cursors; 0 is the beginning. */
  private final List<ScanCursor> cursors = new ArrayList<>();

  ConcurrentView(StoreConfig config, ConcurrentStore store) {
    super(config);
    this.store = store;
  }

  /** A read may have removed what has expired; that is a change, too. */
  private void noteRemovals(long sizeBefore) {
    if (store.size() != sizeBefore) {
      changed();
    }
  }

  private boolean noteChange(boolean hasChanged, long sizeBefore) {
    if (hasChanged) {
      changed();
    } else {
      noteRemovals(sizeBefore);
    }
    return hasChanged;
  }

  /** A copy of what a view shows. */
  private record Answer(byte[] bytes, ValueType type, long deadlineMs) {
    static Answer of(ValueView view) {
      return new Answer(view.toByteArray(), view.type(), view.deadlineMs());
    }
  }

  private void show(ValueView view, Answer answer) {
    MemorySegment bytes = MemorySegment.ofArray(answer.bytes);
    show(view, bytes, 0, answer.bytes.length, answer.type, answer.deadlineMs);
  }

  @Override
  protected boolean doGet(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    long size = store.size();
    boolean found =
        store.get(
            key, keyOffset, keyLength, new ValueView(), shown -> show(view, Answer.of(shown)));
    if (found) {
      checkCopy(key, keyOffset, keyLength, view);
    } else {
      noteRemovals(size);
    }
    return found;
  }

  /** The other way of reading finds the same, unless the entry has expired in between. */
  private void checkCopy(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    MemorySegment copy = MemorySegment.ofArray(new byte[64]);
    int length = store.get(key, keyOffset, keyLength, copy, 0);
    boolean isGone = length == ConcurrentStore.ABSENT && view.deadlineMs() != NO_DEADLINE;
    if (!isGone
        && (view.length() != length || length <= 64 && !view.contentEquals(copy, 0, length))) {
      throw new AssertionError("copy and view differ: length=" + length);
    }
  }

  @Override
  protected boolean doContains(MemorySegment key, long keyOffset, int keyLength) {
    long size = store.size();
    boolean present = store.contains(key, keyOffset, keyLength);
    noteRemovals(size);
    return present;
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
    long size = store.size();
    return noteChange(
        store.put(
            condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs),
        size);
  }

  @Override
  protected boolean doRemove(MemorySegment key, long keyOffset, int keyLength) {
    long size = store.size();
    return noteChange(store.remove(key, keyOffset, keyLength), size);
  }

  @Override
  protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
    changed();
    return store.increment(key, keyOffset, keyLength, delta);
  }

  @Override
  protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    long size = store.size();
    return noteChange(
        deadlineMs == NO_DEADLINE
            ? store.persist(key, keyOffset, keyLength) || store.contains(key, keyOffset, keyLength)
            : store.expire(key, keyOffset, keyLength, deadlineMs),
        size);
  }

  @Override
  protected long doDeadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    long size = store.size();
    long deadlineMs = store.deadlineMs(key, keyOffset, keyLength);
    noteRemovals(size);
    return deadlineMs;
  }

  @Override
  protected long doSize() {
    return store.size();
  }

  @Override
  protected void doClear() {
    store.clear();
  }

  @Override
  protected long doScan(long cursor, int count, ScanVisitor visitor) {
    if (cursor <= 0 || cursor > cursors.size()) {
      cursors.add(new ScanCursor());
      cursor = cursors.size();
    }
    BytesView keyCopy = new BytesView();
    ValueView valueCopy = new ValueView();
    boolean more =
        store.scan(
            cursors.get((int) cursor - 1),
            count,
            (key, value) -> {
              byte[] bytes = key.toByteArray();
              show(keyCopy, MemorySegment.ofArray(bytes), 0, bytes.length);
              show(valueCopy, Answer.of(value));
              visitor.onEntry(keyCopy, valueCopy);
            });
    return more ? cursor : 0;
  }

  @Override
  protected int doSweep(int maxExamined) {
    int removed = store.sweep(maxExamined);
    if (removed > 0) {
      changed();
    }
    return removed;
  }

  /** The contract wants the answers in the order of the keys. */
  @Override
  protected void doGet(KeyBatch keys, BatchVisitor visitor) {
    long size = store.size();
    Answer[] answers = new Answer[keys.count()];
    store.get(
        keys,
        new BatchVisitor() {
          @Override
          public void onValue(int index, ValueView value) {
            answers[index] = Answer.of(value);
          }

          @Override
          public void onMissing(int index) {
            if (answers[index] != null) {
              throw new AssertionError("answered twice: index=" + index);
            }
          }
        });
    noteRemovals(size);
    ValueView view = new ValueView();
    for (int i = 0; i < answers.length; i++) {
      if (answers[i] == null) {
        visitor.onMissing(i);
      } else {
        show(view, answers[i]);
        visitor.onValue(i, view);
      }
    }
  }

  @Override
  protected StoreStatistics doStatistics() {
    return store.statistics();
  }

  @Override
  protected void doClose() {
    store.close();
  }
}
