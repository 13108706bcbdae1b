package io.fkvs.server.buffer;

import io.fkvs.server.limits.Limits;
import io.fkvs.store.BytesView;
import java.lang.foreign.MemorySegment;

/**
 * The replies of one connection that wait to be sent: a list of buffers, so that what is there
 * never moves while a socket sends it. Holds no memory while it is empty.
 *
 * <p>To write, {@link #reserve} room, write to {@link #memory()} at {@link #position()}, then
 * {@link #advance}; what was not advanced over was never written. What may be large is {@link
 * #append}ed in pieces, none larger than a buffer that the pool keeps. Belongs to the thread of the
 * event loop.
 */
public final class Output {
  private static final int LARGEST_PIECE_BYTES = Limits.LARGEST_POOLED_BUFFER_BYTES;

  private final BufferPool pool;
  private Buffer head;
  private Buffer tail;
  private long length;
  private long admittedBytes;
  private long wantedBytes;

  /** Whether what finds no memory is lost, and does not fail. */
  private boolean mayLose;

  private boolean isLost;

  /** A place behind what was written, to go back to. Reused. */
  public static final class Mark {
    private Buffer tail;
    private int end;
    private long length;

    /** Creates a mark of no place. */
    public Mark() {}
  }

  public Output(BufferPool pool) {
    this.pool = pool;
  }

  /** An output that loses everything: nobody reads it. */
  public static Output nowhere(BufferPool pool) {
    Output output = new Output(pool);
    output.mayLose = true;
    output.lose();
    return output;
  }

  // ---- losing

  /**
   * Says what becomes of replies for which there is no memory. Where they may be lost, no claim is
   * refused and nothing fails: from the first one on everything is lost, and {@link #isLost} says
   * so. So what requests do does not depend on who reads their replies.
   */
  public void mayLose(boolean isLosing) {
    mayLose = isLosing;
  }

  /** Whether replies are lost. What was written before them has gone, too. */
  public boolean isLost() {
    return isLost;
  }

  private void lose() {
    clear();
    isLost = true;
    tail = new Buffer(Limits.SMALLEST_BUFFER_BYTES);
  }

  /** Makes room for what is written and lost. */
  private void reserveLost(int bytes) {
    tail.end = 0;
    if (tail.capacity() < bytes) {
      tail.free();
      tail = new Buffer(bytes);
    }
  }

  // ---- memory

  /**
   * Claims memory for a reply of so many bytes. Where there is none, nothing of the reply must be
   * written, and {@link #wantedBytes} tells how many.
   *
   * @param shortage knows whether others wait already
   * @return whether there is memory
   */
  public boolean claim(int bytes, Shortage shortage) {
    boolean isAdmitted = mayLose || bytes <= admittedBytes || shortage.admits(bytes);
    wantedBytes = isAdmitted ? 0 : bytes;
    return isAdmitted;
  }

  /** Forgets the reply for which there was no memory: its request is tried again. */
  public void wantNothing() {
    wantedBytes = 0;
  }

  /** The length of the reply for which there was no memory, 0 where there was. */
  public long wantedBytes() {
    return wantedBytes;
  }

  /** There is memory for a reply of so many bytes, whoever else waits, until this says 0. */
  public void admit(long bytes) {
    admittedBytes = bytes;
  }

  /** The memory that it holds. Takes as long as there are buffers. */
  public long heldBytes() {
    long bytes = 0;
    for (Buffer buffer = head; buffer != null; buffer = buffer.next) {
      bytes += buffer.capacity();
    }
    return bytes;
  }

  // ---- writing

  /** Makes sure that this many bytes fit behind what was written, in one piece. */
  public void reserve(int bytes) {
    if (isLost) {
      reserveLost(bytes);
    } else if (tail == null || tail.room() < bytes) {
      extend(bytes);
    }
  }

