package io.fkvs.bench.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.BatchVisitor;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.ValueView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A rival that takes its keys and values from native memory, as ours do. One thread. */
abstract class NativeRival implements Rival, BatchVisitor {
  final int keyLength;
  final int valueLength;
  final MemorySegment key;
  final MemorySegment value;
  final ValueView view = new ValueView();
  private final MemorySegment keys;
  private final KeyBatch batch = new KeyBatch(BATCH);
  private int sum;

  NativeRival(Shape shape) {
    keyLength = shape.keyLength();
    valueLength = shape.valueLength();
    Arena arena = Arena.ofAuto();
    key = arena.allocate(keyLength, Long.BYTES);
    keys = arena.allocate((long) keyLength * BATCH, Long.BYTES);
    value = arena.allocate(valueLength);
    MemorySegment.copy(shape.value(), 0, value, JAVA_BYTE, 0, valueLength);
  }

  /** Makes {@link #key} the key of that number. */
  final void key(long number) {
    KeyMaterial.write(number, key, 0, keyLength);
  }

  /** Looks the keys up and shows what is found to this visitor. */
  abstract void get(KeyBatch keys);

  @Override
  public final int getAll(long[] numbers) {
    batch.clear();
    for (int i = 0; i < numbers.length; i++) {
      long offset = (long) i * keyLength;
      KeyMaterial.write(numbers[i], keys, offset, keyLength);
      batch.add(keys, offset, keyLength);
    }
    sum = 0;
    get(batch);
    return sum;
  }

  @Override
  public final void onValue(int index, ValueView value) {
    sum += Byte.toUnsignedInt(value.byteAt(0));
  }

  @Override
  public final void onMissing(int index) {
    sum += MISSING;
  }
}
