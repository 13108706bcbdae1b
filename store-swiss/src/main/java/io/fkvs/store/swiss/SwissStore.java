package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.store.AbstractStore;
import io.fkvs.store.BatchVisitor;
import io.fkvs.store.BytesView;
import io.fkvs.store.Decimal;
import io.fkvs.store.IncrementResult;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.NotAnIntegerException;
import io.fkvs.store.OverflowException;
import io.fkvs.store.PutCondition;
import io.fkvs.store.ScanVisitor;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.ValueType;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The store on top of a {@link SwissTable}: values and their types, records, deadlines, counters,
 * scans and sweeps. The table's page says how the structure works.
 *
 * <p>What can fail for want of memory is reserved first and changed afterwards. No operation
 * allocates on the Java heap, but to grow an array that counts chunks or segments.
 *
 * <p>Thread rule: one thread at a time.
 */
final class SwissStore extends AbstractStore {
  /**
   * How many keys of a batch are on their way at once: about what a core has outstanding misses.
   */
  private static final int STRIP = 32;

  /** How many steps of giving back the arena one operation takes at most. */
  private static final int ARENA_STEPS = 4;

  /** A scan stops when it has examined so many slots for each entry that was asked for. */
  private static final int SCAN_SLOTS_PER_ENTRY = 16;

  private static final int SCAN_SLOTS = 4 * Segments.MAX_POSITIONS;

  /** Never runs: whoever else there may be. */
  private static final Thread SOMEBODY_ELSE = Thread.ofPlatform().unstarted(() -> {});

  private final Memory memory;
  final Slots slots;
  private final SwissTable table;
  private final Segments segments;
  private final RecordArena arena;
  private final Workspace workspace;

  /** The key of the operation under way. */
  private final Key key;

  /** The key of a record that is moved at the end of an operation. */
  private final Key movedKey;

  private long liveBytes;

  /** Why the last increment was refused: the number, or the length of what is none. */
  private long refused;

  /** Where the sweep goes on: a hash, and how many places of its segment are done. */
  private long sweepHash;

  private int sweepPlace;

  private final long[] stripHashes = new long[STRIP];
  private final long[] stripHomes = new long[STRIP];
  private final long[] stripSlots = new long[STRIP];
  private final ValueView batchView = owned(new ValueView());
  private final IncrementResult incremented = new IncrementResult();
  private final BytesView scanKey = owned(new BytesView());
  private final ValueView scanValue = owned(new ValueView());

  /** Takes what a batch has read ahead, so that no compiler thinks it useless. */
  private long readAhead;

  SwissStore(StoreConfig config) {
    super(config);
    memory = new Memory(memoryBound());
    releaseWhenDropped(memory::releaseAll);
    slots = new Slots(memory, config.slotBytes(), config.keyHash().map(this::guarded).orElse(null));
    key = new Key(memory, slots);
    movedKey = new Key(memory, slots);
    table = new SwissTable(memory, slots, config.chunkBytes());
    segments = table.segments();
    arena = new RecordArena(memory, slots, config.chunkBytes(), this::slotOf);
    workspace = new Workspace(memory, Segments.workspaceBytes(config.slotBytes()));
  }

  // ---- reading

  @Override
  protected boolean doGet(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    return this.key.tryRead(key, keyOffset, keyLength)
        && tryShow(table.find(this.key.hash(), this.key), view);
  }

  /** Shows the entry that was just found, or removes it if it has expired. */
  private boolean tryShow(long slot, ValueView view) {
    if (slot == 0) {
      return false;
    }
    long header = slots.header(slot);
    if (Slots.hasDeadline(header) && removeIfExpired(slot, header)) {
      return false;
    }
    showValue(view, slot, header);
    return true;
  }

  private void showValue(ValueView view, long slot, long header) {
    long value = slots.key(slot, header) + Slots.keyLength(header);
    show(
        view,
        memory.segment(value),
        memory.offset(value),
        Slots.valueLength(header),
        Slots.type(header),
        slots.deadlineMs(slot, header));
  }

  private boolean removeIfExpired(long slot, long header) {
    if (!isExpired(slots.deadlineMs(slot, header))) {
      return false;
    }
    removeFound(slot, header, slots.hashOf(slot));
    return true;
  }

  /** Finds a live entry with the {@link #key}: answers its slot or 0. */
  private long findLive(long hash) {
    long slot = table.find(hash, key);
    if (slot == 0) {
      return 0;
    }
    long header = slots.header(slot);
    return Slots.hasDeadline(header) && removeIfExpired(slot, header) ? 0 : slot;
  }

