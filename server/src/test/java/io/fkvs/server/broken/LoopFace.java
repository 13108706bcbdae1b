package io.fkvs.server.broken;

import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;

/**
 * What one event loop sees of a store that many share: single keys, correct. A view shows a copy
 * that belongs to the loop. The shared store stays open when the loop closes this.
 */
final class LoopFace extends ForwardingStore<ConcurrentStore> {
  private final Store copies = Store.open();

  LoopFace(ConcurrentStore shared) {
    super(shared);
  }

  @Override
  public boolean get(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    boolean isPresent =
        store.get(
            key,
            keyOffset,
            keyLength,
            value -> {
              MemorySegment copy = MemorySegment.ofArray(value.toByteArray());
              copies.put(
                  PutCondition.ALWAYS,
                  key,
                  keyOffset,
                  keyLength,
                  copy,
                  0,
                  (int) copy.byteSize(),
                  KeyValueStore.NO_DEADLINE);
            });
    return isPresent && copies.get(key, keyOffset, keyLength, view);
  }

  @Override
  public long scan(long cursor, int count, ScanVisitor visitor) {
    throw new UnsupportedOperationException("no scan");
  }

  @Override
  public void handOver() {
    copies.handOver();
  }

  @Override
  public void close() {
    copies.close();
  }
}
