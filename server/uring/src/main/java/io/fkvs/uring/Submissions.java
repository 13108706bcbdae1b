package io.fkvs.uring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/*
 * An entry (struct io_uring_sqe):
 *
 *   0        1       2        4    8        16       24    28      32          40          44
 *   +--------+-------+--------+----+--------+--------+-----+-------+-----------+-----------+-----
 *   | opcode | flags | ioprio | fd | offset | address| len | op    | user data | group     | ...
 *   |        |       |        |    |        |        |     | flags |           |           |
 *   +--------+-------+--------+----+--------+--------+-----+-------+-----------+-----------+-----
 *
 * The ring was set up without the array of indices, so an entry's place is its number modulo the
 * capacity. Numbers grow for ever and wrap; the system has taken those before `submitted`.
 */

/**
 * The queue of operations that the system is to carry out, in order. Each ends in exactly one
 * completion that announces no more. Belongs to the thread of the ring.
 */
public final class Submissions {
  private static final int BYTES = 64;
  private static final int IOPRIO = 2;
  private static final int FD = 4;
  private static final int ADDRESS = 16;
  private static final int LENGTH = 24;
  private static final int OPERATION_FLAGS = 28;
  private static final int USER_DATA = 32;
  private static final int GROUP = 40;
  private static final int FLAGS = 1;

  private static final byte NOP = 0;
  private static final byte POLL = 6;
  private static final byte ACCEPT = 13;
  private static final byte CANCEL = 14;
  private static final byte CLOSE = 19;
  private static final byte READ = 22;
  private static final byte SEND = 26;
  private static final byte RECEIVE = 27;

  private static final byte SELECT_BUFFER = 1 << 5;
  private static final short ACCEPT_MULTISHOT = 1;
  private static final short RECEIVE_POLL_FIRST = 1;
  private static final short RECEIVE_MULTISHOT = 1 << 1;
  private static final int SOCK_CLOEXEC = 0x80000;
  static final int MSG_NOSIGNAL = 0x4000;
  private static final int EPOLLRDHUP = 0x2000;
  private static final int CANCEL_ALL_OF_FILE = 1 | 1 << 1;

  private static final VarHandle INT = JAVA_INT.varHandle();

  private final Ring ring;
  private final MemorySegment queue;
  private final long tailOffset;
  private final MemorySegment entries;
  private final int capacity;
  private int tail;
  private int submitted;

  Submissions(
      Ring ring, MemorySegment queue, long tailOffset, MemorySegment entries, int capacity) {
    this.ring = ring;
    this.queue = queue;
    this.tailOffset = tailOffset;
    this.entries = entries;
    this.capacity = capacity;
  }

  static long bytes(int capacity) {
    return (long) capacity * BYTES;
  }

  /**
   * Accepts connections, one completion each, until an error or {@link #cancel} ends it.
   *
   * @param fd the socket that listens
   * @param userData comes back with each completion
   */
  public void accept(int fd, long userData) {
    long entry = next(ACCEPT, fd, userData);
    entries.set(JAVA_SHORT, entry + IOPRIO, ACCEPT_MULTISHOT);
    entries.set(JAVA_INT, entry + OPERATION_FLAGS, SOCK_CLOEXEC);
  }

  /**
   * Receives into provided buffers, one completion each, until the stream ends or breaks, no buffer
   * is left, or {@link #cancel} ends it.
   *
   * @param fd the socket
   * @param group the group of buffers
   * @param pollsFirst whether most likely nothing has come yet
   * @param userData comes back with each completion
   */
  public void receive(int fd, int group, boolean pollsFirst, long userData) {
    long entry = next(RECEIVE, fd, userData);
    entries.set(JAVA_BYTE, entry + FLAGS, SELECT_BUFFER);
    entries.set(
        JAVA_SHORT,
        entry + IOPRIO,
        pollsFirst ? (short) (RECEIVE_MULTISHOT | RECEIVE_POLL_FIRST) : RECEIVE_MULTISHOT);
    entries.set(JAVA_SHORT, entry + GROUP, (short) group);
  }

