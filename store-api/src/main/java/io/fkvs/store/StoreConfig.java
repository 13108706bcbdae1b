package io.fkvs.store;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a store is to be opened. Immutable: each {@code with} method answers a changed copy. Any
 * thread may use it.
 *
 * <pre>{@code
 * Store store = Store.open(StoreConfig.defaults().withMaxBytes(1L << 30));
 * }</pre>
 */
public final class StoreConfig {
  /** The default of {@link #maxValueBytes()}: 16 MiB. */
  public static final int DEFAULT_MAX_VALUE_BYTES = 16 << 20;

  /** The most that {@link #maxValueBytes()} can be: 1 GiB, so that lengths and sums stay ints. */
  public static final int LARGEST_MAX_VALUE_BYTES = 1 << 30;

  /** The default of {@link #chunkBytes()}: 10 MiB. */
  public static final int DEFAULT_CHUNK_BYTES = 10 << 20;

  /** The least that {@link #chunkBytes()} can be: 64 KiB. */
  public static final int SMALLEST_CHUNK_BYTES = 64 << 10;

  /** The default of {@link #slotBytes()}: 64, a cache line. */
  public static final int DEFAULT_SLOT_BYTES = 64;

  /** The most that {@link #expectedEntries()} can be: 2^32, more than fit a machine's memory. */
  public static final long LARGEST_EXPECTED_ENTRIES = 1L << 32;

  /** The resolution of the clock: what expires sooner would never be there. */
  private static final Duration LEAST_EXPIRY_AFTER_ACCESS = Duration.ofMillis(1);

  private static final StoreConfig DEFAULTS = new StoreConfig(new Draft());

  private final long maxBytes;
  private final int maxValueBytes;
  private final int chunkBytes;
  private final int slotBytes;
  private final long expectedEntries;
  private final InstantSource clock;
  private final KeyHash keyHash;
  private final EvictionPolicy eviction;

  /** How long an entry lives that nobody uses, or null where that does not matter. */
  private final Duration expiryAfterAccess;

  private final RemovalListener removalListener;

  /** What a shard's table joins, or null for a store of its own. */
  private final Membership membership;

  private StoreConfig(Draft draft) {
    maxBytes = draft.maxBytes;
    maxValueBytes = draft.maxValueBytes;
    chunkBytes = draft.chunkBytes;
    slotBytes = draft.slotBytes;
    expectedEntries = draft.expectedEntries;
    clock = draft.clock;
    keyHash = draft.keyHash;
    eviction = draft.eviction;
    expiryAfterAccess = draft.expiryAfterAccess;
    removalListener = draft.removalListener;
    membership = draft.membership;
  }

  /**
   * The configuration of {@link Store#open()}: no memory bound, values to 16 MiB, the system clock.
   *
   * @return the defaults
   */
  public static StoreConfig defaults() {
    return DEFAULTS;
  }

  /**
   * The bound on the memory that the store reserves.
   *
   * @return bytes; {@link Long#MAX_VALUE} means no bound
   */
  public long maxBytes() {
    return maxBytes;
  }

  /**
   * Bounds the memory that the store reserves. What does not fit is refused with a {@link
   * StoreFullException}, unless {@link #withEviction} says otherwise.
   *
   * @param maxBytes bytes, at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public StoreConfig withMaxBytes(long maxBytes) {
    checkRange("maxBytes", maxBytes, 1, Long.MAX_VALUE);
    return with(draft -> draft.maxBytes = maxBytes);
  }

  /**
   * The length of the longest value that the store takes.
   *
   * @return bytes
   */
  public int maxValueBytes() {
    return maxValueBytes;
  }

  /**
   * Bounds the length of a value. A longer one is refused with a {@link TooLargeException}.
   *
   * @param maxValueBytes bytes, {@link Decimal#MAX_LENGTH} (so that every counter fits) to {@link
   *     #LARGEST_MAX_VALUE_BYTES}
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public StoreConfig withMaxValueBytes(int maxValueBytes) {
    checkRange("maxValueBytes", maxValueBytes, Decimal.MAX_LENGTH, LARGEST_MAX_VALUE_BYTES);
    return with(draft -> draft.maxValueBytes = maxValueBytes);
  }

  /**
   * The size of the pieces in which an off-heap table takes memory from the system once it is
   * large. A table starts with smaller ones, and a table on the heap has none.
   *
   * @return bytes
   */
  public int chunkBytes() {
    return chunkBytes;
  }

