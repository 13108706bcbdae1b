package io.fkvs.store;

/** What became of a copy or a rename. */
public enum CopyOutcome {
  /** The new key has the entry. */
  DONE,

  /** There was nothing to copy: the key is absent. */
  ABSENT,

  /** The condition on the new key did not hold. */
  REFUSED
}