  /**
   * Sends bytes, at least one, as many as the socket takes.
   *
   * @param fd the socket
   * @param address where the bytes lie; they stay there until the completion
   * @param length how many
   * @param userData comes back with the completion
   * @return the number by which to {@link #retract} it
   */
  public int send(int fd, long address, int length, long userData) {
    long entry = next(SEND, fd, userData);
    entries.set(JAVA_LONG, entry + ADDRESS, address);
    entries.set(JAVA_INT, entry + LENGTH, length);
    entries.set(JAVA_INT, entry + OPERATION_FLAGS, MSG_NOSIGNAL);
    return tail - 1;
  }

  /**
   * Reads once.
   *
   * @param fd the file
   * @param address where the bytes go
   * @param length how many
   * @param userData comes back with the completion
   */
  public void read(int fd, long address, int length, long userData) {
    long entry = next(READ, fd, userData);
    entries.set(JAVA_LONG, entry + ADDRESS, address);
    entries.set(JAVA_INT, entry + LENGTH, length);
  }

  /**
   * Closes a file. Operations on it that go on keep what is behind it open.
   *
   * @param fd the file
   * @param userData comes back with the completion
   */
  public void close(int fd, long userData) {
    next(CLOSE, fd, userData);
  }

  /**
   * Ends an operation before its time.
   *
   * @param target the operation's user data
   * @param userData comes back with the completion, which says whether there was one
   */
  public void cancel(long target, long userData) {
    long entry = next(CANCEL, -1, userData);
    entries.set(JAVA_LONG, entry + ADDRESS, target);
  }

  /**
   * Ends all operations on a file before their time.
   *
   * @param fd the file
   * @param userData comes back with the completion, which says how many there were
   */
  public void cancelAll(int fd, long userData) {
    long entry = next(CANCEL, fd, userData);
    entries.set(JAVA_INT, entry + OPERATION_FLAGS, CANCEL_ALL_OF_FILE);
  }

  /**
   * Waits until the peer of a socket has ended or reset the connection.
   *
   * @param fd the socket
   * @param userData comes back with the completion
   */
  public void watchEnd(int fd, long userData) {
    long entry = next(POLL, fd, userData);
    entries.set(JAVA_INT, entry + OPERATION_FLAGS, EPOLLRDHUP);
  }

  /**
   * Turns an operation that the system has not seen yet into one that does nothing; it still
   * completes.
   *
   * @param number what {@link #send} answered
   * @return whether it was in time
   */
  public boolean retract(int number) {
    if (number - submitted < 0) {
      return false;
    }
    long entry = place(number);
    long userData = entries.get(JAVA_LONG, entry + USER_DATA);
    write(entry, NOP, -1, userData);
    return true;
  }

  /**
   * Whether everything has been handed over.
   *
   * @return whether there is nothing to hand over
   */
  public boolean isEmpty() {
    return tail == submitted;
  }

  private long next(byte opcode, int fd, long userData) {
    while (tail - submitted == capacity) {
      ring.submit();
    }
    long entry = place(tail);
    write(entry, opcode, fd, userData);
    tail++;
    return entry;
  }

  private void write(long entry, byte opcode, int fd, long userData) {
    for (int i = 0; i < BYTES; i += Long.BYTES) {
      entries.set(JAVA_LONG, entry + i, 0);
    }
    entries.set(JAVA_BYTE, entry, opcode);
    entries.set(JAVA_INT, entry + FD, fd);
    entries.set(JAVA_LONG, entry + USER_DATA, userData);
  }

  private long place(int number) {
    return bytes(number & capacity - 1);
  }

  /** Shows the system what was added, and answers how much it has not taken yet. */
  int publish() {
    INT.setRelease(queue, tailOffset, tail);
    return tail - submitted;
  }

  void submitted(int count) {
    submitted += count;
  }
}
