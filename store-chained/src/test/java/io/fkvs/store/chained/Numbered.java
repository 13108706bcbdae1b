package io.fkvs.store.chained;

import java.nio.ByteBuffer;

/** A table whose keys are numbers and whose hashes the test chooses: small steps to its inside. */
final class Numbered {
  private final Budget budget;
  final ChainedTable<DeadlineEntry> table;

  Numbered() {
    this(Long.MAX_VALUE);
  }

  Numbered(long maxBytes) {
    budget = new Budget(new io.fkvs.store.MemoryBound(maxBytes));
    table = new ChainedTable<>(DeadlineEntry[]::new, budget);
  }

  void add(long hash, long number) {
    table.makeRoom(0);
    table.add(new DeadlineEntry(hash, key(number), number));
  }

  boolean contains(long hash, long number) {
    DeadlineEntry entry = table.find(hash, key(number));
    return entry != null && entry.deadlineMs == number;
  }

  boolean remove(long hash, long number) {
    return table.remove(hash, key(number)) != null;
  }

  void finishRehash() {
    while (table.isRehashing()) {
      table.advance();
    }
  }

  long reservedBytes() {
    return budget.reservedBytes();
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
