package io.fkvs.load;

/** Chooses the keys of the next requests. Belongs to one thread; allocates nothing. */
public interface KeySequence {
  /** Chooses keys. */
  void fill(long[] ids, int from, int to);
}