  /**
   * Sets the size of the pieces in which an off-heap table takes memory from the system.
   *
   * @param chunkBytes bytes, at least {@link #SMALLEST_CHUNK_BYTES}
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public StoreConfig withChunkBytes(int chunkBytes) {
    checkRange("chunkBytes", chunkBytes, SMALLEST_CHUNK_BYTES, LARGEST_MAX_VALUE_BYTES);
    return with(draft -> draft.chunkBytes = chunkBytes);
  }

  /**
   * The room that a table with inline entries gives each entry before it moves it elsewhere.
   *
   * @return bytes
   */
  public int slotBytes() {
    return slotBytes;
  }

  /**
   * Sets the room for an inline entry: its key, its value and a header of 8 bytes. A table without
   * inline entries has no use for it.
   *
   * @param slotBytes 32, 64, 128 or 256
   * @return the changed copy
   * @throws IllegalArgumentException if it is none of these
   */
  public StoreConfig withSlotBytes(int slotBytes) {
    checkRange("slotBytes", slotBytes, 32, 256);
    if (Integer.bitCount(slotBytes) != 1) {
      throw new IllegalArgumentException(
          "slotBytes must be a power of two: slotBytes=" + slotBytes);
    }
    return with(draft -> draft.slotBytes = slotBytes);
  }

  /**
   * How many entries the store is expected to get soon.
   *
   * @return a number of entries; 0 means that nothing is expected
   */
  public long expectedEntries() {
    return expectedEntries;
  }

  /**
   * Says how many entries the store is about to get, so that a table can take their room at the
   * first put instead of growing step by step. It is a hint: it changes what the store costs and
   * nothing else. A table may ignore it, uses at most half of its {@link #maxBytes()} for it, and
   * gives what is not needed back as it gives back what removed entries leave.
   *
   * @param expectedEntries a number of entries, 0 to {@link #LARGEST_EXPECTED_ENTRIES}
   * @return the changed copy
   * @throws IllegalArgumentException if the number is out of range
   */
  public StoreConfig withExpectedEntries(long expectedEntries) {
    checkRange("expectedEntries", expectedEntries, 0, LARGEST_EXPECTED_ENTRIES);
    return with(draft -> draft.expectedEntries = expectedEntries);
  }

  /**
   * What tells the store the time.
   *
   * @return the clock
   */
  public InstantSource clock() {
    return clock;
  }

  /**
   * Sets what tells the store the time. The store asks it only where a deadline is concerned, on
   * the thread of the store. It should not go back: an entry that had expired may then be seen
   * again until something removes it.
   *
   * @param clock the clock
   * @return the changed copy
   */
  public StoreConfig withClock(InstantSource clock) {
    Objects.requireNonNull(clock, "clock");
    return with(draft -> draft.clock = clock);
  }

  /**
   * The hash to use in place of the table's own.
   *
   * @return the hash, or nothing for the table's own
   */
  public Optional<KeyHash> keyHash() {
    return Optional.ofNullable(keyHash);
  }

  /**
   * Replaces the table's own hash, to test a table with a hostile one or to measure another. The
   * table's own is seeded with a secret where {@link StoreProvider#hasSecretHash()}; one without a
   * secret lets whoever chooses the keys make the store slow. {@link KeyHash#seeded()} has one.
   *
   * @param keyHash the hash
   * @return the changed copy
   */
  public StoreConfig withKeyHash(KeyHash keyHash) {
    Objects.requireNonNull(keyHash, "keyHash");
    return with(draft -> draft.keyHash = keyHash);
  }

  /**
   * What the store does when it is full.
   *
   * @return the policy, {@link EvictionPolicy#NONE} unless set
   */
  public EvictionPolicy eviction() {
    return eviction;
  }

  /**
   * Sets what the store does when it is full. A store that evicts is a cache: what was stored may
   * be absent later. A call that changes one key never evicts the entry that it stores; one that
   * puts several may evict some of them. A table that cannot evict refuses to be opened; the Swiss
   * table can. A store on disk cannot.
   *
   * @param eviction the policy
   * @return the changed copy
   */
  public StoreConfig withEviction(EvictionPolicy eviction) {
    Objects.requireNonNull(eviction, "eviction");
    return with(draft -> draft.eviction = eviction);
  }

  /**
   * How long an entry lives that has no deadline of its own and that nobody uses.
   *
   * @return the time, or nothing where such an entry lives for ever
   */
  public Optional<Duration> expiryAfterAccess() {
    return Optional.ofNullable(expiryAfterAccess);
  }