  /** The memory to write to, after {@link #reserve}. */
  public MemorySegment memory() {
    return tail.memory();
  }

  /** Where to write, after {@link #reserve}. */
  public long position() {
    return tail.end;
  }

  /** Takes over bytes that were written. */
  public void advance(int bytes) {
    tail.end += bytes;
    length += isLost ? 0 : bytes;
  }

  /** Makes sure that a header fits in one piece, and what is appended to it if it is not large. */
  public void reserve(int headerBytes, int appendedBytes) {
    reserve(Math.min(headerBytes + appendedBytes, LARGEST_PIECE_BYTES));
  }

  /** Copies bytes behind what was written, in as many pieces as it takes. */
  public void append(MemorySegment source, long offset, int bytes) {
    int copied = 0;
    while (copied < bytes && !isLost) {
      int piece = piece(bytes - copied);
      MemorySegment.copy(source, offset + copied, tail.memory(), tail.end, piece);
      advance(piece);
      copied += piece;
    }
  }

  /** Copies a value, whose length is given, as {@link #append(MemorySegment, long, int)} does. */
  public void append(BytesView value, int bytes) {
    append(value, 0, bytes);
  }

  /** Copies a part of a value, or of a key. */
  public void append(BytesView value, int index, int bytes) {
    int copied = 0;
    while (copied < bytes && !isLost) {
      int piece = piece(bytes - copied);
      value.copyTo(index + copied, tail.memory(), tail.end, piece);
      advance(piece);
      copied += piece;
    }
  }

  /** Makes sure that there is room, and says how many of so many bytes fit it. */
  private int piece(int bytes) {
    if (tail == null || tail.room() == 0) {
      extend(Math.min(bytes, LARGEST_PIECE_BYTES));
    }
    if (isLost) {
      reserveLost(1);
    }
    return Math.min(bytes, tail.room());
  }

  /**
   * Remembers what has been written so far.
   *
   * @param mark of use until something is sent
   */
  public void mark(Mark mark) {
    mark.tail = tail;
    mark.end = tail == null ? 0 : tail.end;
    mark.length = length;
  }

  /** Takes back what was written since {@link #mark}. */
  public void rewind(Mark mark) {
    if (isLost) {
      return;
    }
    if (mark.tail == null) {
      clear();
      return;
    }
    Buffer extra = mark.tail.next;
    mark.tail.next = null;
    mark.tail.end = mark.end;
    tail = mark.tail;
    length = mark.length;
    while (extra != null) {
      Buffer next = extra.next;
      pool.give(extra);
      extra = next;
    }
  }

  // ---- sending

  /** The number of bytes that wait. */
  public long length() {
    return length;
  }

  /** The buffer whose bytes are to be sent first, {@code null} where none wait. */
  public Buffer head() {
    return head;
  }

  /** Lets go of bytes of the first buffer: they were sent. */
  public void sent(int bytes) {
    length -= bytes;
    head.start += bytes;
    trim();
  }

  /** Gives back the buffers at the front that hold nothing. */
  public void trim() {
    if (isLost) {
      return;
    }
    while (head != null && head.length() == 0) {
      Buffer empty = head;
      head = empty.next;
      pool.give(empty);
    }
    if (head == null) {
      tail = null;
    }
  }

  /** Lets go of everything. */
  public void clear() {
    if (isLost) {
      tail.free();
      isLost = false;
    }
    while (head != null) {
      Buffer buffer = head;
      head = buffer.next;
      pool.give(buffer);
    }
    tail = null;
    length = 0;
  }

  private void extend(int bytes) {
    Buffer buffer;
    try {
      buffer = pool.take(bytes);
    } catch (OutOfBuffersException e) {
      if (!mayLose) {
        throw e;
      }
      lose();
      reserveLost(bytes);
      return;
    }
    if (tail == null) {
      head = buffer;
    } else {
      tail.next = buffer;
    }
    tail = buffer;
  }
}
