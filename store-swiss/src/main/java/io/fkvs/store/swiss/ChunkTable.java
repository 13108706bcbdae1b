package io.fkvs.store.swiss;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The chunks of one {@link BlockPool} or {@link RecordArena}: how long a new one is, what they add
 * up to, and which one is to be emptied and given back.
 *
 * <p>Chunks grow with what they hold, so that the memory reserved in advance is a small part of the
 * whole.
 *
 * @param <C> what the user keeps for each chunk
 */
final class ChunkTable<C extends Chunk> {
  /** The length of the first chunks, unless the budget is small. */
  static final int SMALLEST_CHUNK_BYTES = 64 << 10;

  /** A chunk is at most this part of what is in use: it bounds what is reserved in advance. */
  private static final int USED_PART = 64;

  /**
   * A chunk may fill a huge page where that is at most this part of what is in use: from 32 MiB on.
   */
  private static final int HUGE_PART = 16;

  /** A chunk is at most this part of the budget, so that a small budget is well used. */
  private static final int BUDGET_PART = 16;

  /** How many chunks one call looks at to find the emptiest; bounds the time of a call. */
  private static final int CANDIDATES = 64;

  private final Memory memory;
  private final int largestChunkBytes;
  private final Predicate<C> isDispensable;
  private final Comparator<C> byFreeSpace;

  private List<C> chunks = new ArrayList<>();
  private int lastCandidate;

  /** How many candidates in a row were not dispensable, since something was freed. */
  private int vainCandidates;

  private long reservedBytes;

  /**
   * @param isDispensable whether a chunk may be emptied and given back
   * @param byFreeSpace orders chunks, the one with the most free space last
   */
  ChunkTable(
      Memory memory, int largestChunkBytes, Predicate<C> isDispensable, Comparator<C> byFreeSpace) {
    this.memory = memory;
    this.largestChunkBytes = largestChunkBytes;
    this.isDispensable = isDispensable;
    this.byFreeSpace = byFreeSpace;
  }

  int count() {
    return chunks.size();
  }

  C get(int index) {
    return chunks.get(index);
  }

  /** The sum of the lengths of all chunks. */
  long reservedBytes() {
    return reservedBytes;
  }

  /** How long a new chunk is where so much is in use, if the budget has room for it. */
  static long usualChunkBytes(long usedBytes) {
    long bytes = Math.max(SMALLEST_CHUNK_BYTES, usedBytes / USED_PART);
    boolean isHuge = RuntimeFeatures.HUGE_PAGES && usedBytes / HUGE_PART >= HugePages.BYTES;
    return isHuge ? Math.max(bytes, HugePages.BYTES) : bytes;
  }

  /**
   * How long the next chunk should be.
   *
   * @param usedBytes what is in use in all chunks
   * @param availableBytes what the budget has left for a chunk; may be negative, and so may the
   *     answer
   */
  long nextChunkBytes(long usedBytes, long availableBytes) {
    long wanted = usualChunkBytes(usedBytes);
    long most = Math.min(largestChunkBytes, memory.maxBytes() / BUDGET_PART);
    return HugePages.round(Math.min(Math.min(wanted, most), availableBytes));
  }

  /** How long the first chunk is at the most. */
  static long firstChunkBytes(long maxBytes) {
    return HugePages.round(Math.min(SMALLEST_CHUNK_BYTES, maxBytes / BUDGET_PART));
  }

  /** Reserves the memory of a chunk and adds it; throws and changes nothing if there is none. */
  void add(C chunk, long bytes) {
    memory.reserve(chunk, bytes);
    chunk.index = chunks.size();
    chunks.add(chunk);
    reservedBytes += bytes;
    onFreed();
  }

  /** Takes a chunk out and gives its memory back. */
  void release(C chunk) {
    C last = chunks.removeLast();
    if (last != chunk) {
      chunks.set(chunk.index, last);
      last.index = chunk.index;
    }
    reservedBytes -= chunk.bytes;
    onFreed();
    memory.release(chunk);
  }

  /**
   * The chunk with the most free space among the next few that are dispensable, or {@code null}.
   */
  C chooseEmptiest() {
    C emptiest = null;
    for (int i = Math.min(chunks.size(), CANDIDATES); i > 0; i--) {
      lastCandidate = lastCandidate + 1 < chunks.size() ? lastCandidate + 1 : 0;
      C candidate = chunks.get(lastCandidate);
      if (!isDispensable.test(candidate)) {
        vainCandidates++;
      } else if (emptiest == null || byFreeSpace.compare(candidate, emptiest) > 0) {
        emptiest = candidate;
      }
    }
    if (emptiest != null) {
      vainCandidates = 0;
    }
    return emptiest;
  }

  /** Whether no chunk is dispensable, and none will be before something is freed. */
  boolean isSettled() {
    return vainCandidates >= chunks.size();
  }

  /** Notes that something in a chunk was freed, so that chunks may have become dispensable. */
  void onFreed() {
    vainCandidates = 0;
  }

  /** Forgets all chunks, after their memory was given back as a whole. */
  void reset() {
    chunks = new ArrayList<>();
    lastCandidate = 0;
    vainCandidates = 0;
    reservedBytes = 0;
  }

  /** Checks that each chunk has its number and none is overlooked, and adds up their lengths. */
  void checkInvariants() {
    long bytes = 0;
    for (int i = 0; i < chunks.size(); i++) {
      Invariants.equal("index of chunk", i, chunks.get(i).index);
      Invariants.check("settled", !isSettled() || !isDispensable.test(chunks.get(i)));
      bytes += chunks.get(i).bytes;
    }
    Invariants.equal("bytes of chunks", bytes, reservedBytes);
  }
}
