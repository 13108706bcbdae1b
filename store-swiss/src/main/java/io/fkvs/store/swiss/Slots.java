package io.fkvs.store.swiss;

import io.fkvs.store.KeyHash;
import io.fkvs.store.Store;
import io.fkvs.store.ValueType;

/**
 * The layout of a slot, and the access to the entry in one.
 *
 * <pre>
 *   inline   | header 8 | key | value | …             | deadline 8, where there is one |
 *   record   | header 8 | block 8 | hash 8 | …        | deadline 8, where there is one |
 *
 *   header   bits 0..15   length of the key
 *            bit  16      the entry is a record: its bytes are in a block of the arena
 *            bit  17      there is a deadline, in the last 8 bytes of the slot
 *            bit  18      the value is an INT
 *            bits 19..20  how many uses of the entry will still be counted
 *            bit  21      the entry is kept: it was used while it was new, or came back
 *            bit  22      the deadline is an idle one: each read of the entry moves it
 *            bits 32..63  length of the value
 * </pre>
 *
 * A slot begins at a multiple of its own size, so an entry in a slot of 64 bytes lies in one cache
 * line. The slot of a record keeps the hash: so neither moving the slot nor rejecting the entry in
 * a search touches the arena.
 *
 * <p>A store that evicts counts uses, up to three, in bits 19 and 20: a new entry has 3 there, and
 * each use takes 1, until there is 0 and nothing is written any more. In any other store these bits
 * are 0 from the beginning. So whether there is something to count, or a deadline to look at, is
 * one test of the header that is loaded anyway. Bit 22 is never there without bit 17, so nobody
 * needs to ask for it before.
 */
final class Slots {
  static final int HEADER_BYTES = 8;
  static final int DEADLINE_BYTES = 8;

  private static final int KEY_LENGTH_MASK = 0xFFFF;
  private static final long RECORD = 1L << 16;
  private static final long DEADLINE = 1L << 17;
  private static final long INT = 1L << 18;
  private static final int UNCOUNTED_SHIFT = 19;
  private static final int MAX_USES = 3;
  private static final long UNCOUNTED = (long) MAX_USES << UNCOUNTED_SHIFT;
  private static final long ONE_USE = 1L << UNCOUNTED_SHIFT;
  private static final long KEPT = 1L << 21;
  private static final long IDLE = 1L << 22;
  private static final int VALUE_LENGTH_SHIFT = 32;

  private static final int BLOCK = 8;
  private static final int HASH = 16;

  final int bytes;
  final int shift;

  private final Memory memory;
  private final KeyHash injected;
  private final SwissHash primary = new SwissHash();
  private final SwissHash secondary = new SwissHash();

  /**
   * @param injected what replaces the table's own hash, or {@code null}
   */
  Slots(Memory memory, int bytes, KeyHash injected) {
    this.memory = memory;
    this.bytes = bytes;
    this.shift = Integer.numberOfTrailingZeros(bytes);
    this.injected = injected;
  }

  // ---- headers

  static long header(int keyLength, int valueLength, ValueType type) {
    return (long) valueLength << VALUE_LENGTH_SHIFT | keyLength | (type == ValueType.INT ? INT : 0);
  }

  static int keyLength(long header) {
    return (int) header & KEY_LENGTH_MASK;
  }

  static int valueLength(long header) {
    return (int) (header >>> VALUE_LENGTH_SHIFT);
  }

  static ValueType type(long header) {
    return (header & INT) == 0 ? ValueType.RAW : ValueType.INT;
  }

  static boolean isRecord(long header) {
    return (header & RECORD) != 0;
  }

  static boolean hasDeadline(long header) {
    return (header & DEADLINE) != 0;
  }

  /** Whether the deadline, which there is, is an idle one. */
  static boolean isIdle(long header) {
    return (header & IDLE) != 0;
  }

  /** The bit that says whether the deadline is an idle one, for the header of an entry. */
  static long idle(boolean isIdle) {
    return isIdle ? IDLE : 0;
  }

  /** Whether who meets an entry must look at its deadline, or count the use. */
  static boolean needsAttention(long header) {
    return (header & (DEADLINE | UNCOUNTED)) != 0;
  }

  /** What a header knows of the use of its entry, for the header that takes its place. */
  static long use(long header) {
    return header & (UNCOUNTED | KEPT);
  }

  /**
   * The same for the first entry of a key, in a store that evicts: it is new and nobody has used
   * it. If it has come back it is kept, and has been used once.
   */
  static long firstUse(boolean isBack) {
    return isBack ? UNCOUNTED - ONE_USE | KEPT : UNCOUNTED;
  }

  /** Whether an entry, of a store that evicts, is a new one. */
  static boolean isNew(long header) {
    return (header & KEPT) == 0;
  }

  /** How many uses are counted of an entry, of a store that evicts. */
  static int uses(long header) {
    return MAX_USES - ((int) (header >>> UNCOUNTED_SHIFT) & MAX_USES);
  }

  /** How much an entry is worth: 0 if it is new and nobody has used it. */
  static int worth(long header) {
    return 2 * uses(header) + (isNew(header) ? 0 : 1);
  }

