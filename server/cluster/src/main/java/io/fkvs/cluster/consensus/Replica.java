package io.fkvs.cluster.consensus;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/**
 * The state that follows a sequence of entries on one member. {@link Consensus} calls it, one call
 * after another, mostly from a thread of its own. A call may wait: that slows the sequence down on
 * this member. A call that throws stops the member.
 */
public interface Replica {
  /**
   * Applies the next entry. After a restart the entries behind the last snapshot come again.
   *
   * @param index its place in the sequence: grows from entry to entry, perhaps by more than one
   * @param timeMs the time of the entry, given by the member that led when it was proposed, in
   *     milliseconds since 1970; the same on every member; may be less than that of the entry
   *     before
   * @param entry the bytes, which may change after the call
   */
  void apply(long index, long timeMs, MemorySegment entry);

  /**
   * Answers {@link Consensus#confirm}: what had been agreed on before that call is applied.
   *
   * @param ticket what the call carried
   */
  void confirmed(long ticket);

  /**
   * Something that this member has proposed has got lost: the member that led does not any more, or
   * could not take it. It may be proposed again, better not at once.
   */
  void proposalLost();

  /**
   * Another member leads.
   *
   * @param member its number, or {@link Consensus#NOBODY}
   */
  void leaderChanged(int member);

  /**
   * Saves the state as of one entry: the last one that was applied before this call, or one of
   * those that come meanwhile. The caller goes on with entries.
   *
   * @param file where to; does not exist yet
   * @return completed with the index of that entry when the file is on the disk
   */
  CompletionStage<Long> save(Path file);

  /**
   * Replaces the state by a saved one. What had been applied before is forgotten.
   *
   * @param file what {@link #save} has written, on this member or another one
   */
  void restore(Path file);

  /**
   * The engine cannot go on: its disk is full or broken, or it met what it does not understand.
   * This member has to stop; what was agreed on is with the others.
   *
   * @param cause why
   */
  void failed(Throwable cause);
}
