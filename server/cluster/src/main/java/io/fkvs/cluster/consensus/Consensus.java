package io.fkvs.cluster.consensus;

import java.lang.foreign.MemorySegment;

/**
 * One member of a group of servers that agrees on a sequence of entries. All members apply the same
 * entries in the same order, each to its own {@link Replica}.
 *
 * <p>Any thread may call any method.
 */
public interface Consensus extends AutoCloseable {
  /** The longest entry that may be proposed: 4 MiB. */
  int MAX_ENTRY_BYTES = 4 << 20;

  /** The answer of {@link #leader} while no member is known to lead. */
  int NOBODY = -1;

  /**
   * Proposes an entry, on whichever member this is. The call does not wait for the others. When the
   * entry is on the disks of a majority it is applied by all members, this one among them. A
   * proposal may get lost, and one that its caller repeats may be applied twice: entries carry what
   * tells them apart. Proposals of one member keep their order only while no leader changes.
   *
   * @param entry the bytes, which are copied
   * @return whether it was taken; if not, there is no leader now, or too much is on its way
   */
  boolean propose(MemorySegment entry);

  /**
   * Asks for a moment at which this member has applied every entry that any member had been told to
   * be applied before this call: what is read then is not stale. {@link Replica#confirmed} tells
   * when. The call does not wait. The answer may get lost.
   *
   * @param ticket what the answer will carry
   * @return whether it was asked
   */
  boolean confirm(long ticket);

  /**
   * The member that leads, as far as this one knows.
   *
   * @return its number, or {@link #NOBODY}
   */
  int leader();

  /** Asks this member to save its replica soon, so that the log before it can be forgotten. */
  void requestSnapshot();

  /** Leaves the group as a crash would, but in order. Applies nothing any more afterwards. */
  @Override
  void close();
}
