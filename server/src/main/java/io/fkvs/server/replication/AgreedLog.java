package io.fkvs.server.replication;

import java.lang.foreign.MemorySegment;

/**
 * The sequence of entries that the members of a cluster agree on, as the event loop of one member
 * uses it. Belongs to the thread of the loop. No call waits.
 */
public interface AgreedLog {
  /**
   * Proposes an entry. When it is agreed on, {@link #poll} hands it to all members, this one among
   * them. It may get lost, and one that is proposed again may come twice.
   *
   * @param entry the bytes, which are copied
   * @return whether it was taken; if not, it may be proposed again later
   */
  boolean propose(MemorySegment entry);

  /**
   * Asks for a moment from which on this member knows all that had been agreed on before this call:
   * {@link Follower#onConfirmed} comes behind the last entry of those. The answer may get lost.
   *
   * @param ticket what the answer will carry
   * @return whether it was asked
   */
  boolean confirm(long ticket);

  /**
   * Hands over what has come since the last call.
   *
   * @param follower what to hand it to
   * @param most how much to hand over at most
   * @return how much was handed over
   */
  int poll(Follower follower, int most);

  /**
   * The longest entry that may be proposed.
   *
   * @return bytes, at least 2 MiB
   */
  int maxEntryBytes();

  /**
   * The member that leads, as far as this one knows.
   *
   * @return its number, or -1 where none is known
   */
  int leader();

  /**
   * Sets what wakes the loop when something has come.
   *
   * @param wakesLoop may be called by any thread
   */
  void onNews(Runnable wakesLoop);
}
