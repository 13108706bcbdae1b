package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.AbstractStore;
import io.fkvs.store.BatchVisitor;
import io.fkvs.store.BytesView;
import io.fkvs.store.Decimal;
import io.fkvs.store.IncrementResult;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.LookAhead;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.PutCondition;
import io.fkvs.store.RemovalCause;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The store on top of a {@link SwissTable}: values and their types, records, deadlines and counters
 * under single keys. {@link Scan}, {@link Sweep} and {@link ReadAhead} do what concerns many
 * entries. {@link SwissTable} explains the structure and defines the terms.
 *
 * <p>An operation reserves first what may fail for lack of memory, and changes the store after
 * that. No operation allocates on the Java heap, except to enlarge an array that counts chunks or
 * segments.
 *
 * <p>Thread rule: one thread at a time.
 */
final class SwissStore extends AbstractStore {
  /**
   * How many places of the table are tried for a random entry: more than enough where one in a
   * hundred holds one that has not expired.
   */
  private static final int RANDOM_TRIES = 2_048;

  /** A random one of so few entries is found sooner by going through them. */
  private static final int FEW_ENTRIES = 128;

  /** How many times what evicted entries have left is moved together, at the least. */
  private static final int SHED_STEPS = 256;

  /** How many steps to evacuate the arena one operation takes at most. */
  private static final int ARENA_STEPS = 4;

  private final Memory memory;
  final Slots slots;
  private final SwissTable table;
  private final Segments segments;
  private final RecordArena arena;
  private final Workspace workspace;
  private final ReadAhead readAhead;
  private final Scan scan;
  private final Sweep sweep;
  private final RandomPlace randomPlace;
  private final Evictor evictor;

  /** The key of the operation under way. */
  private final Key key;

  /** The key of a record that is moved at the end of an operation. */
  private final Key movedKey;

  private long liveBytes;

  /** What the header of an entry that is put is to say of its deadline: whether it is idle. */
  private long idle;

  /** Why the last increment was refused: the number, or the length of a value that is not one. */
  private long refused;

  private final ValueView batchView = owned(new ValueView());
  private final IncrementResult incremented = new IncrementResult();
  private final BytesView scanKey = owned(new BytesView());
  private final ValueView scanValue = owned(new ValueView());

  static {
    if (RuntimeFeatures.UNCHECKED) {
      offerAddressSpace(Memory.addressSpace());
    }
  }

  SwissStore(StoreConfig config) {
    super(config);
    memory = new Memory(memoryBound(), beforeRelease());
    releaseWhenDropped(memory::releaseAll);
    slots = new Slots(memory, config.slotBytes(), config.keyHash().map(this::guarded).orElse(null));
    key = new Key(memory, slots);
    movedKey = new Key(memory, slots);
    table =
        new SwissTable(memory, slots, config.chunkBytes(), config.expectedEntries(), isEvicting());
    segments = table.segments();
    arena = new RecordArena(memory, slots, config.chunkBytes(), this::slotOf);
    workspace = new Workspace(memory);
    readAhead = new ReadAhead(table, slots, key);
    scan = new Scan(table, slots, this::tryShow);
    sweep = new Sweep(table, this::takeOutIfExpired, this::shrink);
    randomPlace = new RandomPlace(table);
    evictor = new Evictor(table, slots, arena, this::mayHaveExpired, this::isExpired, this::evict);
  }

  // ---- reading

  @Override
  protected boolean doGet(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    long hash = this.key.read(key, keyOffset, keyLength);
    return tryShow(table.find(hash, this.key), view);
  }

  @Override
  protected boolean doGet(
      MemorySegment key, long keyOffset, int keyLength, long place, ValueView view) {
    long hash = this.key.read(key, keyOffset, keyLength);
    long slot = slots.matches(place, hash, this.key) ? place : table.find(hash, this.key);
    return tryShow(slot, view);
  }

  /** Shows the entry that was just found, or removes it if it has expired. */
  private boolean tryShow(long slot, ValueView view) {
    if (slot == 0) {
      return false;
    }
    long header = slots.header(slot);
    if (Slots.needsAttention(header) && !attendRead(slot, header)) {
      return false;
    }
    showValue(view, slot, header);
    return true;
  }

