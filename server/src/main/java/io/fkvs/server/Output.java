package io.fkvs.server;

import java.lang.foreign.MemorySegment;

/**
 * The replies of one connection that wait to be sent: a list of buffers, so that what is there
 * never moves while a socket sends it. Holds no memory while it is empty.
 *
 * <p>To write, {@link #reserve} room, write to {@link #memory()} at {@link #position()}, then
 * {@link #advance}; what was not advanced over was never written. Belongs to the thread of the
 * event loop.
 */
final class Output {
  private final BufferPool pool;
  private Buffer head;
  private Buffer tail;
  private long length;

  Output(BufferPool pool) {
    this.pool = pool;
  }

  /** Makes sure that this many bytes fit behind what was written, in one piece. */
  void reserve(int bytes) {
    if (tail == null || tail.room() < bytes) {
      extend(bytes);
    }
  }

  /** The memory to write to, after {@link #reserve}. */
  MemorySegment memory() {
    return tail.memory();
  }

  /** Where to write, after {@link #reserve}. */
  long position() {
    return tail.end;
  }

  /** Takes over bytes that were written. */
  void advance(int bytes) {
    tail.end += bytes;
    length += bytes;
  }

  /** Copies what a buffer holds behind what was written. The caller reserved the room. */
  void append(Buffer source) {
    int bytes = source.length();
    tail.append(source.memory(), source.start, bytes);
    length += bytes;
  }

  /** The number of bytes that wait. */
  long length() {
    return length;
  }

  /** The buffer whose bytes are to be sent first, {@code null} where none wait. */
  Buffer head() {
    return head;
  }

  /** Lets go of bytes of the first buffer: they were sent. */
  void sent(int bytes) {
    length -= bytes;
    head.start += bytes;
    trim();
  }

  /** Gives back the buffers at the front that hold nothing. */
  void trim() {
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
  void clear() {
    while (head != null) {
      Buffer buffer = head;
      head = buffer.next;
      pool.give(buffer);
    }
    tail = null;
    length = 0;
  }

  private void extend(int bytes) {
    Buffer buffer = pool.take(bytes);
    if (tail == null) {
      head = buffer;
    } else {
      tail.next = buffer;
    }
    tail = buffer;
  }
}
