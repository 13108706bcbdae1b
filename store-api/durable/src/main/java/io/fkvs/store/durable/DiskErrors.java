package io.fkvs.store.durable;

import java.util.Locale;

/** Tells a full disk from a broken one. */
final class DiskErrors {
  /** Less room than that is none: a system keeps some for itself. */
  private static final long NO_ROOM_BYTES = 1 << 20;

  private DiskErrors() {}

  /** What to throw for a failure of a disk. */
  static DurableException describe(String fact, Disk disk, Throwable cause) {
    String message = fact + ": disk=" + disk + ", cause=" + cause;
    return isFull(disk, cause)
        ? new DiskFullException("disk is full: " + message, cause)
        : new DurableException(message, cause);
  }

  /** The system's words depend on its language, so the room that is left is asked, too. */
  private static boolean isFull(Disk disk, Throwable cause) {
    String words = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    return words.contains("no space left")
        || words.contains("quota exceeded")
        || disk.usableBytes() < NO_ROOM_BYTES;
  }
}