  /** Does as {@link #attend} does, and moves an idle deadline; for who reads the value. */
  private boolean attendRead(long slot, long header) {
    if (Slots.hasDeadline(header) && removeOrRenew(slot, header)) {
      return false;
    }
    slots.countUse(slot, header);
    return true;
  }

  /** Removes an entry that has expired, and answers whether it has; moves an idle deadline. */
  private boolean removeOrRenew(long slot, long header) {
    if (!Slots.isIdle(header)) {
      return removeIfExpired(slot, header);
    }
    long deadlineMs = slots.deadlineMs(slot, header);
    long renewedMs = renewedMs(deadlineMs);
    if (renewedMs == NO_KEY) {
      removeExpired(slot, header);
      return true;
    }
    if (renewedMs != deadlineMs) {
      slots.moveDeadline(slot, renewedMs);
    }
    return false;
  }

  /** Removes an entry that has expired, counts a use of any other; answers whether it is live. */
  private boolean attend(long slot, long header) {
    if (Slots.hasDeadline(header) && removeIfExpired(slot, header)) {
      return false;
    }
    slots.countUse(slot, header);
    return true;
  }

  private void showValue(ValueView view, long slot, long header) {
    long value = slots.value(slot, header);
    int length = Slots.valueLength(header);
    ValueType type = Slots.type(header);
    long deadlineMs = slots.deadlineMs(slot, header);
    if (RuntimeFeatures.UNCHECKED) {
      showAt(view, value, length, type, deadlineMs);
    } else {
      show(view, memory.segment(value), memory.offset(value), length, type, deadlineMs);
    }
  }

  /** Finds the entry with the {@link #key}: answers its slot, or 0. Removes an expired entry. */
  private long findLive(long hash) {
    long slot = table.find(hash, key);
    if (slot == 0) {
      return 0;
    }
    long header = slots.header(slot);
    return Slots.needsAttention(header) && !attend(slot, header) ? 0 : slot;
  }

  /** Does as {@link #findLive(long)} does, for who reads the value. */
  private long findRead(long hash) {
    long slot = table.find(hash, key);
    if (slot == 0) {
      return 0;
    }
    long header = slots.header(slot);
    return Slots.needsAttention(header) && !attendRead(slot, header) ? 0 : slot;
  }

  long findLive(MemorySegment key, long keyOffset, int keyLength) {
    return findLive(this.key.read(key, keyOffset, keyLength));
  }

  @Override
  protected boolean doContains(MemorySegment key, long keyOffset, int keyLength) {
    return findLive(key, keyOffset, keyLength) != 0;
  }

