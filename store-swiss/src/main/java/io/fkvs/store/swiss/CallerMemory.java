package io.fkvs.store.swiss;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Reads memory that belongs to a caller, and so goes through a segment of the caller's, which
 * checks each access.
 *
 * <p>The two usual kinds of memory, arrays of bytes and memory outside the heap, have code of their
 * own here. The lines look alike, but in each of them the compiler knows the class of the segment,
 * and so turns the access into a few instructions, even in a program that has used many kinds of
 * segments.
 */
final class CallerMemory {
  /** Up to this length {@link #copyShort} copies bytes. */
  static final int SHORT = 64;

  private static final Class<?> NATIVE = MemorySegment.NULL.getClass();
  private static final Class<?> ARRAY = MemorySegment.ofArray(new byte[0]).getClass();

  /** The scopes of memory that only the collector frees, when nobody refers to it any more. */
  private static final Class<?> AUTOMATIC = Arena.ofAuto().scope().getClass();

  private static final Class<?> GLOBAL = Arena.global().scope().getClass();

  /** Never runs. It stands for any thread but the calling one. */
  private static final Thread ANOTHER_THREAD = Thread.ofPlatform().unstarted(() -> {});

  private CallerMemory() {}

  /** Reads a word. */
  static long getLong(MemorySegment segment, long offset) {
    Class<?> kind = segment.getClass();
    if (kind == NATIVE) {
      return segment.get(Memory.LONG, offset);
    }
    if (kind == ARRAY) {
      return segment.get(Memory.LONG, offset);
    }
    return segment.get(Memory.LONG, offset);
  }

  /**
   * Copies a short range to the store's memory. All of it is read before anything is written: where
   * the caller's memory is gone, this throws and has changed nothing.
   *
   * @param length at most {@link #SHORT}; nothing is touched if it is 0
   */
  static void copyShort(MemorySegment source, long offset, Memory memory, long target, int length) {
    Class<?> kind = source.getClass();
    if (kind == NATIVE) {
      copyWords(source, offset, memory, target, length);
    } else if (kind == ARRAY) {
      copyWords(source, offset, memory, target, length);
    } else {
      copyWords(source, offset, memory, target, length);
    }
  }

  /** Where the length is not that of whole words, those at the end overlap those at the start. */
  private static void copyWords(
      MemorySegment source, long at, Memory memory, long target, int length) {
    long end = at + length;
    long targetEnd = target + length;
    if (length > 32) {
      long word0 = source.get(Memory.LONG, at);
      long word1 = source.get(Memory.LONG, at + 8);
      long word2 = source.get(Memory.LONG, at + 16);
      long word3 = source.get(Memory.LONG, at + 24);
      long word4 = source.get(Memory.LONG, end - 32);
      long word5 = source.get(Memory.LONG, end - 24);
      long word6 = source.get(Memory.LONG, end - 16);
      long word7 = source.get(Memory.LONG, end - 8);
      memory.setLong(target, word0);
      memory.setLong(target + 8, word1);
      memory.setLong(target + 16, word2);
      memory.setLong(target + 24, word3);
      memory.setLong(targetEnd - 32, word4);
      memory.setLong(targetEnd - 24, word5);
      memory.setLong(targetEnd - 16, word6);
      memory.setLong(targetEnd - 8, word7);
    } else if (length > 16) {
      long word0 = source.get(Memory.LONG, at);
      long word1 = source.get(Memory.LONG, at + 8);
      long word2 = source.get(Memory.LONG, end - 16);
      long word3 = source.get(Memory.LONG, end - 8);
      memory.setLong(target, word0);
      memory.setLong(target + 8, word1);
      memory.setLong(targetEnd - 16, word2);
      memory.setLong(targetEnd - 8, word3);
    } else if (length >= 8) {
      long word0 = source.get(Memory.LONG, at);
      long word1 = source.get(Memory.LONG, end - 8);
      memory.setLong(target, word0);
      memory.setLong(targetEnd - 8, word1);
    } else {
      copyBytes(source, at, memory, target, length);
    }
  }

  /** Copies less than 8 bytes. */
  private static void copyBytes(
      MemorySegment source, long at, Memory memory, long target, int length) {
    if (length >= 4) {
      int first = source.get(Memory.INT, at);
      int last = source.get(Memory.INT, at + length - 4);
      memory.setInt(target, first);
      memory.setInt(target + length - 4, last);
    } else if (length > 0) {
      int half = length >> 1;
      byte first = source.get(JAVA_BYTE, at);
      byte middle = source.get(JAVA_BYTE, at + half);
      byte last = source.get(JAVA_BYTE, at + length - 1);
      memory.setByte(target, first);
      memory.setByte(target + half, middle);
      memory.setByte(target + length - 1, last);
    }
  }

  /**
   * Whether a copy out of this memory can be trusted not to fail half-way: it is on the heap, or
   * nobody can close it, or only this thread can. (Memory that a file is mapped to never gets
   * here.)
   */
  static boolean isSteady(MemorySegment segment) {
    if (segment.getClass() == ARRAY || !segment.isNative()) {
      return true;
    }
    Class<?> scope = segment.scope().getClass();
    return scope == AUTOMATIC || scope == GLOBAL || !segment.isAccessibleBy(ANOTHER_THREAD);
  }
}
