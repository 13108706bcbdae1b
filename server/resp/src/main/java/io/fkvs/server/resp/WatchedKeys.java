package io.fkvs.server.resp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that transactions of all event loops watch. While there are none, a change costs one
 * comparison. Who watches or ends to watch is alone.
 */
final class WatchedKeys {
  /** What all of them may take: a few percent of the heap that the launcher gives. */
  private static final long MOST_BYTES = 8 << 20;

  /** Odd and large: each byte moves all bits above it. */
  private static final long DIGEST_FACTOR = 0x9E3779B97F4A7C15L;

  /** What a key takes beside its bytes, about, where one transaction watches it. */
  private static final int KEY_BYTES = 200;

  /** A key, as bytes of its own or, to look one up, where it lies. */
  static final class Key implements Comparable<Key> {
    /** The digest of no entry. */
    static final long ABSENT = 0;

    /** The digest of an entry is odd. */
    private static final long PRESENT = 1;

    private MemorySegment bytes;
    private long offset;
    private int length;
    private int hash;

    /** Becomes the key that lies there. */
    void at(MemorySegment bytes, long offset, int length) {
      this.bytes = bytes;
      this.offset = offset;
      this.length = length;
      hash = 1;
      for (int i = 0; i < length; i++) {
        hash = 31 * hash + bytes.get(JAVA_BYTE, offset + i);
      }
    }

    /** A key with the same bytes, which stay as they are. */
    private Key copy() {
      Key copy = new Key();
      copy.at(MemorySegment.ofArray(bytes.asSlice(offset, length).toArray(JAVA_BYTE)), 0, length);
      return copy;
    }

    /** Says whether there is an entry of the key. */
    boolean isIn(Store store) {
      return store.contains(bytes, offset, length);
    }

    /** A number for what the key has: entries that differ differ in it, in all probability. */
    long digest(Store store) {
      ValueView value = new ValueView();
      if (!store.get(bytes, offset, length, value)) {
        return ABSENT;
      }
      long digest = value.length();
      for (int i = 0; i < value.length(); i++) {
        digest = DIGEST_FACTOR * digest + value.byteAt(i);
      }
      digest = DIGEST_FACTOR * digest + store.deadlineMs(bytes, offset, length);
      return digest ^ digest >>> 32 | PRESENT;
    }

    /** Its bytes, copied. */
    byte[] bytes() {
      return bytes.asSlice(offset, length).toArray(JAVA_BYTE);
    }

    private long mismatch(Key other) {
      return MemorySegment.mismatch(
          bytes, offset, offset + length, other.bytes, other.offset, other.offset + other.length);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && length == key.length && mismatch(key) < 0;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    /** Any order: it keeps a map fast whose keys all have one hash. */
    @Override
    public int compareTo(Key other) {
      if (length != other.length) {
        return Integer.compare(length, other.length);
      }
      long at = mismatch(other);
      return at < 0
          ? 0
          : Byte.compare(
              bytes.get(JAVA_BYTE, offset + at), other.bytes.get(JAVA_BYTE, other.offset + at));
    }
  }

  private final Map<Key, List<Transaction>> watchers = new HashMap<>();
  private final Key sought = new Key();
  private long heldBytes;

  boolean isEmpty() {
    return watchers.isEmpty();
  }

  /** A key where it lies, to look it up; valid until the next call of any method. */
  Key sought(MemorySegment bytes, long offset, int length) {
    sought.at(bytes, offset, length);
    return sought;
  }

  /**
   * Lets a transaction know of changes to a key.
   *
   * @param key the key where it lies
   * @return a key of its own, {@code null} where there is no memory for it
   */
  Key add(Key key, Transaction transaction) {
    if (heldBytes + bytesOf(key) > MOST_BYTES) {
      return null;
    }
    Key copy = key.copy();
    heldBytes += bytesOf(copy);
    watchers.computeIfAbsent(copy, same -> new ArrayList<>()).add(transaction);
    return copy;
  }

  private static long bytesOf(Key key) {
    return KEY_BYTES + key.length;
  }

  void remove(Key key, Transaction transaction) {
    heldBytes -= bytesOf(key);
    List<Transaction> watching = watchers.get(key);
    watching.remove(transaction);
    if (watching.isEmpty()) {
      watchers.remove(key);
    }
  }

  /** The entry of a key has changed. Several loops may say so at the same time. */
  void touch(Key key) {
    List<Transaction> watching = watchers.get(key);
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
          if (key.isIn(store)) {
            watching.forEach(Transaction::onChanged);
          }
        });
  }
}
