package io.fkvs.bench.table;

/**
 * A rival that takes keys and values from arrays and copies them: the arrays are used again. One
 * thread.
 */
abstract class ArrayRival implements Rival {
  final byte[] key;
  final byte[] value;

  ArrayRival(Shape shape) {
    key = new byte[shape.keyLength()];
    value = shape.value();
  }

  /** Stores {@link #value} under {@link #key}. */
  abstract void put();

  /** Reads the value of {@link #key} into a new array, or gives {@code null}. */
  abstract byte[] get();

  /** Removes {@link #key} and says whether it was there. */
  abstract boolean remove();

  /** Adds 1 to the counter of {@link #key}. */
  abstract long increment();

  @Override
  public final void put(long number, byte stamp) {
    KeyMaterial.write(number, key);
    value[0] = stamp;
    put();
  }

  @Override
  public int get(long number) {
    byte[] found = getCopy(number);
    return found == null ? MISSING : Byte.toUnsignedInt(found[0]);
  }

  @Override
  public final byte[] getCopy(long number) {
    KeyMaterial.write(number, key);
    return get();
  }

  @Override
  public final boolean remove(long number) {
    KeyMaterial.write(number, key);
    return remove();
  }

  @Override
  public final long increment(long number) {
    KeyMaterial.write(number, key);
    return increment();
  }
}