  @Override
  protected long doDeadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    long slot = findLive(key, keyOffset, keyLength);
    return slot == 0 ? NO_KEY : slots.deadlineMs(slot, slots.header(slot));
  }

  // ---- reading many

  @Override
  protected void doGet(KeyBatch keys, BatchVisitor visitor) {
    for (int first = 0; first < keys.count(); first += ReadAhead.KEYS) {
      int count = Math.min(ReadAhead.KEYS, keys.count() - first);
      readAhead.loadEntries(keys, first, count);
      boolean isUnchanged = true;
      for (int i = 0; i < count; i++) {
        int index = first + i;
        key.read(keys.segment(index), keys.offset(index), keys.length(index));
        long hash = readAhead.hash(i);
        long slot = isUnchanged ? readAhead.slot(i) : 0;
        if (slot == 0 || !slots.matches(slot, hash, key)) {
          slot = table.find(hash, key);
        }
        if (tryShow(slot, batchView)) {
          visitor.onValue(index, batchView);
        } else {
          isUnchanged &= slot == 0; // an expired entry was removed, and others may have moved
          visitor.onMissing(index);
        }
      }
    }
  }

  @Override
  protected void doPrefetch(KeyBatch keys) {
    for (int first = 0; first < keys.count(); first += ReadAhead.KEYS) {
      readAhead.loadEntriesAndVacancies(
          keys, first, Math.min(ReadAhead.KEYS, keys.count() - first));
    }
  }

  @Override
  protected LookAhead lookAhead() {
    boolean isPossible = slots.injected() == null && ValueLayout.ADDRESS.byteSize() == Long.BYTES;
    return isPossible ? new UnlockedLookAhead(memory, slots, table.directory()) : null;
  }

  // ---- writing

  @Override
  protected boolean doPut(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    long hash = this.key.read(key, keyOffset, keyLength);
    long slot = findLive(hash);
    if (!condition.allows(slot != 0)) {
      return false;
    }
    idle = Slots.idle(setsIdleDeadline());
    if (this.key.isTooLong()) {
      hash = readWithRoom(key, keyOffset, keyLength);
    }
    ensureWorkspace();
    if (mayEvict()) {
      slot = makeRoom(slot, hash, valueLength, deadlineMs);
    }
    if (canCopyFrom(value, valueOffset, valueLength, slot != 0, deadlineMs)) {
      store(slot, hash, value, valueOffset, valueLength, deadlineMs);
    } else if (valueLength <= Workspace.STAGE_BYTES) {
      long staged = workspace.stage(value, valueOffset, valueLength);
      store(slot, hash, memory.segment(staged), memory.offset(staged), valueLength, deadlineMs);
    } else {
      storeLarge(slot, hash, value, valueOffset, valueLength, deadlineMs);
    }
    return true;
  }

  /** Makes room for the key, reads it again and answers its hash. */
  private long readWithRoom(MemorySegment key, long keyOffset, int keyLength) {
    this.key.ensureRoom(keyLength);
    return this.key.read(key, keyOffset, keyLength);
  }

  /**
   * Whether a value may be copied straight from the caller's memory: then a copy that fails has
   * changed nothing, or it does not fail. Before a new entry is copied a slot is taken for it, and
   * for that the caller's hash may be called, which may close any memory.
   *
   * @throws WrongThreadException if the memory of a new entry's value is another thread's
   */
  private boolean canCopyFrom(
      MemorySegment value, long offset, int length, boolean replaces, long deadlineMs) {
    if (replaces) {
      return length <= CallerMemory.SHORT && slots.fits(key.length(), length, deadlineMs)
          || CallerMemory.isSteady(value);
    }
    if (slots.injected() != null || !CallerMemory.isSteady(value)) {
      return false;
    }
    checkAccess(value, offset, length);
    return true;
  }

  /**
   * Reads a byte of native memory, because a copy out of it must not fail later.
   *
   * @throws IllegalStateException if the memory is closed
   * @throws WrongThreadException if it is another thread's
   */
  private static void checkAccess(MemorySegment memory, long offset, int length) {
    if (memory.isNative() && length > 0) {
      memory.get(JAVA_BYTE, offset);
    }
  }

  /**
   * Stores an entry with the {@link #key}. The value lies in the store's own memory, or in the
   * caller's where {@link #canCopyFrom} says so. So nothing can fail except for lack of memory, or
   * because the value's memory is closed, and that is found out before anything is changed.
   *
   * @param slot the slot of the present entry, or 0
   */
  private void store(
      long slot,
      long hash,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    long oldHeader = slot == 0 ? 0 : slots.header(slot);
    long oldBlock = Slots.isRecord(oldHeader) ? slots.block(slot) : 0;
    if (slots.fits(key.length(), valueLength, deadlineMs)) {
      tellReplaced(slot, oldHeader);
      long use = use(slot, oldHeader, hash);
      long target = slot == 0 ? table.insert(hash, key, use) : slot;
      long bytes = target + Slots.HEADER_BYTES;
      long header = fillValue(bytes + key.length(), value, valueOffset, valueLength);
      if (slot == 0 || oldBlock != 0) { // otherwise the key is there
        key.write(bytes);
      }
      if (oldBlock != 0) {
        arena.free(oldBlock);
      }
      slots.setInline(target, header | use | idle, deadlineMs);
    } else {
      boolean stays = oldBlock != 0 && arena.holds(oldBlock, key.length(), valueLength);
      long block = stays ? oldBlock : arena.allocate(key.length(), valueLength);
      try {
        tellReplaced(slot, oldHeader);
        checkAccess(value, valueOffset, valueLength);
      } catch (RuntimeException | Error e) {
        if (!stays) {
          arena.free(block);
        }
        throw e;
      }
      if (stays) {
        arena.tryResize(block, key.length(), valueLength);
      }
      long header = fill(RecordArena.key(block), value, valueOffset, valueLength);
      link(slot, hash, oldBlock, block, header, deadlineMs);
    }
    endPut(slot, oldHeader, valueLength);
  }

  private void tellReplaced(long slot, long oldHeader) {
    if (slot != 0 && tellsRemovals()) {
      tell(RemovalCause.REPLACED, slot, oldHeader);
    }
  }

  /** What the header of an entry that is put is to know of its use. */
  private long use(long slot, long oldHeader, long hash) {
    if (slot != 0) {
      return Slots.use(oldHeader);
    }
    return isEvicting() ? Slots.firstUse(table.recall(hash)) : 0;
  }

  /** Stores a value from memory that is not steady: it is copied directly into a new record. */
  private void storeLarge(
      long slot,
      long hash,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    long oldHeader = slot == 0 ? 0 : slots.header(slot);
    long oldBlock = Slots.isRecord(oldHeader) ? slots.block(slot) : 0;
    long block;
    try {
      block = arena.allocate(key.length(), valueLength);
    } catch (StoreFullException full) {
      if (oldBlock == 0 || !arena.holds(oldBlock, key.length(), valueLength)) {
        throw full;
      }
      MemorySegment copy = copyToHeap(value, valueOffset, valueLength, full);
      store(slot, hash, copy, 0, valueLength, deadlineMs);
      return;
    }
    long header;
    try {
      header = fill(RecordArena.key(block), value, valueOffset, valueLength);
      tellReplaced(slot, oldHeader);
    } catch (RuntimeException | Error e) {
      arena.free(block);
      throw e;
    }
    link(slot, hash, oldBlock, block, header, deadlineMs);
    endPut(slot, oldHeader, valueLength);
  }

  /** Copies a value that has to overwrite the old one, because the store is full. */
  private static MemorySegment copyToHeap(
      MemorySegment value, long valueOffset, int valueLength, StoreFullException full) {
    try {
      return MemorySegment.ofArray(value.asSlice(valueOffset, valueLength).toArray(JAVA_BYTE));
    } catch (OutOfMemoryError e) {
      full.addSuppressed(e);
      throw full;
    }
  }

  /** Writes key and value, one after the other, and answers the header for them. */
  private long fill(long target, MemorySegment value, long valueOffset, int valueLength) {
    key.write(target);
    return fillValue(target + key.length(), value, valueOffset, valueLength);
  }

  /**
   * Writes the value behind the key. The type is that of the bytes that were written, because the
   * caller's bytes may change meanwhile.
   *
   * @return the header for key and value
   */
  private long fillValue(long target, MemorySegment value, long valueOffset, int valueLength) {
    memory.copy(value, valueOffset, target, valueLength);
    ValueType type =
        valueLength > 0 && Decimal.canStart(memory.getByte(target))
            ? ValueType.of(memory.segment(target), memory.offset(target), valueLength)
            : ValueType.RAW;
    return Slots.header(key.length(), valueLength, type);
  }

  /** Makes a slot, or a new one if it is 0, refer to a record that has been filled. */
  private void link(long slot, long hash, long oldBlock, long block, long header, long deadlineMs) {
    long use = use(slot, slot == 0 ? 0 : slots.header(slot), hash);
    long target = slot == 0 ? insertFor(block, hash, use) : slot;
    if (oldBlock != 0 && oldBlock != block) {
      arena.free(oldBlock);
    }
    slots.setRecord(target, header | use | idle, block, hash, deadlineMs);
  }

  private long insertFor(long block, long hash, long use) {
    try {
      return table.insert(hash, key, use);
    } catch (RuntimeException | Error e) { // no memory, or what the caller's hash throws
      arena.free(block);
      throw e;
    }
  }

  private void endPut(long slot, long oldHeader, int valueLength) {
    liveBytes += valueLength + (slot == 0 ? key.length() : -Slots.valueLength(oldHeader));
    endOperation();
  }

  @Override
  protected long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta) {
    if (!doTryIncrement(key, keyOffset, keyLength, delta, incremented)) {
      throw incremented.outcome() == IncrementResult.Outcome.OVERFLOW
          ? new OverflowException("sum does not fit 64 bits: value=" + refused + ", delta=" + delta)
          : new NotAnIntegerException("value is not an integer: valueLength=" + refused);
    }
    return incremented.number();
  }

  @Override
  protected boolean doTryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    long hash = this.key.read(key, keyOffset, keyLength);
    if (this.key.isTooLong()) {
      hash = readWithRoom(key, keyOffset, keyLength);
    }
    long slot = findRead(hash);
    long header = slot == 0 ? 0 : slots.header(slot);
    if (slot != 0 && Slots.type(header) != ValueType.INT) {
      refused = Slots.valueLength(header);
      result.refused(IncrementResult.Outcome.NOT_AN_INTEGER);
      return false;
    }
    long number = slot == 0 ? 0 : number(slot, header);
    long sum = number + delta;
    if (((number ^ sum) & (delta ^ sum)) < 0) {
      refused = number;
      result.refused(IncrementResult.Outcome.OVERFLOW);
      return false;
    }
    long deadlineMs = slot == 0 ? newDeadlineMs() : slots.deadlineMs(slot, header);
    idle = Slots.idle(slot == 0 ? expiresIdle() : Slots.isIdle(header));
    if (slot != 0
        && !Slots.isRecord(header)
        && slots.fits(keyLength, Decimal.MAX_LENGTH, deadlineMs)) {
      replace(slot, header, sum, deadlineMs);
    } else {
      ensureWorkspace();
      if (mayEvict()) {
        slot = makeRoom(slot, hash, Decimal.MAX_LENGTH, deadlineMs);
      }
      int length = workspace.stage(sum);
      long staged = workspace.stageAddress();
      store(slot, hash, memory.segment(staged), memory.offset(staged), length, deadlineMs);
    }
    result.added(sum);
    return true;
  }

  /** Writes a number over an inline one, whatever their lengths are. */
  private void replace(long slot, long header, long number, long deadlineMs) {
    tellReplaced(slot, header);
    long value = slots.value(slot, header);
    int length = Decimal.write(number, memory.segment(value), memory.offset(value));
    long replaced = Slots.header(key.length(), length, ValueType.INT) | Slots.use(header) | idle;
    slots.setInline(slot, replaced, deadlineMs);
    endPut(slot, header, length);
  }

  private long number(long slot, long header) {
    long value = slots.value(slot, header);
    int length = Slots.valueLength(header);
    return Decimal.parseInteger(memory.segment(value), memory.offset(value), length);
  }

  @Override
  protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    long hash = this.key.read(key, keyOffset, keyLength);
    long slot = findLive(hash);
    if (slot == 0) {
      return false;
    }
    long header = slots.header(slot) & ~Slots.idle(true);
    if (Slots.isRecord(header) || slots.fits(keyLength, Slots.valueLength(header), deadlineMs)) {
      slots.setDeadline(slot, header, deadlineMs);
    } else {
      if (mayEvict()) {
        slot = makeRoom(slot, hash, Slots.valueLength(header), deadlineMs);
      }
      moveToArena(slot, header, deadlineMs);
    }
    endOperation();
    return true;
  }

  /** Makes a record of an inline entry that leaves no room for a deadline. */
  private void moveToArena(long slot, long header, long deadlineMs) {
    int keyLength = Slots.keyLength(header);
    long hash = slots.hashOf(slot);
    long block = arena.allocate(keyLength, Slots.valueLength(header));
    memory.copyBytes(
        slot + Slots.HEADER_BYTES, RecordArena.key(block), keyLength + Slots.valueLength(header));
    slots.setRecord(slot, header, block, hash, deadlineMs);
  }

  // ---- removing

  @Override
  protected boolean doRemove(MemorySegment key, long keyOffset, int keyLength) {
    long hash = this.key.read(key, keyOffset, keyLength);
    long slot = findLive(hash);
    if (slot == 0) {
      return false;
    }
    long header = slots.header(slot);
    tell(RemovalCause.EXPLICIT, slot, header);
    remove(slot, header, hash);
    return true;
  }

  /**
   * Tells of an entry that is about to go. Views are made stale before, because others may have
   * gone in the same call, and the listener may throw.
   */
  private void tell(RemovalCause cause, long slot, long header) {
    if (tellsRemovals()) {
      changed();
      long key = slots.key(slot, header);
      long value = slots.value(slot, header);
      tellRemoval(
          cause,
          memory.segment(key),
          memory.offset(key),
          Slots.keyLength(header),
          memory.segment(value),
          memory.offset(value),
          Slots.valueLength(header),
          Slots.type(header),
          slots.deadlineMs(slot, header));
    }
  }

  /** Removes the entry that was just found, if it has expired, and answers whether it has. */
  private boolean removeIfExpired(long slot, long header) {
    if (!isExpired(slots.deadlineMs(slot, header))) {
      return false;
    }
    removeExpired(slot, header);
    return true;
  }

  private void removeExpired(long slot, long header) {
    tell(RemovalCause.EXPIRED, slot, header);
    remove(slot, header, slots.hashOf(slot));
  }

  private void remove(long slot, long header, long hash) {
    takeOut(slot, header, hash);
    shrink(hash);
  }

  /** Removes an entry, but leaves the table as large as it is. */
  private void takeOut(long slot, long header, long hash) {
    long block = Slots.isRecord(header) ? slots.block(slot) : 0;
    table.remove(hash, slot);
    endTakeOut(header, block);
  }

  private void endTakeOut(long header, long block) {
    liveBytes -= Slots.keyLength(header) + Slots.valueLength(header);
    if (block != 0) {
      arena.free(block);
    }
  }

  private void takeOutIfExpired(long slot) {
    long header = slots.header(slot);
    if (isExpired(slots.deadlineMs(slot, header))) {
      tell(RemovalCause.EXPIRED, slot, header);
      takeOut(slot, header, slots.hashOf(slot));
    }
  }

  /** Makes the table smaller, if it may be, where an entry with that hash was taken out. */
  private void shrink(long hash) {
    table.shrink(hash);
    endOperation();
  }

  // ---- evicting

  /**
   * Makes room for an entry with the {@link #key}, if it can be done with little effort: what is
   * stored next reserves memory, and is refused if that was not enough.
   *
   * @param slot the slot of the present entry, or 0
   * @return the same slot, wherever it is afterwards
   */
  private long makeRoom(long slot, long hash, int valueLength, long deadlineMs) {
    long header = slot == 0 ? 0 : slots.header(slot);
    long block = Slots.isRecord(header) ? slots.block(slot) : 0;
    boolean wantsBlock =
        !slots.fits(key.length(), valueLength, deadlineMs)
            && !(block != 0 && arena.holds(block, key.length(), valueLength))
            && !arena.hasRoom(key.length(), valueLength);
    if (!wantsBlock && (slot != 0 || table.hasRoom(hash))) {
      return slot;
    }
    if (wantsBlock && !isPossible(valueLength + (long) Slots.valueLength(header))) {
      return slot;
    }
    evictor.evictNear(hash, slot);
    if (wantsBlock && !arena.hasRoom(key.length(), valueLength)) {
      evictor.evictRun(hash, block, key.length(), valueLength);
    }
    return slot == 0 ? 0 : table.find(hash, key); // it may have moved
  }

  /** Whether a record with the {@link #key} fits, however many others have to go. */
  private boolean isPossible(long valueLength) {
    return doFits(key.length(), valueLength, memory.maxBytes());
  }

  /** Evicts the entry in a slot, or removes it if it has expired; leaves the table as large. */
  private void evict(long slot) {
    long header = slots.header(slot);
    long hash = slots.hashOf(slot);
    long block = Slots.isRecord(header) ? slots.block(slot) : 0;
    changed();
    if (isExpired(slots.deadlineMs(slot, header))) {
      tell(RemovalCause.EXPIRED, slot, header);
      table.remove(hash, slot);
    } else {
      tell(RemovalCause.EVICTED, slot, header);
      table.evict(hash, slot);
      onEvicted(Slots.keyLength(header) + Slots.valueLength(header));
    }
    endTakeOut(header, block);
  }

  @Override
  protected boolean doEvict(MemorySegment key, long keyOffset, int keyLength, long bytes) {
    long hash = key == null ? 0 : this.key.read(key, keyOffset, keyLength);
    boolean isKept = key != null && !this.key.isTooLong();
    long reservedBefore = memory.reservedBytes();
    boolean isAnyEvicted = evictor.shed(bytes, () -> isKept ? table.find(hash, this.key) : 0);
    if (table.size() == 0) {
      doClear();
    }
    long slotsToMove = Math.min(bytes, reservedBefore) / slots.bytes;
    for (long steps = SHED_STEPS + slotsToMove; steps > 0; steps--) {
      endOperation();
    }
    changed();
    return isAnyEvicted || memory.reservedBytes() < reservedBefore;
  }

  /**
   * Adds up the least that each part of an empty table takes, and what it may take beyond. The
   * entry may have a deadline, and be a record for it.
   */
  @Override
  protected boolean doFits(int keyLength, long valueLength, long maxBytes) {
    long fixed = Workspace.BYTES + segments.leastBytes(maxBytes) + Key.roomBytes(keyLength);
    boolean isInline = valueLength <= slots.bytes && slots.fits(keyLength, (int) valueLength, 0);
    long record = isInline ? 0 : RecordArena.firstBytes(keyLength, valueLength, maxBytes);
    return fixed + record <= maxBytes;
  }

  // ---- the whole store

  @Override
  protected long doSize() {
    return table.size();
  }

  @Override
  protected void doClear() {
    table.reset(); // before, so that nothing leads to the memory any more
    memory.releaseAll();
    arena.reset();
    workspace.reset();
    key.reset();
    sweep.reset();
    evictor.reset();
    liveBytes = 0;
  }

  @Override
  protected void doClose() {
    doClear();
  }

  @Override
  protected long doScan(long cursor, int count, ScanVisitor visitor) {
    return scan.visit(cursor, count, visitor);
  }

  /** Tries places of the table, each with the same probability, until one holds an entry. */
  @Override
  protected boolean doRandomEntry(RandomGenerator random, ScanVisitor visitor) {
    for (int i = 0; i < RANDOM_TRIES && table.size() > FEW_ENTRIES; i++) {
      long slot = randomPlace.slot(random);
      if (slot != 0 && !removeIfExpired(slot, slots.header(slot)) && tryShow(slot, visitor)) {
        return true;
      }
    }
    return false;
  }

  private boolean tryShow(long slot, ScanVisitor visitor) {
    long header = slots.header(slot);
    if (isExpired(slots.deadlineMs(slot, header))) {
      return false;
    }
    long key = slots.key(slot, header);
    showKey(scanKey, key, Slots.keyLength(header));
    showValue(scanValue, slot, header);
    visitor.onEntry(scanKey, scanValue);
    return true;
  }

  private void showKey(BytesView view, long key, int length) {
    if (RuntimeFeatures.UNCHECKED) {
      showAt(view, key, length);
    } else {
      show(view, memory.segment(key), memory.offset(key), length);
    }
  }

  @Override
  protected int doSweep(int maxExamined) {
    int removed = sweep.sweep(maxExamined);
    endOperation();
    return removed;
  }

  /** Sweeps the segment that the key would go to, or the head of its chain. */
  @Override
  protected int doSweepNear(MemorySegment key, long keyOffset, int keyLength) {
    int removed = sweep.sweepSegmentOf(this.key.read(key, keyOffset, keyLength));
    changed();
    return removed;
  }

  @Override
  protected StoreStatistics doStatistics() {
    long slotCount = segments.slotCount();
    return new StoreStatistics(
        table.size(),
        liveBytes,
        table.size() * slots.bytes + arena.usedBytes(),
        memory.reservedBytes(),
        slotCount == 0 ? 0 : (double) table.size() / slotCount,
        table.longestProbe(),
        table.largestMove(),
        details());
  }

  private Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("probing", RuntimeFeatures.probing());
    details.put("access", RuntimeFeatures.access());
    details.put("pages", RuntimeFeatures.pages());
    details.put("slot_bytes", Integer.toString(slots.bytes));
    details.put("segments", Integer.toString(table.directory().segmentCount()));
    details.put("directory_places", Integer.toString(table.directory().placeCount()));
    details.put("chunks", Integer.toString(memory.chunkCount()));
    details.put("arena_bytes", Long.toString(arena.reservedBytes()));
    return Collections.unmodifiableMap(details);
  }

  // ---- upkeep

  private void ensureWorkspace() {
    if (!workspace.isReserved()) {
      workspace.reserve();
      segments.setWorkspace();
    }
  }

  /** Ends an operation that has changed the store. It may move some entries. */
  private void endOperation() {
    changed();
    table.endOperation();
    for (int i = 0; i < ARENA_STEPS && arena.evacuate(); i++) {}
  }

  /** The slot that refers to a block, found by the key in the block. */
  private long slotOf(long block) {
    movedKey.point(RecordArena.key(block), arena.keyLength(block));
    long slot = table.find(movedKey.hash(), movedKey);
    assert slots.block(slot) == block;
    return slot;
  }

  // ---- for tests

  /** The sum of all overflow counts. */
  long overflow() {
    return new Invariants(memory, slots, table, arena, workspace, key).overflow();
  }

  /** Walks everything; see {@link Invariants}. */
  boolean invariantsHold() {
    return new Invariants(memory, slots, table, arena, workspace, key).hold(liveBytes);
  }
}
