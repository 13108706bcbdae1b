package io.fkvs.store.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}. One thread at a time. */
public interface DiskFile extends Closeable {
  /**
   * The length of the file.
   *
   * @return bytes
   * @throws IOException if it cannot be told
   */
  long size() throws IOException;

  /**
   * Reads bytes, fewer than there is room for only at the end of the file.
   *
   * @param target receives them, from its position on, which is moved on
   * @param position where to read, in bytes from the start of the file
   * @throws IOException if reading fails
   */
  void read(ByteBuffer target, long position) throws IOException;

  /**
   * Writes all the bytes from the buffer's position to its limit. A file that is too short becomes
   * longer.
   *
   * @param source the bytes; its position is moved to its limit
   * @param position where to write, in bytes from the start of the file, at most its length
   * @throws IOException if not all was written
   */
  void write(ByteBuffer source, long position) throws IOException;

  /**
   * Makes durable what was written. Returns when it is.
   *
   * @throws IOException if that has failed; nothing is known then, and trying again proves nothing
   */
  void force() throws IOException;
}
