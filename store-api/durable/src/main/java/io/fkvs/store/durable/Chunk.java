package io.fkvs.store.durable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of memory that frames are written to, on their way to a file. One thread fills it, and
 * one may read meanwhile what the first has published.
 */
final class Chunk {
  /** Large enough that writing it costs more than the call, small enough to have few by default. */
  static final int BYTES = 256 << 10;

  private static final VarHandle READY = handle("ready", int.class);
  private static final VarHandle NEXT = handle("next", Chunk.class);

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(Chunk.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // ---- of the thread that fills it

  /** The content; position and limit are never changed, because the other thread has its own. */
  final ByteBuffer bytes;

  final MemorySegment memory;

  /** Where the next byte goes. */
  int end;

  /** The file to go on in from this chunk on, or null; set before anybody else sees the chunk. */
  FileHeader newFile;

  // ---- handed from the one to the other

  /** Up to where the content may be read. */
  private int ready;

  /** The chunk that follows when this one is full. */
  private Chunk next;

  // ---- of the thread that reads it

  private final ByteBuffer view;

  /** What gives the memory back, or null where the collector does. */
  private final Arena arena;

  /** A chunk that is used again and again. */
  Chunk() {
    this(ByteBuffer.allocateDirect(BYTES), null);
  }

  private Chunk(ByteBuffer bytes, Arena arena) {
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    this.arena = arena;
    memory = MemorySegment.ofBuffer(bytes);
    view = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A chunk that is used once, and whose memory goes back at once. */
  static Chunk passing() {
    Arena arena = Arena.ofShared();
    try {
      return new Chunk(arena.allocate(BYTES).asByteBuffer(), arena);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw e;
    }
  }

  /** Gives the memory back, where it is passing: nobody uses it any more. */
  void free() {
    if (arena != null) {
      arena.close();
    }
  }

  boolean isPassing() {
    return arena != null;
  }

  int room() {
    return BYTES - end;
  }

  /** Lets the other thread read everything up to here. Costs no fence. */
  void publish() {
    READY.setRelease(this, end);
  }

  /** Says which chunk follows, behind the last that was published. */
  void follow(Chunk following) {
    NEXT.setRelease(this, following);
  }

  /** Up to where the content may be read. */
  int ready() {
    return (int) READY.getAcquire(this);
  }

  /** The chunk that follows, or null while this one is being filled. */
  Chunk next() {
    return (Chunk) NEXT.getAcquire(this);
  }

  /** All of it, for the thread that reads. */
  ByteBuffer view() {
    return view.clear();
  }

  /** A part of it, for the thread that reads; valid until the next call. */
  ByteBuffer content(int from, int to) {
    return view.limit(to).position(from);
  }

  /** Makes it as new, while one thread alone has it. */
  void clear() {
    end = 0;
    ready = 0;
    next = null;
    newFile = null;
  }
}
