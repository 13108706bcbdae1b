package io.fkvs.store.durable;

import java.util.ArrayDeque;

/**
 * Where the part of a log begins that can be read and yet may not be on the disk.
 *
 * <p>A system that has failed to sync a file may take its pages for clean, and shows them as they
 * were written until it needs the memory. Whoever reads the file again before that sees what a
 * crash will take back, and another sync does not bring it to the disk. Every frame says how far
 * the log was synced, and after a failed sync nothing was appended: so what the last frame does not
 * know to be synced is all that is in doubt.
 *
 * <p>One thread.
 */
final class DoubtfulTail {
  /** How exactly the place is known: a megabyte more is rewritten in no time. */
  private static final long MARK_BYTES = 1 << 20;

  private record Mark(long sequence, long position) {}

  private final ArrayDeque<Mark> later = new ArrayDeque<>();
  private Mark last = new Mark(0, FileHeader.BYTES);
  private long start = FileHeader.BYTES;

  /**
   * A frame was read, behind all others.
   *
   * @param position where it starts
   * @param synced the log was synced up to this frame when this one was written
   */
  void onFrame(long sequence, long position, long synced) {
    if (position - last.position >= MARK_BYTES) {
      last = new Mark(sequence, position);
      later.add(last);
    }
    while (!later.isEmpty() && later.peek().sequence <= synced + 1) {
      start = later.poll().position;
    }
  }

  /** Everything before this place is on the disk, or no frame. */
  long start() {
    return start;
  }
}
