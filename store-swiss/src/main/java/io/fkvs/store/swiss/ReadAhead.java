package io.fkvs.store.swiss;

import io.fkvs.store.KeyBatch;

/**
 * Searches for some keys of a batch, done in steps so that their cache misses overlap.
 *
 * <p>First all control bytes are loaded, and then all slots. A processor has as many misses under
 * way as fit into the few hundred instructions that it looks ahead. So a loop that loads does
 * nothing else.
 */
final class ReadAhead {
  /** How many keys are searched for at once: about as many misses as a core can have under way. */
  static final int KEYS = 32;

  private final SwissTable table;
  private final Slots slots;
  private final Key key;

  private final long[] hashes = new long[KEYS];
  private final long[] starts = new long[KEYS];
  private final long[] slotsAhead = new long[KEYS];

  /** Takes the sum of what was loaded, so that the compiler does not leave the loads out. */
  private long loaded;

  /**
   * @param key takes the keys over, one after the other
   */
  ReadAhead(SwissTable table, Slots slots, Key key) {
    this.table = table;
    this.slots = slots;
    this.key = key;
  }

  /** Loads the slots in which some keys of a batch probably are. */
  void loadEntries(KeyBatch keys, int first, int count) {
    loadControl(keys, first, count);
    for (int i = 0; i < count; i++) {
      slotsAhead[i] = table.candidate(hashes[i], starts[i]);
    }
    loadHeaders(count);
  }

  /** Loads the same, and for an absent key the slot that it would be put into. */
  void loadEntriesAndVacancies(KeyBatch keys, int first, int count) {
    loadControl(keys, first, count);
    for (int i = 0; i < count; i++) {
      long slot = table.candidate(hashes[i], starts[i]);
      slotsAhead[i] = slot == 0 ? table.vacantSlot(hashes[i], starts[i]) : slot;
    }
    loadHeaders(count);
  }

  private void loadControl(KeyBatch keys, int first, int count) {
    for (int i = 0; i < count; i++) {
      int index = first + i;
      long hash = key.read(keys.segment(index), keys.offset(index), keys.length(index));
      hashes[i] = hash;
      starts[i] = table.start(hash);
    }
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += table.load(starts[i]);
    }
    loaded = sum;
  }

  private void loadHeaders(int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += slotsAhead[i] == 0 ? 0 : slots.header(slotsAhead[i]);
    }
    loaded = sum;
  }

  /** The hash of the i-th key that was read ahead. */
  long hash(int i) {
    return hashes[i];
  }

  /** The slot in which the i-th key probably is, or 0. */
  long slot(int i) {
    return slotsAhead[i];
  }
}