  long findLive(MemorySegment key, long keyOffset, int keyLength) {
    return this.key.tryRead(key, keyOffset, keyLength) ? findLive(this.key.hash()) : 0;
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
    for (int first = 0; first < keys.count(); first += STRIP) {
      int count = Math.min(STRIP, keys.count() - first);
      readAhead(keys, first, count, false);
      boolean isUnchanged = true;
      for (int i = 0; i < count; i++) {
        int index = first + i;
        long slot = 0;
        if (key.tryRead(keys.segment(index), keys.offset(index), keys.length(index))) {
          long hash = stripHashes[i];
          slot = isUnchanged ? stripSlots[i] : 0;
          if (slot == 0 || !slots.matches(slot, hash, key)) {
            slot = table.find(hash, key);
          }
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
    for (int first = 0; first < keys.count(); first += STRIP) {
      readAhead(keys, first, Math.min(STRIP, keys.count() - first), true);
    }
  }

  /**
   * Loads what the searches for some keys will load: first all the control bytes, then all the
   * slots. A processor has as many misses under way as fit among the few hundred instructions that
   * it looks ahead, so the loops that load do nothing else.
   *
   * @param toPut whether to load, for a key that is absent, the slot that it would be put into
   */
  private void readAhead(KeyBatch keys, int first, int count, boolean toPut) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      int index = first + i;
      boolean isRead = key.tryRead(keys.segment(index), keys.offset(index), keys.length(index));
      long hash = isRead ? key.hash() : 0;
      stripHashes[i] = hash;
      stripHomes[i] = table.home(hash);
    }
    for (int i = 0; i < count; i++) {
      sum += table.load(stripHomes[i]);
    }
    for (int i = 0; i < count; i++) {
      long slot = table.candidate(stripHashes[i], stripHomes[i]);
      stripSlots[i] = slot == 0 && toPut ? table.vacancy(stripHomes[i]) : slot;
    }
    for (int i = 0; i < count; i++) {
      sum += stripSlots[i] == 0 ? 0 : slots.header(stripSlots[i]);
    }
    readAhead = sum;
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
    Key ownKey = this.key;
    if (!ownKey.tryRead(key, keyOffset, keyLength)) {
      if (!condition.allows(false)) {
        return false;
      }
      ownKey.ensureRoom(keyLength);
      ownKey.tryRead(key, keyOffset, keyLength);
    }
    long hash = ownKey.hash();
    long slot = findLive(hash);
    if (!condition.allows(slot != 0)) {
      return false;
    }
    ensureWorkspace();
    if (slot != 0 && isSteady(value)) {
      store(slot, hash, value, valueOffset, valueLength, deadlineMs);
    } else if (valueLength <= Workspace.STAGE_BYTES) {
      long staged = workspace.stage(value, valueOffset, valueLength);
      store(slot, hash, memory.segment(staged), memory.offset(staged), valueLength, deadlineMs);
    } else {
      storeLarge(slot, hash, value, valueOffset, valueLength, deadlineMs);
    }
    return true;
  }

  /**
   * Whether to read this memory cannot fail half-way: it is on the heap, or nobody but this thread
   * can close it. It may be closed, or another thread's: then the first access fails. What is
   * mapped never gets here.
   */
  private static boolean isSteady(MemorySegment memory) {
    return !memory.isNative() || !memory.isAccessibleBy(SOMEBODY_ELSE);
  }

  /**
   * Makes the first access to steady memory.
   *
   * @throws IllegalStateException if it is closed
   * @throws WrongThreadException if it is another thread's
   */
  private static void checkAlive(MemorySegment memory, long offset, int length) {
    if (length > 0) {
      memory.get(JAVA_BYTE, offset);
    }
  }

  /**
   * Stores an entry with the {@link #key}, whose value lies in memory of the store's or, where it
   * replaces another, in {@linkplain #isSteady steady} memory of the caller's: nothing can fail but
   * for want of memory, or because the value's is closed, which is found out before anything is
   * changed. (A new entry may call the caller's hash before its value is copied, and that may close
   * any memory.)
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
      long target = slot == 0 ? table.insert(hash, key) : slot;
      long bytes = target + Slots.HEADER_BYTES;
      long header = fillValue(bytes + key.length(), value, valueOffset, valueLength);
      if (slot == 0 || oldBlock != 0) { // otherwise the key is there
        key.write(bytes);
      }
      if (oldBlock != 0) {
        arena.free(oldBlock);
      }
      slots.setInline(target, header, deadlineMs);
    } else {
      checkAlive(value, valueOffset, valueLength);
      boolean stays = oldBlock != 0 && arena.tryResize(oldBlock, key.length(), valueLength);
      long block = stays ? oldBlock : arena.allocate(key.length(), valueLength);
      long header = fill(RecordArena.bytes(block), value, valueOffset, valueLength);
      link(slot, hash, oldBlock, block, header, deadlineMs);
    }
    endPut(slot, oldHeader, valueLength);
  }

  /** Stores a value of memory that is not steady, which is copied straight into a new record. */
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
      header = fill(RecordArena.bytes(block), value, valueOffset, valueLength);
    } catch (RuntimeException | Error e) {
      arena.free(block);
      throw e;
    }
    link(slot, hash, oldBlock, block, header, deadlineMs);
    endPut(slot, oldHeader, valueLength);
  }

  /** The detour of a value that must go where the old one stands, because the store is full. */
  private static MemorySegment copyToHeap(
      MemorySegment value, long valueOffset, int valueLength, StoreFullException full) {
    try {
      return MemorySegment.ofArray(value.asSlice(valueOffset, valueLength).toArray(JAVA_BYTE));
    } catch (OutOfMemoryError e) {
      full.addSuppressed(e);
      throw full;
    }
  }

  /** Writes key and value, one behind the other; answers the header that goes with them. */
  private long fill(long target, MemorySegment value, long valueOffset, int valueLength) {
    key.write(target);
    return fillValue(target + key.length(), value, valueOffset, valueLength);
  }

  /**
   * Writes the value behind the key. The type is that of the bytes that arrived, for the caller's
   * may change meanwhile.
   *
   * @return the header that goes with key and value
   */
  private long fillValue(long target, MemorySegment value, long valueOffset, int valueLength) {
    memory.copy(value, valueOffset, target, valueLength);
    ValueType type = ValueType.of(memory.segment(target), memory.offset(target), valueLength);
    return Slots.header(key.length(), valueLength, type);
  }

  /** Makes the slot, or a new one where it is 0, refer to a record that is filled. */
  private void link(long slot, long hash, long oldBlock, long block, long header, long deadlineMs) {
    long target = slot == 0 ? insertFor(block, hash) : slot;
    if (oldBlock != 0 && oldBlock != block) {
      arena.free(oldBlock);
    }
    slots.setRecord(target, header, block, hash, deadlineMs);
  }

  private long insertFor(long block, long hash) {
    try {
      return table.insert(hash, key);
    } catch (RuntimeException | Error e) { // no memory, or what the caller's hash throws
      arena.free(block);
      throw e;
    }
  }

  private void endPut(long slot, long oldHeader, int valueLength) {
    liveBytes += valueLength + (slot == 0 ? key.length() : -Slots.valueLength(oldHeader));
    changed();
    endOperation();
  }

  @Override
  protected boolean doRemove(MemorySegment key, long keyOffset, int keyLength) {
    if (!this.key.tryRead(key, keyOffset, keyLength)) {
      return false;
    }
    long hash = this.key.hash();
    long slot = findLive(hash);
    if (slot == 0) {
      return false;
    }
    removeFound(slot, slots.header(slot), hash);
    return true;
  }

  /** Removes the entry that the table has just found. */
  private void removeFound(long slot, long header, long hash) {
    long block = discount(slot, header);
    table.remove(hash, slot);
    if (block != 0) {
      arena.free(block);
    }
    table.shrink(hash);
    changed();
    endOperation();
  }

  /** Takes an entry out of the sums, and answers the block to free, or 0. */
  private long discount(long slot, long header) {
    liveBytes -= Slots.keyLength(header) + Slots.valueLength(header);
    return Slots.isRecord(header) ? slots.block(slot) : 0;
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
    if (!this.key.tryRead(key, keyOffset, keyLength)) {
      this.key.ensureRoom(keyLength);
      this.key.tryRead(key, keyOffset, keyLength);
    }
    long hash = this.key.hash();
    long slot = findLive(hash);
    long header = slot == 0 ? 0 : slots.header(slot);
    if (slot != 0 && Slots.type(header) != ValueType.INT) {
      refused = Slots.valueLength(header);
      result.refused(IncrementResult.Outcome.NOT_AN_INTEGER);
      return false;
    }
    long number = slot == 0 ? 0 : number(slot);
    long sum = number + delta;
    if (((number ^ sum) & (delta ^ sum)) < 0) {
      refused = number;
      result.refused(IncrementResult.Outcome.OVERFLOW);
      return false;
    }
    ensureWorkspace();
    int length = workspace.stage(sum);
    long staged = workspace.stageAddress();
    long deadlineMs = slot == 0 ? NO_DEADLINE : slots.deadlineMs(slot, header);
    store(slot, hash, memory.segment(staged), memory.offset(staged), length, deadlineMs);
    result.added(sum);
    return true;
  }

  private long number(long slot) {
    long header = slots.header(slot);
    long value = slots.key(slot, header) + Slots.keyLength(header);
    return Decimal.parse(memory.segment(value), memory.offset(value), Slots.valueLength(header));
  }

  @Override
  protected boolean doExpire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    long slot = findLive(key, keyOffset, keyLength);
    if (slot == 0) {
      return false;
    }
    long header = slots.header(slot);
    if (Slots.isRecord(header) || slots.fits(keyLength, Slots.valueLength(header), deadlineMs)) {
      slots.setDeadline(slot, header, deadlineMs);
    } else {
      moveToArena(slot, header, deadlineMs);
    }
    changed();
    endOperation();
    return true;
  }

  /** Makes a record of an inline entry that leaves no room for a deadline. */
  private void moveToArena(long slot, long header, long deadlineMs) {
    int keyLength = Slots.keyLength(header);
    long hash = slots.hashOf(slot);
    long block = arena.allocate(keyLength, Slots.valueLength(header));
    memory.copyBytes(
        slot + Slots.HEADER_BYTES, RecordArena.bytes(block), keyLength + Slots.valueLength(header));
    slots.setRecord(slot, header, block, hash, deadlineMs);
  }

  // ---- the whole store

  @Override
  protected long doSize() {
    return table.size();
  }

  @Override
  protected void doClear() {
    memory.releaseAll();
    table.reset();
    arena.reset();
    workspace.reset();
    key.reset();
    liveBytes = 0;
    sweepHash = 0;
    sweepPlace = 0;
  }

  @Override
  protected void doClose() {
    doClear();
  }

  /**
   * The cursor is a hash: everything below it has been visited. A call goes on from there and
   * visits the entries of a range that it expects to hold as many as were asked for. Growing,
   * splitting and merging move entries between segments, never to another hash; so none can slip
   * by.
   */
  @Override
  protected long doScan(long cursor, int count, ScanVisitor visitor) {
    if (table.size() == 0) {
      return 0;
    }
    long examinable = SCAN_SLOTS + (long) SCAN_SLOTS_PER_ENTRY * count;
    long wanted = count;
    long from = cursor;
    do {
      long head = Directory.segment(table.directory().find(from));
      long to = scanLimit(head, from, wanted);
      for (long segment = head; segment != 0; segment = segments.next(segment)) {
        wanted -= scan(segment, from, to, visitor);
        examinable -= Segments.MAX_POSITIONS;
      }
      from = to + 1;
    } while (from != 0 && wanted > 0 && examinable > 0);
    return from;
  }

  /** The last hash of a range that starts at a hash and should hold so many entries. */
  private long scanLimit(long head, long from, long wanted) {
    long last = segments.last(head);
    int count = segments.count(head);
    if (segments.isChained(head) || wanted >= count) {
      return last;
    }
    long width = Long.divideUnsigned(-1L >>> segments.depth(head), count) * wanted;
    return Long.compareUnsigned(last - from, width) < 0 ? last : from + width;
  }

  private int scan(long segment, long from, long to, ScanVisitor visitor) {
    int visited = 0;
    int at = -1;
    while ((at = segments.nextEntry(segment, at + 1)) >= 0) {
      long slot = segments.slot(segment, at);
      long hash = slots.hashOf(slot);
      long header = slots.header(slot);
      if (Long.compareUnsigned(hash, from) >= 0
          && Long.compareUnsigned(hash, to) <= 0
          && !isExpired(slots.deadlineMs(slot, header))) {
        long key = slots.key(slot, header);
        show(scanKey, memory.segment(key), memory.offset(key), Slots.keyLength(header));
        showValue(scanValue, slot, header);
        visitor.onEntry(scanKey, scanValue);
        visited++;
      }
    }
    return visited;
  }

  /** Goes on from where the last call stopped, at the most once around. */
  @Override
  protected int doSweep(int maxExamined) {
    int removed = 0;
    int examinable = maxExamined;
    long beginHash = sweepHash;
    boolean beganInside = sweepPlace != 0;
    boolean around = false;
    while (table.size() > 0 && examinable > 0) {
      long hash = sweepHash;
      long last = segments.last(Directory.segment(table.directory().find(hash)));
      long before = table.size();
      examinable = sweepSegment(hash, examinable);
      removed += (int) (before - table.size());
      if (examinable > 0) {
        sweepHash = last + 1;
        sweepPlace = 0;
      }
      if (table.size() < before) {
        table.shrink(hash);
        endOperation();
      }
      boolean wrapped = last == -1L;
      int order = Long.compareUnsigned(sweepHash, beginHash);
      if (around && (wrapped || order > 0) || wrapped && order == 0 && !beganInside) {
        break;
      }
      around |= wrapped;
    }
    changed();
    endOperation();
    return removed;
  }

  /** Sweeps the segment that the key would go to, or the head of its chain. */
  @Override
  protected int doSweepNear(MemorySegment key, long keyOffset, int keyLength) {
    if (table.size() == 0 || !this.key.tryRead(key, keyOffset, keyLength)) {
      return 0;
    }
    long before = table.size();
    long hash = this.key.hash();
    long segment = Directory.segment(table.directory().find(hash));
    int at = -1;
    while (Directory.segment(table.directory().find(hash)) == segment
        && (at = segments.nextEntry(segment, at + 1)) >= 0) {
      sweepSlot(segment, at);
    }
    changed();
    return (int) (before - table.size());
  }

  /** Sweeps one segment, or chain, from its current place on; answers what is left to examine. */
  private int sweepSegment(long hash, int examinable) {
    int left = examinable;
    while (left > 0) {
      long head = Directory.segment(table.directory().find(hash));
      long segment = head;
      int place = sweepPlace;
      while (segment != 0 && place >= segments.groupCount(segment) * Group.SLOTS) {
        place -= segments.groupCount(segment) * Group.SLOTS;
        segment = segments.next(segment);
      }
      if (segment == 0) {
        return left;
      }
      left--;
      sweepPlace++;
      sweepSlot(segment, Segments.position(place / Group.SLOTS, place % Group.SLOTS));
      if (head != Directory.segment(table.directory().find(hash))) {
        sweepPlace = 0; // the chain has lost its head, and all its places have other numbers
      }
    }
    return left;
  }

  private void sweepSlot(long segment, int position) {
    if (!segments.isEntry(segment, position)) {
      return;
    }
    long slot = segments.slot(segment, position);
    long header = slots.header(slot);
    if (isExpired(slots.deadlineMs(slot, header))) {
      long hash = slots.hashOf(slot);
      long block = discount(slot, header);
      table.remove(hash, slot);
      if (block != 0) {
        arena.free(block);
      }
    }
  }

  @Override
  protected StoreStatistics doStatistics() {
    long places = segments.slotCount();
    return new StoreStatistics(
        table.size(),
        liveBytes,
        table.size() * slots.bytes + arena.usedBytes(),
        memory.reservedBytes(),
        places == 0 ? 0 : (double) table.size() / places,
        table.longestProbe(),
        table.largestMove(),
        details());
  }

  private Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("probing", Faces.probing());
    details.put("access", Faces.access());
    details.put("pages", Faces.pages());
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
      segments.setWorkspace(workspace.rebuildAddress());
    }
  }

  private void endOperation() {
    table.endOperation();
    for (int i = 0; i < ARENA_STEPS && arena.evacuate(); i++) {}
  }

  /** The slot that refers to a block, found by the key in it. */
  private long slotOf(long block) {
    movedKey.point(RecordArena.bytes(block), arena.keyLength(block));
    long slot = table.find(movedKey.hash(), movedKey);
    assert slots.block(slot) == block;
    return slot;
  }

  /** How many entries have passed how many groups: the trace that searches have to follow. */
  long overflow() {
    return new Invariants(memory, slots, table, arena, workspace, key).overflow();
  }

  /** Walks everything; see {@link Invariants}. */
  boolean invariantsHold() {
    return new Invariants(memory, slots, table, arena, workspace, key).hold(liveBytes);
  }
}
