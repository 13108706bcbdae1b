package io.fkvs.server.resp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.Store;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that transactions watch. While there are none, a change costs one comparison. Belongs to
 * the thread of the event loop.
 */
final class WatchedKeys {
  /** A key, as bytes or, to look one up, where it lies. */
  private static final class Key {
    private MemorySegment bytes;
    private long offset;
    private int length;
    private int hash;

    void at(MemorySegment bytes, long offset, int length) {
      this.bytes = bytes;
      this.offset = offset;
      this.length = length;
      hash = 1;
      for (int i = 0; i < length; i++) {
        hash = 31 * hash + bytes.get(JAVA_BYTE, offset + i);
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && length == key.length
          && MemorySegment.mismatch(
                  bytes, offset, offset + length, key.bytes, key.offset, key.offset + length)
              < 0;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final Map<Key, List<Transaction>> watchers = new HashMap<>();
  private final Key sought = new Key();

  boolean isEmpty() {
    return watchers.isEmpty();
  }

  /** Lets a transaction know of changes to a key. */
  void add(byte[] key, Transaction transaction) {
    Key copy = new Key();
    copy.at(MemorySegment.ofArray(key), 0, key.length);
    watchers.computeIfAbsent(copy, same -> new ArrayList<>()).add(transaction);
  }

  void remove(byte[] key, Transaction transaction) {
    sought.at(MemorySegment.ofArray(key), 0, key.length);
    List<Transaction> watching = watchers.get(sought);
    watching.remove(transaction);
    if (watching.isEmpty()) {
      watchers.remove(sought);
    }
  }

  /** The entry of a key has changed. */
  void touch(MemorySegment bytes, long offset, int length) {
    sought.at(bytes, offset, length);
    List<Transaction> watching = watchers.get(sought);
    if (watching != null) {
      for (int i = 0; i < watching.size(); i++) {
        watching.get(i).onChanged();
      }
    }
  }

  /** All entries are about to be removed. */
  void touchAll(Store store) {
    watchers.forEach(
        (key, watching) -> {
          if (store.contains(key.bytes, key.offset, key.length)) {
            watching.forEach(Transaction::onChanged);
          }
        });
  }

  /** A key and whether it was there. */
  record Watch(byte[] key, boolean wasPresent) {
    boolean isOf(byte[] other) {
      return Arrays.equals(key, other);
    }
  }
}
