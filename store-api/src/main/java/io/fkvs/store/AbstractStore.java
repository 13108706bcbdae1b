package io.fkvs.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What every table would otherwise write again: the checks of arguments, of the calling thread, of
 * use after close and of calls out of a visitor, the freshness of views, deadlines that have passed
 * before they are set, and the removal of expired entries, or the eviction of others, before a call
 * is refused for want of memory.
 *
 * <p>A table extends this class and implements the {@code do…} methods. They are called with
 * checked ranges on an open store, and a call that throws must leave the store as it was. A table
 * calls {@link #changed()} whenever bytes that a view may show have moved, changed or gone. An
 * entry whose deadline {@link #isExpired} is absent to every {@code do…} method; the table removes
 * it when it meets it.
 *
 * <p>Where {@link #expiresIdle}, a table keeps beside each deadline whether it is an idle one, as
 * {@link StoreConfig#withExpiryAfterAccess} says: one that {@link #doPut} sets is if {@link
 * #setsIdleDeadline}, one that {@link #doExpire} sets is not. {@link #doGet(MemorySegment, long,
 * int, ValueView)}, its like and {@link #doIncrement} replace the idle deadline of an entry that
 * they find by what {@link #renewedMs} answers, and no other method does. That is no change that
 * makes views stale. A new entry of {@code doIncrement} has the deadline {@link #newDeadlineMs}.
 *
 * <p>Thread rule: the thread that uses the store first owns it, as for every {@link Store}. The
 * shards of a {@link ConcurrentStore} have no owner; a lock guards each of them.
 */
public abstract class AbstractStore implements Store {
  /*
   * Who may call is decided with one comparison, because it is a part of every call: `user` is the
   * owner while the owner may call, and nobody while the store is visited or closed. Whoever is not
   * the user is looked at more closely in `admit`. Other threads may read `user` at any time, but
   * none ever finds itself there unless it owns the store.
   */
  private static final int OPEN = 0;
  private static final int VISITED = 1;
  private static final int CLOSED = 2;

  /** Places that are examined for expired entries at a time, before a call is refused. */
  private static final int ROOM_PLACES = 1024;

  /** How often they are at the most: a millisecond's work or two, paid by what it removes. */
  private static final int ROOM_SWEEPS = 64;

  /**
   * How often they are in vain, so that refusals in a row cost some hundred microseconds each at
   * the most: enough to go round a table of a few thousand entries.
   */
  private static final int VAIN_ROOM_SWEEPS = 16;

  /** How many bytes of entries are evicted at a time, at the least, where the table is stuck. */
  private static final int SHED_BYTES = 64 << 10;

  /** The longest entry that lies in a slot; a deadline may make it a record of the same length. */
  private static final int LARGEST_SLOT_BYTES = 256;

  /** Entries that are shown to a listener in one step of a clear. */
  private static final int CLEAR_ENTRIES = 64;

  /** The index of what is to be written at the end of a value. */
  private static final int AT_END = -1;

  private static final VarHandle OWNER = ownerHandle();

  /** What was offered, for {@link AddressSpace} to make a constant of. */
  private static volatile MemorySegment addressSpace;

  private static final Class<?> NATIVE = MemorySegment.NULL.getClass();
  private static final Class<?> ARRAY = MemorySegment.ofArray(new byte[0]).getClass();

  private final InstantSource clock;
  private final int maxValueBytes;
  private final MemoryBound memoryBound;
  private final Lifetime lifetime;
  private final Runnable beforeRelease;

  /** Whether locks decide who may call, so that the store has no owner. */
  private final boolean isShared;

  /** What values are read through here; {@link #ownView} hands it out. */
  private final ValueView view = new ValueView();

  private final Scratch scratch = new Scratch();

  /** All keys of a batch are here. */
  private final Stores self = index -> this;

  private final boolean isEvicting;

  /** How long an entry with an idle deadline lives from each access on; 0 where there is none. */
  private final long idleMs;

  /** What is told of entries that go, or null. */
  private final RemovalListener removalListener;

  private final BytesView removedKey = new BytesView();
  private final ValueView removedValue = new ValueView();

  private long evictions;
  private long evictedBytes;

  /** The lengths of the last entry that was refused for want of memory. */
  private int refusedKeyLength;

  private int refusedValueLength;

  private int state = OPEN;
  private long changes;

  /** A time before which no entry expires. */
  private long earliestDeadlineMs = NO_DEADLINE;

  /** The thread that the store belongs to, or null before its first use. */
  private Thread owner;

  private Thread user;

  /** Whether the store is shared, open and not being visited. */
  private boolean isOpenToAll;

  /** Whether the time stands still, because what is under way is to see one time. */
  private boolean isTimeHeld;

  /** Whether {@link #heldMs} has been read since the time was held. */
  private boolean isHeldTimeKnown;

  private long heldMs;

  /** Whether the put under way sets an idle deadline. */
  private boolean isIdlePut;

  /** Whether {@link #read} has found an entry with an idle deadline. */
  private boolean isIdleRead;

  /** Whether what is read is read for the store's own sake, which is no access. */
  private boolean isPeeking;

  /**
   * Opens the store.
   *
   * @param config its configuration
   */
  protected AbstractStore(StoreConfig config) {
    this.clock = config.clock();
    this.maxValueBytes = config.maxValueBytes();
    this.isEvicting = config.eviction() != EvictionPolicy.NONE;
    this.idleMs = config.expiryAfterAccess().map(time -> Deadlines.after(0, time)).orElse(0L);
    this.removalListener = config.removalListener().orElse(null);
    Membership membership = config.membership();
    this.isShared = membership != null;
    this.isOpenToAll = isShared;
    this.memoryBound = isShared ? membership.join() : new MemoryBound(config.maxBytes());
    this.lifetime = new Lifetime(isShared ? membership.opening() : Lifetime.opening());
    this.beforeRelease = isShared ? membership.sections()::await : () -> {};
  }

  private static VarHandle ownerHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(AbstractStore.class, "owner", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // ---- what a table implements

  /**
   * Finds an entry and shows its value with {@link #show(ValueView, MemorySegment, long, int,
   * ValueType, long)}.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param view the view to fill
   * @return whether the key is present
   */
  protected abstract boolean doGet(
      MemorySegment key, long keyOffset, int keyLength, ValueView view);

  /**
   * Says whether a key is present.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @return whether it is
   */
  protected abstract boolean doContains(MemorySegment key, long keyOffset, int keyLength);

  /**
   * Stores an entry if the condition allows it.
   *
   * @param condition when to store
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param value the memory that holds the value
   * @param valueOffset where it starts
   * @param valueLength its length
   * @param deadlineMs when the entry expires, not yet passed, or {@link Store#NO_DEADLINE}
   * @return whether it was stored
   */
  protected abstract boolean doPut(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs);

  /**
   * Removes an entry.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @return whether the key was present
   */
  protected abstract boolean doRemove(MemorySegment key, long keyOffset, int keyLength);

  /**
   * Adds to a counter; a missing one starts from 0 without a deadline of its own, a present one
   * keeps the one that it has.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param delta what to add
   * @return the new number
   */
  protected abstract long doIncrement(MemorySegment key, long keyOffset, int keyLength, long delta);

  /**
   * Does as {@link #doIncrement} and tells refusals as results. Override it where it can do without
   * exceptions.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param delta what to add
   * @param result the result to fill
   * @return whether the number was added to
   */
  protected boolean doTryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    return Store.super.tryIncrement(key, keyOffset, keyLength, delta, result);
  }

  /**
   * Sets or clears the deadline of a present entry.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param deadlineMs when the entry expires, not yet passed, or {@link Store#NO_DEADLINE}
   * @return whether the key is present
   */
  protected abstract boolean doExpire(
      MemorySegment key, long keyOffset, int keyLength, long deadlineMs);

  /**
   * Tells the deadline of an entry.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @return the deadline, {@link Store#NO_DEADLINE} or {@link Store#NO_KEY}
   */
  protected abstract long doDeadlineMs(MemorySegment key, long keyOffset, int keyLength);

  /**
   * Counts the entries that the table holds.
   *
   * @return their number
   */
  protected abstract long doSize();

  /** Removes every entry and gives the memory back. */
  protected abstract void doClear();

  /**
   * Visits some entries that have not expired.
   *
   * @param cursor 0, or what the call before this one returned
   * @param count about how many entries to visit
   * @param visitor the visitor
   * @return the next cursor, 0 at the end
   */
  protected abstract long doScan(long cursor, int count, ScanVisitor visitor);

  /**
   * Shows an entry that is chosen at random, each with the same probability, if one is found in a
   * bounded number of steps. Override it where the table can do that; otherwise all entries are
   * visited to choose one.
   *
   * @param random what chooses
   * @param visitor the visitor
   * @return whether an entry was found; there may be some even if not
   */
  protected boolean doRandomEntry(RandomGenerator random, ScanVisitor visitor) {
    return false;
  }

  /**
   * Removes expired entries, going round the table from call to call.
   *
   * @param maxExamined how many places for an entry to examine at the most
   * @return how many entries were removed
   */
  protected abstract int doSweep(int maxExamined);

  /**
   * Removes expired entries whose room would serve a key best, in a bounded number of steps. It is
   * called before a call on that key is refused for want of memory. Does nothing unless overridden.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @return how many entries were removed
   */
  protected int doSweepNear(MemorySegment key, long keyOffset, int keyLength) {
    return 0;
  }

  /**
   * Evicts entries that take about so many bytes, going on from call to call, and gives the room
   * that they leave back to where an entry of any length can take it. It is called before a call is
   * refused for want of memory, where the table {@link #mayEvict}, with more bytes each time until
   * the call succeeds or nothing is left. A table that evicts overrides it; it does well to make
   * room by itself, with less effort, before it refuses.
   *
   * @param key the memory that holds a key whose entry is to stay, or {@code null}
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param bytes how many bytes
   * @return whether any entry was evicted, or any room given back
   */
  protected boolean doEvict(MemorySegment key, long keyOffset, int keyLength, long bytes) {
    return false;
  }

  /**
   * Says whether an entry surely fits a table that is otherwise empty. Nothing is evicted for one
   * that may not. A table that evicts overrides it.
   *
   * @param keyLength the length of its key
   * @param valueLength the length of its value
   * @param maxBytes the bound on the table
   * @return whether it does
   */
  protected boolean doFits(int keyLength, long valueLength, long maxBytes) {
    return keyLength + valueLength <= maxBytes;
  }

  /**
   * Looks up many keys. Override it where misses of the cache can overlap.
   *
   * @param keys the keys
   * @param visitor the visitor
   */
  protected void doGet(KeyBatch keys, BatchVisitor visitor) {
    ValueView view = ownView();
    for (int i = 0; i < keys.count(); i++) {
      if (doGet(keys.segment(i), keys.offset(i), keys.length(i), view)) {
        visitor.onValue(i, view);
      } else {
        visitor.onMissing(i);
      }
    }
  }

  /**
   * Brings what the keys' lookups will read closer to the processor. Changes nothing that can be
   * seen. Does nothing unless overridden.
   *
   * @param keys the keys
   */
  protected void doPrefetch(KeyBatch keys) {}

  // ---- looking ahead under no lock

  /**
   * What looks ahead in the table for a {@link ConcurrentStore}. Asked for once, after the table
   * was opened. Null, unless overridden: then nobody looks ahead.
   *
   * @return what looks ahead, or null
   */
  protected LookAhead lookAhead() {
    return null;
  }

  /**
   * Finds an entry as {@link #doGet(MemorySegment, long, int, ValueView)} does, where {@link
   * #lookAhead} has found a place for its key and the table has not changed since.
   *
   * @param key the memory that holds the key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param place what was found, not {@link LookAhead#NOWHERE}
   * @param view the view to fill
   * @return whether the key is present
   */
  protected boolean doGet(
      MemorySegment key, long keyOffset, int keyLength, long place, ValueView view) {
    return doGet(key, keyOffset, keyLength, view);
  }

  /**
   * Answers some keys of a batch, for who holds the lock and visits.
   *
   * @param groups where the keys are, for those that have this version
   */
  final void get(
      KeyBatch keys, KeyGroups groups, int from, int to, long version, BatchVisitor visitor) {
    checkUse();
    ValueView view = groups.view;
    int[] order = groups.order;
    boolean isUnchanged = true;
    for (int i = from; i < to; i++) {
      int index = order[i];
      long place =
          isUnchanged && groups.versions[index] == version
              ? groups.places[index]
              : LookAhead.NOWHERE;
      MemorySegment key = keys.segment(index);
      if (place == LookAhead.NOWHERE
          ? doGet(key, keys.offset(index), keys.length(index), view)
          : doGet(key, keys.offset(index), keys.length(index), place, view)) {
        visitor.onValue(index, view);
      } else {
        isUnchanged = false; // an expired entry may have been removed, and others have moved
        visitor.onMissing(index);
      }
    }
    Reference.reachabilityFence(this);
  }

  /**
   * What a table that is looked ahead in runs before it gives memory back to the system: it waits
   * until no thread looks at what it could get to until now. The table first takes away all that
   * leads to the memory. It does nothing in a store of one thread, and never refers to the store.
   *
   * @return what to run
   */
  protected final Runnable beforeRelease() {
    return beforeRelease;
  }

  /** The table under a store, or null where it is of another kind. */
  static AbstractStore of(Store store) {
    return switch (store) {
      case AbstractStore table -> table;
      case JournaledStore journaled -> of(journaled.table());
      default -> null;
    };
  }

  /**
   * Takes the statistics.
   *
   * @return the figures
   */
  protected abstract StoreStatistics doStatistics();

  /** Gives all memory back. Called once. */
  protected abstract void doClose();

  // ---- what a table calls

  /**
   * The bound on the memory that the table reserves, to be asked each time.
   *
   * @return the bound, which moves only between two calls
   */
  protected final MemoryBound memoryBound() {
    return memoryBound;
  }

  /**
   * Gives memory outside the heap back when the store is dropped without a close. A table that has
   * such memory calls this once, in its constructor.
   *
   * @param release gives the memory back; it runs on another thread when the store is unreachable,
   *     so it must not refer to the store, and never runs after a close
   */
  protected final void releaseWhenDropped(Runnable release) {
    lifetime.releaseWhenDropped(Objects.requireNonNull(release, "release"));
  }

  /**
   * Says whether the table may evict entries now to make room. Otherwise it refuses what does not
   * fit, perhaps to be called again.
   *
   * @return whether it may
   */
  protected final boolean mayEvict() {
    return isEvicting && !memoryBound.mayGrow();
  }

  /**
   * Says whether the table evicts entries at all, so that it has to know which are worth least.
   *
   * @return whether it does
   */
  protected final boolean isEvicting() {
    return isEvicting;
  }

  /**
   * Counts an entry that is evicted.
   *
   * @param bytes the lengths of its key and value added up
   */
  protected final void onEvicted(long bytes) {
    evictions++;
    evictedBytes += bytes;
    memoryBound.onEviction();
  }

  /**
   * Says whether entries that go have to be told with {@link #tellRemoval}.
   *
   * @return whether somebody listens
   */
  protected final boolean tellsRemovals() {
    return removalListener != null;
  }

  /**
   * Tells of an entry that is about to go, while it is still there. The table calls this last
   * before it changes anything; when it throws, the entry stays. The listener may close the
   * caller's memory meanwhile.
   *
   * @param cause why it goes
   * @param key the memory that holds its key
   * @param keyOffset where it starts
   * @param keyLength its length
   * @param value the memory that holds its value
   * @param valueOffset where it starts
   * @param valueLength its length
   * @param type the type of the value
   * @param deadlineMs its deadline or {@link Store#NO_DEADLINE}
   */
  protected final void tellRemoval(
      RemovalCause cause,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      ValueType type,
      long deadlineMs) {
    boolean isVisited = state == VISITED;
    if (!isVisited) {
      beginVisit();
    }
    try {
      show(owned(removedKey), key, keyOffset, keyLength);
      show(owned(removedValue), value, valueOffset, valueLength, type, deadlineMs);
      removalListener.onRemoval(removedKey, removedValue, cause);
    } finally {
      removedKey.forget();
      removedValue.forget();
      if (!isVisited) {
        endVisit();
      }
    }
  }

  /** Makes every view that was filled so far stale. */
  protected final void changed() {
    changes++;
  }

  final long changes() {
    return changes;
  }

  /**
   * Says whether a deadline has passed. Asks the clock only where there is a deadline.
   *
   * @param deadlineMs a deadline or {@link Store#NO_DEADLINE}
   * @return whether the entry has expired
   */
  protected final boolean isExpired(long deadlineMs) {
    return deadlineMs != NO_DEADLINE && deadlineMs <= readClock();
  }

  /**
   * Says whether any entry can have expired. Asks the clock only where there ever was a deadline.
   *
   * @return whether the earliest deadline that was ever set has passed
   */
  protected final boolean mayHaveExpired() {
    return isExpired(earliestDeadlineMs);
  }

  /**
   * Says whether an entry without a deadline of its own gets an idle one, so that the table has to
   * know which deadlines are idle ones.
   *
   * @return whether it does
   */
  protected final boolean expiresIdle() {
    return idleMs != 0;
  }

  /**
   * Says whether the deadline that {@link #doPut} is to set is an idle one.
   *
   * @return whether it is; {@code false} outside of a put
   */
  protected final boolean setsIdleDeadline() {
    return isIdlePut;
  }

  /**
   * The deadline of an entry that comes into being now and has none of its own: an idle one where
   * the store has such deadlines. Asks the clock only there.
   *
   * @return the deadline or {@link Store#NO_DEADLINE}
   */
  protected final long newDeadlineMs() {
    return idleMs == 0 ? NO_DEADLINE : idleDeadlineMs(readClock());
  }

  /**
   * Tells what becomes of an idle deadline when its entry is read. Asks the clock, once.
   *
   * @param deadlineMs the deadline
   * @return the deadline that takes its place, often the same one; or {@link Store#NO_KEY} if it
   *     has passed, so that the entry has expired
   */
  protected final long renewedMs(long deadlineMs) {
    long nowMs = readClock();
    if (deadlineMs <= nowMs) {
      return NO_KEY;
    }
    isIdleRead = true;
    return isPeeking ? deadlineMs : idleDeadlineMs(nowMs);
  }

  private long idleDeadlineMs(long nowMs) {
    long deadlineMs = nowMs > NO_DEADLINE - idleMs ? NO_DEADLINE : nowMs + idleMs;
    noteDeadline(deadlineMs);
    return deadlineMs;
  }

  private long readClock() {
    if (!isTimeHeld) {
      return askClock();
    }
    if (!isHeldTimeKnown) {
      heldMs = askClock();
      isHeldTimeKnown = true;
    }
    return heldMs;
  }

  /** Lets the time stand still from the next reading of the clock to {@link #releaseTime}. */
  private void holdTime() {
    isTimeHeld = true;
    isHeldTimeKnown = false;
  }

  private void releaseTime() {
    isTimeHeld = false;
  }

  /** Asks the clock, which is the caller's code and must not call the store. */
  private long askClock() {
    if (state == VISITED) {
      return clock.millis();
    }
    beginVisit();
    try {
      return clock.millis();
    } finally {
      endVisit();
    }
  }

  /**
   * A hash of the caller's that cannot call the store while the store works.
   *
   * @param hash the hash
   * @return the same hash; a call of this store out of it throws {@link IllegalStateException}
   */
  protected final KeyHash guarded(KeyHash hash) {
    return (bytes, offset, length) -> {
      if (state == VISITED) {
        return hash.hash(bytes, offset, length);
      }
      beginVisit();
      try {
        return hash.hash(bytes, offset, length);
      } finally {
        endVisit();
      }
    };
  }

  /**
   * Makes a view one of the table's own, which it shows to visitors. Such a view can be filled in
   * any thread that may call the store, and by no other store.
   *
   * @param view the view, which nobody has filled yet
   * @param <V> its kind
   * @return the same view
   */
  protected final <V extends BytesView> V owned(V view) {
    view.ownBy(this);
    return view;
  }

  /**
   * Points a view at a value.
   *
   * @param view the view
   * @param segment the memory that holds the value
   * @param offset where it starts, in bytes
   * @param length its length in bytes
   * @param type its type
   * @param deadlineMs its deadline or {@link Store#NO_DEADLINE}
   */
  protected final void show(
      ValueView view,
      MemorySegment segment,
      long offset,
      int length,
      ValueType type,
      long deadlineMs) {
    view.show(this, segment, offset, length, type, deadlineMs);
  }

  /**
   * Points a view at a value outside the heap, after {@link #offerAddressSpace}. Views read it as
   * fast as the table itself does.
   *
   * @param view the view
   * @param address where the value starts
   * @param length its length in bytes
   * @param type its type
   * @param deadlineMs its deadline or {@link Store#NO_DEADLINE}
   */
  protected final void showAt(
      ValueView view, long address, int length, ValueType type, long deadlineMs) {
    view.show(this, null, address, length, type, deadlineMs);
  }

  /**
   * Points a view at bytes outside the heap, after {@link #offerAddressSpace}.
   *
   * @param view the view
   * @param address where the bytes start
   * @param length their length
   */
  protected final void showAt(BytesView view, long address, int length) {
    view.show(this, null, address, length);
  }

  /**
   * Offers the segment through which views read what is shown by address. A table calls this before
   * it calls {@code showAt}; all tables offer the same bytes, so it does not matter which is first.
   *
   * @param all a segment from address 0 to {@link Long#MAX_VALUE} that is always alive
   * @throws IllegalArgumentException if it is another one
   */
  protected static void offerAddressSpace(MemorySegment all) {
    if (all.address() != 0 || all.byteSize() != Long.MAX_VALUE || all.isReadOnly()) {
      throw new IllegalArgumentException(
          "segment does not span all memory: address="
              + all.address()
              + ", byteSize="
              + all.byteSize());
    }
    addressSpace = all;
  }

  static MemorySegment offeredAddressSpace() {
    return addressSpace;
  }

  /**
   * Points a view at bytes, such as a key during a scan.
   *
   * @param view the view
   * @param segment the memory that holds the bytes
   * @param offset where they start, in bytes
   * @param length their length
   */
  protected final void show(BytesView view, MemorySegment segment, long offset, int length) {
    view.show(this, segment, offset, length);
  }

  /** The view that the store reads through itself: one use at a time. */
  private ValueView ownView() {
    return owned(view);
  }

  private void visit(ValueView view, ValueVisitor visitor) {
    beginVisit();
    try {
      visitor.onValue(view);
    } finally {
      endVisit();
      view.forget();
    }
  }

  // ---- the store

  /*
   * Every method that reaches memory ends with a use of `this`, if only a reachability fence: the
   * cleaner must not give the memory back under the last call to a store that nobody refers to
   * after it. The fence is not an instruction.
   */

  @Override
  public final boolean get(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    if (isMapped(key)) {
      return get(settled(key, keyOffset, keyLength), 0, keyLength, view);
    }
    boolean found = doGet(key, keyOffset, keyLength, Objects.requireNonNull(view, "view"));
    Reference.reachabilityFence(this);
    return found;
  }

  @Override
  public final boolean get(MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    Objects.requireNonNull(visitor, "visitor");
    if (isMapped(key)) {
      return get(settled(key, keyOffset, keyLength), 0, keyLength, visitor);
    }
    ValueView view = ownView();
    boolean found = doGet(key, keyOffset, keyLength, view);
    if (found) {
      visit(view, visitor);
    }
    Reference.reachabilityFence(this);
    return found;
  }

  @Override
  public final int get(
      MemorySegment key, long keyOffset, int keyLength, MemorySegment target, long targetOffset) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    Objects.checkFromIndexSize(targetOffset, 0, target.byteSize());
    if (isMapped(key)) {
      return get(settled(key, keyOffset, keyLength), 0, keyLength, target, targetOffset);
    }
    ValueView view = ownView();
    if (!doGet(key, keyOffset, keyLength, view)) {
      return ABSENT;
    }
    int length = view.length();
    if (length <= target.byteSize() - targetOffset) {
      view.copyTo(target, targetOffset);
    }
    Reference.reachabilityFence(this);
    return length;
  }

  /**
   * Gets an entry that may be put again, and notes whether its deadline is an idle one.
   *
   * @see #wasIdle
   */
  final boolean read(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    isIdleRead = false;
    return get(key, keyOffset, keyLength, view);
  }

  /** Does as {@link #read} does, which is no access here. */
  final boolean peek(MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    isPeeking = true;
    try {
      return read(key, keyOffset, keyLength, view);
    } finally {
      isPeeking = false;
    }
  }

  /** Whether the entry that was read last had an idle deadline. */
  final boolean wasIdle() {
    return isIdleRead;
  }

  @Override
  public final byte[] get(byte[] key) {
    ValueView view = ownView();
    return get(MemorySegment.ofArray(key), 0, key.length, view) ? view.toByteArray() : null;
  }

  @Override
  public final boolean contains(MemorySegment key, long keyOffset, int keyLength) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    if (isMapped(key)) {
      return contains(settled(key, keyOffset, keyLength), 0, keyLength);
    }
    boolean found = doContains(key, keyOffset, keyLength);
    Reference.reachabilityFence(this);
    return found;
  }

  @Override
  public final boolean put(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    checkUse();
    Objects.requireNonNull(condition, "condition");
    checkKey(key, keyOffset, keyLength);
    checkRange(value, valueOffset, valueLength);
    checkValueLength(valueLength, maxValueBytes);
    if (isMapped(key) || isMapped(value)) {
      MemorySegment settledKey = settled(key, keyOffset, keyLength);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment settledValue = settled(arena, value, valueOffset, valueLength);
        return put(condition, settledKey, 0, keyLength, settledValue, 0, valueLength, deadlineMs);
      }
    }
    return idleMs == 0
        ? store(condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs)
        : putAtOneTime(
            condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
  }

  /** Puts an entry with the deadline given, or an idle one if that is none. */
  private boolean putAtOneTime(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    boolean isIdle = deadlineMs == NO_DEADLINE;
    boolean wasTimeHeld = isTimeHeld;
    if (!wasTimeHeld) {
      holdTime();
    }
    try {
      return put(
          condition,
          key,
          keyOffset,
          keyLength,
          value,
          valueOffset,
          valueLength,
          isIdle ? newDeadlineMs() : deadlineMs,
          isIdle);
    } finally {
      if (!wasTimeHeld) {
        releaseTime();
      }
    }
  }

  /**
   * Puts an entry with exactly the deadline given, {@link Store#NO_DEADLINE} too. The ranges and
   * lengths are those of an entry that this store, or one with its limits, could have.
   *
   * @param isIdle whether the deadline is an idle one
   */
  final boolean put(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs,
      boolean isIdle) {
    isIdlePut = isIdle;
    try {
      return store(
          condition, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs);
    } finally {
      isIdlePut = false;
    }
  }

  /**
   * Puts an entry that takes the place of one that was {@linkplain #read read}, with the same kind
   * of deadline: the same one, or an idle one from now on.
   */
  final boolean putAgain(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs,
      boolean isIdle) {
    checkValueLength(valueLength, maxValueBytes);
    PutCondition always = PutCondition.ALWAYS;
    return isIdle
        ? putAtOneTime(
            always, key, keyOffset, keyLength, value, valueOffset, valueLength, NO_DEADLINE)
        : put(
            always, key, keyOffset, keyLength, value, valueOffset, valueLength, deadlineMs, false);
  }

  /** Puts what was checked. */
  private boolean store(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    boolean done;
    try {
      done =
          isExpired(deadlineMs)
              ? removeIf(condition, key, keyOffset, keyLength)
              : doPut(
                  condition,
                  key,
                  keyOffset,
                  keyLength,
                  value,
                  valueOffset,
                  valueLength,
                  deadlineMs);
    } catch (StoreFullException full) {
      done =
          withRoom(
              full,
              key,
              keyOffset,
              keyLength,
              valueLength,
              () ->
                  doPut(
                      condition,
                      key,
                      keyOffset,
                      keyLength,
                      value,
                      valueOffset,
                      valueLength,
                      deadlineMs));
    }
    noteDeadline(deadlineMs);
    Reference.reachabilityFence(this);
    return done;
  }

  @Override
  public final boolean remove(MemorySegment key, long keyOffset, int keyLength) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    if (isMapped(key)) {
      return remove(settled(key, keyOffset, keyLength), 0, keyLength);
    }
    boolean removed = doRemove(key, keyOffset, keyLength);
    Reference.reachabilityFence(this);
    return removed;
  }

  @Override
  public final boolean remove(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    checkRange(expected, expectedOffset, expectedLength);
    holdTime();
    try {
      ValueView view = ownView();
      return get(key, keyOffset, keyLength, view)
          && view.contentEquals(expected, expectedOffset, expectedLength)
          && remove(key, keyOffset, keyLength);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final boolean compareAndSet(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment expected,
      long expectedOffset,
      int expectedLength,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      long deadlineMs) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    checkRange(expected, expectedOffset, expectedLength);
    checkRange(value, valueOffset, valueLength);
    checkValueLength(valueLength, maxValueBytes);
    holdTime();
    try {
      ValueView view = ownView();
      return get(key, keyOffset, keyLength, view)
          && view.contentEquals(expected, expectedOffset, expectedLength)
          && put(
              PutCondition.ALWAYS,
              key,
              keyOffset,
              keyLength,
              value,
              valueOffset,
              valueLength,
              deadlineMs);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final boolean getAndRemove(
      MemorySegment key, long keyOffset, int keyLength, ValueVisitor visitor) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    if (isMapped(key)) {
      return getAndRemove(settled(key, keyOffset, keyLength), 0, keyLength, visitor);
    }
    holdTime();
    try {
      return get(key, keyOffset, keyLength, visitor) && remove(key, keyOffset, keyLength);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final <R> R update(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      Function<? super MutableEntry, ? extends R> function) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    Objects.requireNonNull(function, "function");
    if (isMapped(key)) {
      return update(settled(key, keyOffset, keyLength), 0, keyLength, function);
    }
    ValueView view = ownView();
    holdTime();
    try {
      MutableEntry entry = new MutableEntry(read(key, keyOffset, keyLength, view) ? view : null);
      boolean isIdle = isIdleRead;
      R answer = decide(entry, function);
      entry.applyTo(this, key, keyOffset, keyLength, isIdle);
      return answer;
    } finally {
      releaseTime();
      view.forget();
    }
  }

  private <R> R decide(MutableEntry entry, Function<? super MutableEntry, ? extends R> function) {
    beginVisit();
    try {
      return function.apply(entry);
    } finally {
      endVisit();
      entry.end();
    }
  }

  @Override
  public final long increment(MemorySegment key, long keyOffset, int keyLength, long delta) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    if (isMapped(key)) {
      return increment(settled(key, keyOffset, keyLength), 0, keyLength, delta);
    }
    if (idleMs != 0 && !isTimeHeld) {
      return incrementAtOneTime(key, keyOffset, keyLength, delta);
    }
    long sum;
    try {
      sum = doIncrement(key, keyOffset, keyLength, delta);
    } catch (StoreFullException full) {
      sum =
          withRoom(
              full,
              key,
              keyOffset,
              keyLength,
              Decimal.MAX_LENGTH,
              () -> doIncrement(key, keyOffset, keyLength, delta));
    }
    Reference.reachabilityFence(this);
    return sum;
  }

  private long incrementAtOneTime(MemorySegment key, long keyOffset, int keyLength, long delta) {
    holdTime();
    try {
      return increment(key, keyOffset, keyLength, delta);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final boolean tryIncrement(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    Objects.requireNonNull(result, "result");
    if (isMapped(key)) {
      return tryIncrement(settled(key, keyOffset, keyLength), 0, keyLength, delta, result);
    }
    if (idleMs != 0 && !isTimeHeld) {
      return tryIncrementAtOneTime(key, keyOffset, keyLength, delta, result);
    }
    boolean wasAdded;
    try {
      wasAdded = doTryIncrement(key, keyOffset, keyLength, delta, result);
    } catch (StoreFullException full) {
      wasAdded =
          withRoom(
              full,
              key,
              keyOffset,
              keyLength,
              Decimal.MAX_LENGTH,
              () -> doTryIncrement(key, keyOffset, keyLength, delta, result));
    }
    Reference.reachabilityFence(this);
    return wasAdded;
  }

  private boolean tryIncrementAtOneTime(
      MemorySegment key, long keyOffset, int keyLength, long delta, IncrementResult result) {
    holdTime();
    try {
      return tryIncrement(key, keyOffset, keyLength, delta, result);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final int append(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment suffix,
      long suffixOffset,
      int suffixLength) {
    return write(key, keyOffset, keyLength, AT_END, suffix, suffixOffset, suffixLength);
  }

  @Override
  public final int setRange(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int index,
      MemorySegment bytes,
      long bytesOffset,
      int bytesLength) {
    checkUse();
    checkIndex(index);
    return write(key, keyOffset, keyLength, index, bytes, bytesOffset, bytesLength);
  }

  /** Writes bytes into a value, at an index or {@link #AT_END}. */
  private int write(
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int index,
      MemorySegment bytes,
      long bytesOffset,
      int bytesLength) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    checkRange(bytes, bytesOffset, bytesLength);
    if (isMapped(key)) {
      MemorySegment settled = settled(key, keyOffset, keyLength);
      return write(settled, 0, keyLength, index, bytes, bytesOffset, bytesLength);
    }
    ValueView view = ownView();
    holdTime();
    try {
      boolean isPresent = read(key, keyOffset, keyLength, view);
      int length = isPresent ? view.length() : 0;
      if (bytesLength == 0 && (isPresent || index != AT_END)) {
        return length;
      }
      int at = index == AT_END ? length : index;
      long newLength = Math.max(length, (long) at + bytesLength);
      checkValueLength(newLength, maxValueBytes);
      long deadlineMs = isPresent ? view.deadlineMs() : NO_DEADLINE;
      try (Scratch.Loan loan = scratch.lend((int) newLength)) {
        MemorySegment value = loan.memory();
        if (isPresent) {
          view.copyTo(value, 0);
        }
        if (at > length) {
          value.asSlice(length, at - length).fill((byte) 0);
        }
        MemorySegment.copy(bytes, bytesOffset, value, at, bytesLength);
        if (isMapped(bytes)) {
          settle();
        }
        boolean isIdle = isPresent ? isIdleRead : expiresIdle();
        putAgain(key, keyOffset, keyLength, value, 0, (int) newLength, deadlineMs, isIdle);
      }
      return (int) newLength;
    } finally {
      releaseTime();
      view.forget();
    }
  }

  @Override
  public final boolean expire(MemorySegment key, long keyOffset, int keyLength, long deadlineMs) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    if (isMapped(key)) {
      return expire(settled(key, keyOffset, keyLength), 0, keyLength, deadlineMs);
    }
    boolean present;
    try {
      present =
          isExpired(deadlineMs)
              ? doRemove(key, keyOffset, keyLength)
              : doExpire(key, keyOffset, keyLength, deadlineMs);
    } catch (StoreFullException full) {
      present =
          withRoom(
              full,
              key,
              keyOffset,
              keyLength,
              LARGEST_SLOT_BYTES,
              () -> doExpire(key, keyOffset, keyLength, deadlineMs));
    }
    noteDeadline(deadlineMs);
    Reference.reachabilityFence(this);
    return present;
  }

  @Override
  public final boolean expire(
      DeadlineCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      long deadlineMs) {
    checkUse();
    Objects.requireNonNull(condition, "condition");
    checkKey(key, keyOffset, keyLength);
    if (isMapped(key)) {
      return expire(condition, settled(key, keyOffset, keyLength), 0, keyLength, deadlineMs);
    }
    holdTime();
    try {
      long presentMs = doDeadlineMs(key, keyOffset, keyLength);
      return presentMs != NO_KEY
          && condition.allows(presentMs, deadlineMs)
          && expire(key, keyOffset, keyLength, deadlineMs);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final boolean persist(MemorySegment key, long keyOffset, int keyLength) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    if (isMapped(key)) {
      return persist(settled(key, keyOffset, keyLength), 0, keyLength);
    }
    boolean persisted;
    holdTime();
    try {
      long deadlineMs = doDeadlineMs(key, keyOffset, keyLength);
      persisted =
          deadlineMs != NO_KEY
              && deadlineMs != NO_DEADLINE
              && doExpire(key, keyOffset, keyLength, NO_DEADLINE);
    } finally {
      releaseTime();
    }
    Reference.reachabilityFence(this);
    return persisted;
  }

  @Override
  public final long deadlineMs(MemorySegment key, long keyOffset, int keyLength) {
    checkUse();
    checkKey(key, keyOffset, keyLength);
    if (isMapped(key)) {
      return deadlineMs(settled(key, keyOffset, keyLength), 0, keyLength);
    }
    long deadlineMs = doDeadlineMs(key, keyOffset, keyLength);
    Reference.reachabilityFence(this);
    return deadlineMs;
  }

  @Override
  public final long size() {
    checkUse();
    return doSize();
  }

  @Override
  public final void clear() {
    checkUse();
    if (removalListener != null) {
      tellAll();
    }
    doClear();
    earliestDeadlineMs = NO_DEADLINE;
    changed();
  }

  /** Tells of all entries before they are cleared. */
  private void tellAll() {
    holdTime();
    try {
      doSweep(Integer.MAX_VALUE);
      beginVisit();
      try {
        ScanVisitor telling =
            (key, value) -> removalListener.onRemoval(key, value, RemovalCause.EXPLICIT);
        long cursor = 0;
        do {
          cursor = doScan(cursor, CLEAR_ENTRIES, telling);
        } while (cursor != 0);
      } finally {
        endVisit();
      }
    } finally {
      releaseTime();
    }
  }

  @Override
  public final long scan(long cursor, int count, ScanVisitor visitor) {
    checkUse();
    checkScan(count, visitor);
    beginVisit();
    try {
      return doScan(cursor, count, visitor);
    } finally {
      endVisit();
    }
  }

  @Override
  public final boolean scan(ScanCursor cursor, int count, ScanVisitor visitor) {
    checkUse();
    checkScan(count, visitor);
    if (cursor.shard == 0) {
      cursor.place = scan(cursor.place, count, visitor);
      cursor.shard = cursor.place == 0 ? 1 : 0;
    }
    return cursor.shard == 0;
  }

  @Override
  public final int sweep(int maxExamined) {
    checkUse();
    checkSweep(maxExamined);
    int removed = doSweep(maxExamined);
    Reference.reachabilityFence(this);
    return removed;
  }

  @Override
  public final void get(KeyBatch keys, BatchVisitor visitor) {
    checkUse();
    Objects.requireNonNull(keys, "keys");
    Objects.requireNonNull(visitor, "visitor");
    beginVisit();
    try {
      doGet(keys, visitor);
    } finally {
      endVisit();
    }
  }

  @Override
  public final void prefetch(KeyBatch keys) {
    checkUse();
    doPrefetch(Objects.requireNonNull(keys, "keys"));
    Reference.reachabilityFence(this);
  }

  // ---- many keys

  @Override
  public final CopyOutcome copy(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    checkUse();
    MemorySegment from = ManyKeys.ownKey(key, keyOffset, keyLength);
    MemorySegment to = ManyKeys.ownKey(newKey, newKeyOffset, newKeyLength);
    return copy(condition, from, to, false);
  }

  @Override
  public final CopyOutcome rename(
      PutCondition condition,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      MemorySegment newKey,
      long newKeyOffset,
      int newKeyLength) {
    checkUse();
    MemorySegment from = ManyKeys.ownKey(key, keyOffset, keyLength);
    MemorySegment to = ManyKeys.ownKey(newKey, newKeyOffset, newKeyLength);
    return copy(condition, from, to, true);
  }

  private CopyOutcome copy(
      PutCondition condition, MemorySegment key, MemorySegment newKey, boolean isMove) {
    holdTime();
    try {
      return ManyKeys.copy(condition, key, newKey, isMove, self);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final int countPresent(KeyBatch keys) {
    checkUse();
    holdTime();
    try {
      doPrefetch(keys);
      return ManyKeys.count(keys, self);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final int removeAll(KeyBatch keys) {
    checkUse();
    holdTime();
    try {
      doPrefetch(keys);
      return ManyKeys.remove(keys, self);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final boolean putAll(PutCondition condition, EntryBatch entries) {
    checkUse();
    holdTime();
    try {
      doPrefetch(entries.keys());
      return ManyKeys.put(condition, entries, self);
    } finally {
      releaseTime();
    }
  }

  @Override
  public final boolean randomEntry(RandomGenerator random, ScanVisitor visitor) {
    checkUse();
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(visitor, "visitor");
    holdTime();
    beginVisit();
    try {
      return doRandomEntry(random, visitor) || new RandomWalk(random, visitor).visit();
    } finally {
      endVisit();
      releaseTime();
    }
  }

  /** Chooses an entry by visiting all until it is met. */
  private final class RandomWalk implements ScanVisitor {
    private static final int ENTRIES_A_STEP = 64;

    private final RandomGenerator random;
    private final ScanVisitor target;

    /** How many entries are still to be passed; below 0 when the chosen one was met. */
    private long left;

    RandomWalk(RandomGenerator random, ScanVisitor target) {
      this.random = random;
      this.target = target;
    }

    /** The size counts expired entries, so that the first walk may come to the end in vain. */
    boolean visit() {
      if (walk()) {
        return true;
      }
      doSweep(Integer.MAX_VALUE);
      return walk();
    }

    private boolean walk() {
      long size = doSize();
      if (size == 0) {
        return false;
      }
      left = random.nextLong(size);
      long cursor = 0;
      do {
        cursor = doScan(cursor, ENTRIES_A_STEP, this);
      } while (cursor != 0 && left >= 0);
      return left < 0;
    }

    @Override
    public void onEntry(BytesView key, ValueView value) {
      if (left-- == 0) {
        target.onEntry(key, value);
      }
    }
  }

  @Override
  public final StoreStatistics statistics() {
    checkUse();
    StoreStatistics statistics = doStatistics();
    return isEvicting ? statistics.withEvictions(evictions, evictedBytes) : statistics;
  }

  @Override
  public final long nowMs() {
    if (state == CLOSED) {
      throw new IllegalStateException("store is closed");
    }
    return clock.millis();
  }

  @Override
  public final int maxValueBytes() {
    return maxValueBytes;
  }

  @Override
  public final boolean isClosed() {
    return state == CLOSED;
  }

  @Override
  public final void close() {
    if (state == CLOSED) {
      return;
    }
    checkUse();
    state = CLOSED;
    user = null;
    isOpenToAll = false;
    changed();
    doClose();
    lifetime.close();
  }

  @Override
  public final void handOver() {
    checkUse();
    user = null;
    OWNER.setRelease(this, null);
  }

  private boolean removeIf(
      PutCondition condition, MemorySegment key, long keyOffset, int keyLength) {
    if (!condition.allows(doContains(key, keyOffset, keyLength))) {
      return false;
    }
    doRemove(key, keyOffset, keyLength);
    return true;
  }

  // ---- room

  /**
   * Does again what a full table has refused, after removing expired entries: first where they are
   * in the key's way, then wherever the sweep has come to; and after evicting others, if it may.
   */
  private <T> T withRoom(
      StoreFullException full,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int valueLength,
      Supplier<T> operation) {
    StoreFullException refusal = full;
    if (mayHaveExpired()) {
      int removed = doSweepNear(key, keyOffset, keyLength);
      int vain = 0;
      for (int sweeps = 0; sweeps < ROOM_SWEEPS && vain < VAIN_ROOM_SWEEPS; sweeps++) {
        if (removed > 0) {
          try {
            return operation.get();
          } catch (StoreFullException e) {
            refusal = e; // the next sweep may find what this one did not
          }
        } else {
          vain++;
        }
        removed = doSweep(ROOM_PLACES);
      }
    }
    return evicting(refusal, key, keyOffset, keyLength, valueLength, operation);
  }

  /**
   * Does an operation again, with fewer other entries each time, or refuses it: at the latest after
   * some fifty tries, when twice as many bytes are no number any more.
   */
  private <T> T evicting(
      StoreFullException full,
      MemorySegment key,
      long keyOffset,
      int keyLength,
      int valueLength,
      Supplier<T> operation) {
    refusedKeyLength = keyLength;
    refusedValueLength = valueLength;
    if (!mayEvict() || !fits(key, keyOffset, keyLength, valueLength)) {
      throw full;
    }
    long bytes = Math.max(SHED_BYTES, refusedBytes());
    for (; bytes > 0 && doEvict(key, keyOffset, keyLength, bytes); bytes *= 2) {
      try {
        return operation.get();
      } catch (StoreFullException e) {
        // the next try finds fewer entries
      }
    }
    throw full;
  }

  /**
   * Whether an entry surely fits, beside the present one with its key, if nothing else is there.
   */
  private boolean fits(MemorySegment key, long keyOffset, int keyLength, int valueLength) {
    ValueView present = new ValueView();
    long presentBytes = peek(key, keyOffset, keyLength, present) ? present.length() : 0;
    return doFits(keyLength, presentBytes + valueLength, memoryBound.maxBytes());
  }

  /** Evicts entries for the sake of another store; answers whether there were any. */
  final boolean evict(long bytes) {
    return doEvict(null, 0, 0, bytes);
  }

  /** Says whether the entry that was refused last surely fits a bound, if nothing else is there. */
  final boolean couldFit(long maxBytes) {
    return isEvicting && doFits(refusedKeyLength, refusedValueLength, maxBytes);
  }

  final long refusedBytes() {
    return refusedKeyLength + refusedValueLength;
  }

  private void noteDeadline(long deadlineMs) {
    if (deadlineMs < earliestDeadlineMs) {
      earliestDeadlineMs = deadlineMs;
    }
  }

  // ---- who may call

  private void checkUse() {
    if (Thread.currentThread() != user && !isOpenToAll) {
      admit();
    }
  }

  /** Lets the owner in, makes the caller the owner where there is none, or throws. */
  private void admit() {
    if (state == CLOSED) {
      throw new IllegalStateException("store is closed");
    }
    Thread caller = Thread.currentThread();
    Thread owner = (Thread) OWNER.getAcquire(this);
    if (!isShared && owner != caller) {
      boolean isFree = owner == null || !owner.isAlive();
      if (!isFree || !OWNER.compareAndSet(this, owner, caller)) {
        throw new WrongThreadException(
            "store belongs to another thread: owner=" + name(owner) + ", caller=" + name(caller));
      }
    }
    if (state == VISITED) {
      throw new IllegalStateException("store is being visited: a visitor must not call it");
    }
    if (!isShared) {
      user = caller;
    }
  }

  private static String name(Thread thread) {
    return thread == null ? "none" : thread.getName();
  }

  private void beginVisit() {
    state = VISITED;
    user = null;
    isOpenToAll = false;
  }

  private void endVisit() {
    state = OPEN;
    user = isShared ? null : Thread.currentThread();
    isOpenToAll = isShared;
  }

  // ---- the caller's memory

  /*
   * A mapped file may have been cut off. The processor's fault then becomes an InternalError, but
   * not where the access is: code goes on with other bytes until the JVM next looks for such errors,
   * perhaps amid a change to the table. So mapped memory is copied, and the JVM made to look, before
   * anything else is done.
   */

  /**
   * Makes the JVM throw now what the last access to mapped memory may have left behind: it looks at
   * the end of a call out of Java. The call must not be one at which a virtual thread may leave its
   * carrier, because the error belongs to the carrier.
   */
  static void settle() {
    Thread.holdsLock(OWNER);
  }

  /**
   * Whether memory is that of a mapped file. Arrays of bytes and allocated memory are told by their
   * class, because that is one comparison even where the JVM has seen many kinds of segments.
   */
  static boolean isMapped(MemorySegment memory) {
    Class<?> kind = memory.getClass();
    return kind != NATIVE && kind != ARRAY && memory.isMapped();
  }

  /** Copies a key out of mapped memory, or throws {@link InternalError} where it was cut off. */
  static MemorySegment settled(MemorySegment key, long offset, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(key, JAVA_BYTE, offset, copy, 0, length);
    settle();
    return MemorySegment.ofArray(copy);
  }

  /** Copies a value, as {@link #settled(MemorySegment, long, int)} does, out of the heap's way. */
  static MemorySegment settled(Arena arena, MemorySegment value, long offset, int length) {
    MemorySegment copy = arena.allocate(length);
    MemorySegment.copy(value, offset, copy, 0, length);
    settle();
    return copy;
  }

  static void checkKey(MemorySegment key, long keyOffset, int keyLength) {
    checkRange(key, keyOffset, keyLength);
    if (keyLength > MAX_KEY_BYTES) {
      throw new TooLargeException(
          "key is too large: keyLength=" + keyLength + ", maxKeyBytes=" + MAX_KEY_BYTES);
    }
  }

  static void checkValueLength(long valueLength, int maxValueBytes) {
    if (valueLength > maxValueBytes) {
      throw new TooLargeException(
          "value is too large: valueLength=" + valueLength + ", maxValueBytes=" + maxValueBytes);
    }
  }

  static void checkIndex(int index) {
    if (index < 0) {
      throw new IndexOutOfBoundsException("index is negative: index=" + index);
    }
  }

  static void checkRange(MemorySegment segment, long offset, int length) {
    if ((offset | length) < 0 || offset > segment.byteSize() - length) {
      throw new IndexOutOfBoundsException(
          "range is not inside its segment: offset="
              + offset
              + ", length="
              + length
              + ", byteSize="
              + segment.byteSize());
    }
  }

  static void checkScan(int count, ScanVisitor visitor) {
    Objects.requireNonNull(visitor, "visitor");
    if (count < 1) {
      throw new IllegalArgumentException("scan count must be at least 1: count=" + count);
    }
  }

  static void checkSweep(int maxExamined) {
    if (maxExamined < 1) {
      throw new IllegalArgumentException(
          "sweep must examine at least 1 place: maxExamined=" + maxExamined);
    }
  }
}
