package io.fkvs.store.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The caller's memory, in which the arguments of a call lie: a key and a value at a time, each in
 * one of several kinds of memory, and at an address that no word is aligned to.
 */
final class Lent implements AutoCloseable {
  /** The kinds of memory that a segment can be of. */
  enum Kind {
    /** A heap array of exactly that length. */
    ARRAY,
    /** The same, read-only. */
    READ_ONLY_ARRAY,
    /** Inside a longer heap array: the segment's own base is not that of the array. */
    PART_OF_AN_ARRAY,
    /** A heap array of longs. */
    LONGS,
    /** Native memory that one thread may use. */
    CONFINED,
    /** Native memory that any thread may use, and close. */
    SHARED,
    /** Native memory that the collector frees. */
    AUTOMATIC,
    /** A file that is mapped. */
    MAPPED
  }

  /** Longer arguments lie in an array where native memory is asked for; a few pages. */
  static final int NATIVE_BYTES = 24 << 10;

  private static final int PADDING = 3;
  private static final byte WIPED = (byte) 0xEE;

  /** Memory that any thread may use is taken once: mapping a file costs more than most laws. */
  private static final MemorySegment SHARED = Arena.ofShared().allocate(2L * NATIVE_BYTES);

  private static final MemorySegment AUTOMATIC = Arena.ofAuto().allocate(2L * NATIVE_BYTES);
  private static final MemorySegment MAPPED = map(2L * NATIVE_BYTES, Arena.ofAuto());

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment confined = arena.allocate(2L * NATIVE_BYTES);

  /** The memory of one argument. */
  record Range(MemorySegment segment, long offset, int length) {
    /** Overwrites the caller's bytes once the call has returned. */
    void wipe() {
      if (!segment.isReadOnly()) {
        segment.asSlice(offset, length).fill(WIPED);
      }
    }
  }

  /** Maps a file that nobody else can find, until the arena is closed. */
  static MemorySegment map(long bytes, Arena arena) {
    try {
      Path file = Files.createTempFile("fkvs-contract", ".mapped");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Range forKey(Kind kind, Bytes bytes) {
    return place(kind, bytes, PADDING);
  }

  Range forValue(Kind kind, Bytes bytes) {
    return place(kind, bytes, NATIVE_BYTES + PADDING);
  }

  /** Places an argument, at an offset where the memory is shared by several. */
  Range place(Kind kind, Bytes bytes, long nativeOffset) {
    byte[] array = bytes.toArray();
    boolean fits = array.length <= NATIVE_BYTES - PADDING;
    return switch (kind) {
      case ARRAY -> new Range(MemorySegment.ofArray(array), 0, array.length);
      case READ_ONLY_ARRAY -> new Range(MemorySegment.ofArray(array).asReadOnly(), 0, array.length);
      case PART_OF_AN_ARRAY -> {
        MemorySegment whole = MemorySegment.ofArray(new byte[array.length + 2 * PADDING]);
        yield copied(array, whole.asSlice(PADDING), 1);
      }
      case LONGS ->
          copied(array, MemorySegment.ofArray(new long[(array.length + PADDING) / 8 + 1]), PADDING);
      case CONFINED -> fits ? copied(array, confined, nativeOffset) : place(Kind.ARRAY, bytes, 0);
      case SHARED -> fits ? copied(array, SHARED, nativeOffset) : place(Kind.ARRAY, bytes, 0);
      case AUTOMATIC -> fits ? copied(array, AUTOMATIC, nativeOffset) : place(Kind.ARRAY, bytes, 0);
      case MAPPED -> fits ? copied(array, MAPPED, nativeOffset) : place(Kind.ARRAY, bytes, 0);
    };
  }

  private static Range copied(byte[] array, MemorySegment target, long offset) {
    MemorySegment.copy(array, 0, target, ValueLayout.JAVA_BYTE, offset, array.length);
    return new Range(target, offset, array.length);
  }

  @Override
  public void close() {
    arena.close();
  }
}
