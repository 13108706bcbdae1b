package io.fkvs.store.durable;

/** When a change is synced to the disk, and so what a power failure can cost. */
public enum SyncPolicy {
  /** Before the call that made it returns. */
  ALWAYS,

  /** Every second, and sooner where much was changed, by a thread of the log. */
  EVERY_SECOND,

  /** Never, but where {@code sync}, {@code close} or the log itself asks for it. */
  NEVER
}
