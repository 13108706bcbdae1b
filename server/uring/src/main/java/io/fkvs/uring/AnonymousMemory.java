package io.fkvs.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory of the system's that is cleared page by page when it is first touched, so that taking it
 * costs the same whatever its length. Any thread.
 */
public final class AnonymousMemory {
  private static final boolean IS_POSSIBLE = link();

  private AnonymousMemory() {}

  /**
   * Says whether this system has such memory and lets a program ask for it. The first call links
   * the system's functions, which takes a tenth of a second.
   *
   * @return whether {@link #map} may be called
   */
  public static boolean isPossible() {
    return IS_POSSIBLE;
  }

  /** Links the functions by a try, where that is allowed. */
  private static boolean link() {
    if (!"Linux".equals(System.getProperty("os.name"))
        || !AnonymousMemory.class.getModule().isNativeAccessEnabled()) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      return Libc.mapAnonymous(1, arena) != null;
    } catch (LinkageError | RuntimeException e) {
      return false;
    }
  }

  /**
   * Maps memory, which is unmapped when the arena closes.
   *
   * @param bytes its length
   * @param arena what ends its life
   * @return the memory, all zero
   * @throws OutOfMemoryError if the system has no more
   */
  public static MemorySegment map(long bytes, Arena arena) {
    MemorySegment memory = Libc.mapAnonymous(bytes, arena);
    if (memory == null) {
      throw new OutOfMemoryError("mmap refused: bytes=" + bytes);
    }
    return memory;
  }
}