  /**
   * Lets entries without a deadline of their own expire when nobody has used them for some time: an
   * entry that is stored without a deadline gets an <em>idle deadline</em>, the time from now on,
   * and each access to it moves that deadline to the time from the access on.
   *
   * <ul>
   *   <li><b>An access</b> is what reads the value or writes it: every {@code get}, batches too;
   *       {@code getOrCompute}; whatever computes or compares a value ({@code update}, {@code
   *       increment}, {@code append}, {@code compareAndSet}, and all that is made of them), though
   *       it then changes nothing, or is refused; and {@code copy} and {@code rename}, of both
   *       entries.
   *   <li><b>No access</b> is what does not ask for the value: {@code contains}, {@code
   *       countPresent}, {@code deadlineMs}, {@code timeToLive}, a put whose condition does not
   *       hold; and what goes over entries without naming them: scans, {@code forEach}, {@code
   *       randomEntry}, sweeps, statistics.
   *   <li><b>An own deadline</b> is one that a call has given to the entry, at its put or by {@code
   *       expire}. No access moves it. The entry has an idle deadline again when it is put again
   *       without a deadline.
   *   <li><b>{@code persist}</b>, or {@code expire} with {@link KeyValueStore#NO_DEADLINE}, lets
   *       the entry live for ever, whatever deadline it had, until it is put again.
   *   <li>What derives a value from the present one keeps the kind of its deadline, and so do
   *       {@code copy} and {@code rename}.
   *   <li>To everything else an idle deadline is a deadline as any other: {@code deadlineMs} and a
   *       view tell it, a {@link DeadlineCondition} compares with it, {@code persist} answers that
   *       there was one, and an entry whose idle deadline has passed is told with {@link
   *       RemovalCause#EXPIRED}.
   * </ul>
   *
   * <p>An access of this kind leaves views fresh. It reads the clock once. A store that was not
   * asked for this pays nothing for it; in one that was, each entry with an idle deadline has 8
   * bytes more, as one with another deadline has, and each access reads the clock.
   *
   * <p>A table that cannot do this refuses to be opened; those of this project can. A store on disk
   * cannot: its log would have to keep every read.
   *
   * @param timeToIdle the time, at least a millisecond, rounded up to whole milliseconds; one that
   *     reaches beyond the last deadline there is lets entries live for ever
   * @return the changed copy
   * @throws IllegalArgumentException if the time is shorter than a millisecond
   */
  public StoreConfig withExpiryAfterAccess(Duration timeToIdle) {
    if (timeToIdle.compareTo(LEAST_EXPIRY_AFTER_ACCESS) < 0) {
      throw new IllegalArgumentException(
          "expiryAfterAccess must be at least 1 ms: expiryAfterAccess=" + timeToIdle);
    }
    return with(draft -> draft.expiryAfterAccess = timeToIdle);
  }

  /**
   * What is told of entries that go.
   *
   * @return the listener, or nothing where nobody is told
   */
  public Optional<RemovalListener> removalListener() {
    return Optional.ofNullable(removalListener);
  }

  /**
   * Sets what is told of each entry that goes. A table that cannot tell refuses to be opened; the
   * Swiss table can. A store on disk cannot. With a listener, {@link KeyValueStore#clear} takes
   * time proportional to the number of entries.
   *
   * @param listener the listener; for a {@link ConcurrentStore}, one that any thread may call
   * @return the changed copy
   */
  public StoreConfig withRemovalListener(RemovalListener listener) {
    Objects.requireNonNull(listener, "listener");
    return with(draft -> draft.removalListener = listener);
  }

  /** Says whether the store is to evict, or to tell what goes. */
  boolean needsEviction() {
    return eviction != EvictionPolicy.NONE || removalListener != null;
  }

  Membership membership() {
    return membership;
  }

  /** The configuration of a shard's table, which is to join. */
  StoreConfig withMembership(Membership membership) {
    return with(draft -> draft.membership = membership);
  }

  private StoreConfig with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new StoreConfig(draft);
  }

  private static void checkRange(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be " + least + " to " + most + ": " + name + "=" + value);
    }
  }

  /** A configuration that is being changed; a new one has the defaults. */
  private static final class Draft {
    long maxBytes = Long.MAX_VALUE;
    int maxValueBytes = DEFAULT_MAX_VALUE_BYTES;
    int chunkBytes = DEFAULT_CHUNK_BYTES;
    int slotBytes = DEFAULT_SLOT_BYTES;
    long expectedEntries;
    InstantSource clock = InstantSource.system();
    KeyHash keyHash;
    EvictionPolicy eviction = EvictionPolicy.NONE;
    Duration expiryAfterAccess;
    RemovalListener removalListener;
    Membership membership;

    Draft() {}

    Draft(StoreConfig config) {
      maxBytes = config.maxBytes;
      maxValueBytes = config.maxValueBytes;
      chunkBytes = config.chunkBytes;
      slotBytes = config.slotBytes;
      expectedEntries = config.expectedEntries;
      clock = config.clock;
      keyHash = config.keyHash;
      eviction = config.eviction;
      expiryAfterAccess = config.expiryAfterAccess;
      removalListener = config.removalListener;
      membership = config.membership;
    }
  }
}
