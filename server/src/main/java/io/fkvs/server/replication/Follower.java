package io.fkvs.server.replication;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** What follows an {@link AgreedLog}. Belongs to the thread of the event loop. */
public interface Follower {
  /**
   * The next entry.
   *
   * @param index its place in the sequence, which grows
   * @param timeMs its time, the same for all members, in milliseconds since 1970; may be less than
   *     that of the one before
   * @param entry the bytes, valid until the call returns
   */
  void onEntry(long index, long timeMs, MemorySegment entry);

  /**
   * All that had been agreed on when {@link AgreedLog#confirm} was called has been handed over.
   *
   * @param ticket what the call carried
   */
  void onConfirmed(long ticket);

  /** Something that was proposed has got lost. It may be proposed again, better not at once. */
  void onProposalLost();

  /** Another member leads, or none: what was proposed may have got lost. */
  void onLeaderChanged();

  /**
   * Saves the state. Entries may go on to come meanwhile.
   *
   * @param file where to; does not exist yet
   * @param saved completed when the file is on the disk, with the index of the last entry that the
   *     state in it follows from; of those that come meanwhile, it may be any
   */
  void onSave(Path file, CompletableFuture<Long> saved);

  /**
   * Replaces the state by a saved one.
   *
   * @param file the file
   * @param restored completed when that is done, with the index of the last entry in it
   */
  void onRestore(Path file, CompletableFuture<Long> restored);
}
