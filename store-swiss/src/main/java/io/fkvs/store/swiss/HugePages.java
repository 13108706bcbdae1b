package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Chunks mapped directly from a Linux kernel, in transparent huge pages.
 *
 * <p>Searches read memory at random, so most of them miss the processor's table of pages (the TLB)
 * as well as its caches. With pages of 2 MiB instead of 4 KiB that table covers 512 times as much
 * memory. Also, a mapping costs nothing until it is touched, while an {@link Arena} writes zeros to
 * all of it; so growing by a chunk does not stop the table.
 */
final class HugePages {
  /** The length of a huge page. */
  static final long BYTES = 2L << 20;

  private static final Path POLICY = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x02 | 0x20;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;

  private HugePages() {}

  /**
   * Maps a huge page and unmaps it again, to find out whether this system lets a program ask for
   * one. Also links the system's functions, which takes a tenth of a second: the table must not
   * stop for that later.
   *
   * @return whether huge pages can be used
   */
  static boolean tryMapping() {
    if (!"Linux".equals(System.getProperty("os.name"))) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      return !Files.readString(POLICY).contains("[never]")
          && map(BYTES, arena).get(JAVA_BYTE, 0) == 0;
    } catch (IOException | LinkageError | RuntimeException | OutOfMemoryError e) {
      return false;
    }
  }

  /** Whether so many bytes are whole huge pages. */
  static boolean fit(long bytes) {
    return bytes > 0 && bytes % BYTES == 0;
  }

  /** Rounds down to whole huge pages, unless that leaves none. */
  static long round(long bytes) {
    return bytes < BYTES ? bytes : bytes & -BYTES;
  }

  /**
   * Maps zeroed memory that begins at a huge page. It is unmapped when the arena closes.
   *
   * @param bytes its length, which must {@link #fit}
   * @throws OutOfMemoryError if the system has no more
   */
  @SuppressWarnings("restricted")
  static MemorySegment map(long bytes, Arena arena) {
    try {
      long room = bytes + BYTES;
      MemorySegment mapped =
          (MemorySegment)
              Calls.MMAP.invokeExact(
                  MemorySegment.NULL, room, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
      if (mapped.address() == MAP_FAILED) {
        throw new OutOfMemoryError("mmap refused: bytes=" + room);
      }
      long begin = mapped.address() + BYTES - 1 & -BYTES;
      unmap(mapped.address(), begin - mapped.address());
      unmap(begin + bytes, mapped.address() + BYTES - begin);
      // If the system refuses, the pages are small: only slower.
      int refusal =
          (int) Calls.MADVISE.invokeExact(MemorySegment.ofAddress(begin), bytes, MADV_HUGEPAGE);
      return MemorySegment.ofAddress(begin)
          .reinterpret(bytes, arena, segment -> unmap(segment.address(), bytes));
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void unmap(long address, long bytes) {
    if (bytes == 0) {
      return;
    }
    try {
      int result = (int) Calls.MUNMAP.invokeExact(MemorySegment.ofAddress(address), bytes);
      assert result == 0;
    } catch (Error | RuntimeException e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The system's functions, linked at the first call, because linking needs native access. */
  private static final class Calls {
    static final MethodHandle MMAP =
        function("mmap", ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    static final MethodHandle MUNMAP = function("munmap", JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle MADVISE = function("madvise", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

    @SuppressWarnings("restricted")
    private static MethodHandle function(
        String name, MemoryLayout result, MemoryLayout... arguments) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }
  }
}
