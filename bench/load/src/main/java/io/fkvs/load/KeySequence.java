package io.fkvs.load;

/** Chooses the keys of the next requests. Belongs to one thread; allocates nothing. */
public interface KeySequence {
  /**
   * Chooses keys.
   *
   * @param ids where to put their numbers
   * @param from the first index to fill
   * @param to where to stop
   */
  void fill(long[] ids, int from, int to);
}
