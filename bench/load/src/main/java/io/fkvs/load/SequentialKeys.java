package io.fkvs.load;

/** Every {@code step}-th key from a first one: one worker's part of all keys. One thread. */
final class SequentialKeys implements KeySequence {
  private final int step;
  private long next;

  SequentialKeys(long first, int step) {
    this.step = step;
    next = first;
  }

  @Override
  public void fill(long[] ids, int from, int to) {
    for (int i = from; i < to; i++) {
      ids[i] = next;
      next += step;
    }
  }
}
