package io.fkvs.store.durable.crash;

import io.fkvs.store.PutCondition;
import java.util.List;

/** One step of a script: a call, or a few that are one group. */
sealed interface Step {
  /** A change in one call. */
  sealed interface Change extends Step {}

  /** Puts a value; a time to live of 0 is for ever. */
  record Put(PutCondition condition, String key, String value, long ttlMs) implements Change {}

  /** Puts a long value. */
  record PutLong(String key, int length) implements Change {}

  /** Adds to a number. */
  record Increment(String key, long delta) implements Change {}

  /** Removes a key. */
  record Remove(String key) implements Change {}

  /** Sets a deadline. */
  record Expire(String key, long ttlMs) implements Change {}

  /** Clears a deadline. */
  record Persist(String key) implements Change {}

  /** Appends to a value, or removes one that has become long. */
  record Append(String key, String more) implements Change {}

  /** Replaces a value that is as expected. */
  record Replace(String key, String expected, String value) implements Change {}

  /** Adds to the end of a value. */
  record Extend(String key, String more) implements Change {}

  /** Writes over a part of a value. */
  record SetRange(String key, int index, String part) implements Change {}

  /** Gives an entry another key. */
  record Rename(PutCondition condition, String key, String newKey) implements Change {}

  /** Puts what is under a key under another one, too. */
  record Copy(PutCondition condition, String key, String newKey) implements Change {}

  /** Puts the same value under two keys, in one step. */
  record PutBoth(String key, String other, String value) implements Change {}

  /** Removes two keys, in one step. */
  record RemoveBoth(String key, String other) implements Change {}

  /** Removes everything. */
  record Clear() implements Change {}

  /** Makes a few changes one frame. */
  record Group(List<Change> changes) implements Step {}

  /** Puts many keys, each as a change of its own. */
  record Fill(int count) implements Step {}

  /** Lets time pass. */
  record Wait(long ms) implements Step {}

  /** Waits until everything is durable. */
  record Sync() implements Step {}

  /** Writes a base. */
  record Compact() implements Step {}

  /** Goes on with a base. */
  record Work(int entries) implements Step {}

  /** Writes a snapshot. */
  record Snapshot() implements Step {}

  /** Closes the store and opens it again. */
  record Reopen() implements Step {}
}