  // ---- an entry

  long header(long slot) {
    return memory.getLong(slot);
  }

  /** Whether an entry fits a slot, so that it can be inline. */
  boolean fits(int keyLength, int valueLength, long deadlineMs) {
    int deadlineBytes = deadlineMs == Store.NO_DEADLINE ? 0 : DEADLINE_BYTES;
    return keyLength <= bytes && valueLength <= bytes - HEADER_BYTES - deadlineBytes - keyLength;
  }

  /** Where the key begins; the value follows it. */
  long key(long slot, long header) {
    return isRecord(header) ? RecordArena.key(block(slot)) : slot + HEADER_BYTES;
  }

  /** Where the value begins. */
  long value(long slot, long header) {
    return key(slot, header) + keyLength(header);
  }

  /** Loads an entry, so that it is near when it is read: its slot, and both ends of a record. */
  long load(long slot) {
    long header = header(slot);
    if (!isRecord(header)) {
      return header;
    }
    long key = RecordArena.key(block(slot));
    return memory.getByte(key - 1)
        + memory.getByte(key + keyLength(header) + valueLength(header) - 1);
  }

  long block(long slot) {
    return memory.getLong(slot + BLOCK);
  }

  void setBlock(long slot, long block) {
    memory.setLong(slot + BLOCK, block);
  }

  /** The hash that the slot of a record keeps. */
  long hash(long slot) {
    return memory.getLong(slot + HASH);
  }

  long deadlineMs(long slot, long header) {
    return hasDeadline(header) ? memory.getLong(slot + bytes - DEADLINE_BYTES) : Store.NO_DEADLINE;
  }

  /** Writes the header of an inline entry, and its deadline. */
  void setInline(long slot, long header, long deadlineMs) {
    memory.setLong(slot, writeDeadline(slot, header & ~RECORD, deadlineMs));
  }

  /** Writes everything that the slot of a record holds. */
  void setRecord(long slot, long header, long block, long hash, long deadlineMs) {
    memory.setLong(slot, writeDeadline(slot, header | RECORD, deadlineMs));
    memory.setLong(slot + BLOCK, block);
    memory.setLong(slot + HASH, hash);
  }

  /** Changes the deadline of an entry that has room for one. */
  void setDeadline(long slot, long header, long deadlineMs) {
    memory.setLong(slot, writeDeadline(slot, header, deadlineMs));
  }

  /** Moves the deadline of an entry that has one, to {@link Store#NO_DEADLINE} at the most. */
  void moveDeadline(long slot, long deadlineMs) {
    memory.setLong(slot + bytes - DEADLINE_BYTES, deadlineMs);
  }

  /** Counts a use of an entry, unless it has enough of them. */
  void countUse(long slot, long header) {
    if ((header & UNCOUNTED) != 0) {
      memory.setLong(slot, header - ONE_USE);
    }
  }

  /** Takes a use from an entry, unless it has none. */
  void takeUse(long slot, long header) {
    if (uses(header) > 0) {
      memory.setLong(slot, header + ONE_USE);
    }
  }

  /** Makes a kept entry of one. */
  void keep(long slot) {
    memory.setLong(slot, memory.getLong(slot) | KEPT);
  }

  /** Makes a kept entry of one, and takes all uses from it. */
  void keepUnused(long slot) {
    memory.setLong(slot, memory.getLong(slot) | KEPT | UNCOUNTED);
  }

  /** Writes the deadline if there is one, and answers the header that tells so. */
  private long writeDeadline(long slot, long header, long deadlineMs) {
    if (deadlineMs == Store.NO_DEADLINE) {
      return header & ~(DEADLINE | IDLE);
    }
    memory.setLong(slot + bytes - DEADLINE_BYTES, deadlineMs);
    return header | DEADLINE;
  }

  // ---- keys

  KeyHash injected() {
    return injected;
  }

  SwissHash primary() {
    return primary;
  }

  SwissHash secondary() {
    return secondary;
  }

  /** Whether the entry in a slot has that key. */
  boolean matches(long slot, long hash, Key key) {
    long header = memory.getLong(slot);
    long kind = header & (KEY_LENGTH_MASK | RECORD);
    int keyLength = key.length();
    if (kind == keyLength) {
      return key.isAt(slot + HEADER_BYTES);
    }
    return kind == (keyLength | RECORD)
        && hash(slot) == hash
        && key.isAt(RecordArena.key(block(slot)));
  }

  /** The hash of an entry, as {@link Key#hash} gives it. */
  long hashOf(long slot) {
    long header = memory.getLong(slot);
    return isRecord(header) ? hash(slot) : hash(slot + HEADER_BYTES, keyLength(header));
  }

  private long hash(long key, int length) {
    return injected == null
        ? primary.hash(memory, key, length)
        : memory.hash(injected, key, length);
  }

  /** The hash of an entry, as {@link Key#chainHash} gives it. */
  long chainHashOf(long slot) {
    long header = memory.getLong(slot);
    return secondary.hash(memory, key(slot, header), keyLength(header));
  }
}
