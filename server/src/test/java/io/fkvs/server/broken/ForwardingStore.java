package io.fkvs.server.broken;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.CopyOutcome;
import io.fkvs.store.DeadlineCondition;
import io.fkvs.store.EntryBatch;
import io.fkvs.store.IncrementResult;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.MutableEntry;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueVisitor;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Does what another store does, for those who change a method or two. */
abstract class ForwardingStore<S extends KeyValueStore> implements Store {
  protected final S store;

  protected ForwardingStore(S store) {
    this.store = store;
  }

  @Override
  public boolean get(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    return store.get(key, keyOffset, keyLength, visitor);
  }

  @Override
  public int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset) {
    return store.get(key, keyOffset, keyLength, target, targetOffset);
  }

  @Override
  public boolean contains(MemorySegment key, long keyOffset, int keyLength) {
    return store.contains(key, keyOffset, keyLength);
  }

  @Override
  public boolean put(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    return store.put(
        condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
  }

  @Override
  public boolean compareAndSet(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    return store.compareAndSet(
        key,
        keyOffset,
        keyLength,
        expected,
        expectedOffset,
        expectedLength,
        value,
        valueOffset,
        valueLength,
        deadlineMs);
  }

  @Override
  public boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    return store.remove(key, keyOffset, keyLength);
  }

  @Override
  public boolean remove(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength) {
    return store.remove(key, keyOffset, keyLength, expected, expectedOffset, expectedLength);
  }

  @Override
  public boolean getAndRemove(
      MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    return store.getAndRemove(key, keyOffset, keyLength, visitor);
  }

  @Override
  public long increment(MemorySegment key, long keyOffset, int keyLength, long delta) {
    return store.increment(key, keyOffset, keyLength, delta);
  }

  @Override
  public boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    return store.tryIncrement(key, keyOffset, keyLength, delta, result);
  }

  @Override
  public int append(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment suffix,
      long suffixOffset,
      int suffixLength) {
    return store.append(key, keyOffset, keyLength, suffix, suffixOffset, suffixLength);
  }

  @Override
  public int setRange(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int index,
      MemorySegment bytes,
      long bytesOffset,
      int bytesLength) {
    return store.setRange(key, keyOffset, keyLength, index, bytes, bytesOffset, bytesLength);
  }

  @Override
  public boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    return store.expire(key, keyOffset, keyLength, deadlineMs);
  }

  @Override
  public boolean expire(
      DeadlineCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long deadlineMs) {
    return store.expire(condition, key, keyOffset, keyLength, deadlineMs);
  }

  @Override
  public boolean persist(MemorySegment key, long keyOffset, int keyLength) {
    return store.persist(key, keyOffset, keyLength);
  }

  @Override
  public long deadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    return store.deadlineMs(key, keyOffset, keyLength);
  }

  @Override
  public <R> R update(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      Function<? super MutableEntry, ? extends R> function) {
    return store.update(key, keyOffset, keyLength, function);
  }

  @Override
  public CopyOutcome copy(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    return store.copy(condition, key, keyOffset, keyLength, newKey, newKeyOffset, newKeyLength);
  }

  @Override
  public CopyOutcome rename(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    return store.rename(condition, key, keyOffset, keyLength, newKey, newKeyOffset, newKeyLength);
  }

  @Override
  public void get(KeyBatch keys, BatchVisitor visitor) {
    store.get(keys, visitor);
  }

  @Override
  public void prefetch(KeyBatch keys) {
    store.prefetch(keys);
  }

  @Override
  public int countPresent(KeyBatch keys) {
    return store.countPresent(keys);
  }

  @Override
  public int removeAll(KeyBatch keys) {
    return store.removeAll(keys);
  }

  @Override
  public boolean putAll(PutCondition condition, EntryBatch entries) {
    return store.putAll(condition, entries);
  }

  @Override
  public boolean randomEntry(RandomGenerator random, ScanVisitor visitor) {
    return store.randomEntry(random, visitor);
  }

  @Override
  public boolean scan(ScanCursor cursor, int count, ScanVisitor visitor) {
    return store.scan(cursor, count, visitor);
  }

  @Override
  public long size() {
    return store.size();
  }

  @Override
  public void clear() {
    store.clear();
  }

  @Override
  public int sweep(int maxExamined) {
    return store.sweep(maxExamined);
  }

  @Override
  public StoreStatistics statistics() {
    return store.statistics();
  }

  @Override
  public long nowMs() {
    return store.nowMs();
  }

  @Override
  public int maxValueBytes() {
    return store.maxValueBytes();
  }

  @Override
  public boolean isClosed() {
    return store.isClosed();
  }

  @Override
  public void close() {
    store.close();
  }
}
