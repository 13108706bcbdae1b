package io.fkvs.store;

/** Why an entry goes. */
public enum RemovalCause {
  /** A call removed it: a removal, a clear, or a deadline that had passed when it was set. */
  EXPLICIT,

  /** Another value takes its place under the same key. */
  REPLACED,

  /** Its deadline has passed, and something has met it. */
  EXPIRED,

  /** The store was full; see {@link EvictionPolicy}. */
  EVICTED
}
