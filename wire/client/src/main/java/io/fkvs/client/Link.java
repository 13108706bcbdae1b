package io.fkvs.client;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a connection that does not block, plain or encrypted. One thread. */
interface Link {
  /**
   * Reads what is there.
   *
   * @return the number of bytes, perhaps 0; -1 where the server has ended and nothing is left
   */
  int read(ByteBuffer target) throws IOException;

  /** Writes what the socket takes. */
  void write(ByteBuffer source) throws IOException;

  /** Says whether {@link #read} has something although the socket may not. */
  boolean isReadable();

  /** Says whether bytes that were written wait for the socket. */
  boolean hasOutput();

  /** Says the end, where that can be said, and closes the socket. */
  void close();
}
