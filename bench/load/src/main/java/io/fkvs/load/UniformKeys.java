package io.fkvs.load;

/** Every key equally likely. One thread. */
final class UniformKeys implements KeySequence {
  private final long keyspace;
  private final SplitMix random;

  UniformKeys(long keyspace, long seed) {
    this.keyspace = keyspace;
    random = new SplitMix(seed);
  }

  @Override
  public void fill(long[] ids, int from, int to) {
    for (int i = from; i < to; i++) {
      ids[i] = random.nextLong(keyspace);
    }
  }
}
