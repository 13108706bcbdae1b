package io.fkvs.load.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/** One connection of a {@link Transport}, which neither waits nor allocates. Same thread rule. */
public interface Wire {
  /**
   * Sends what remains in a buffer. The bytes that were taken are those that its position has
   * passed; until all are, the others stay where they are, and nothing else is written.
   *
   * @param bytes a direct buffer
   * @return whether all were taken; if not, {@link Transport.Listener#onWritable} is called
   * @throws IOException where the connection is broken
   */
  boolean write(ByteBuffer bytes) throws IOException;

  /**
   * Takes some of the bytes that have come, once for each {@link Transport.Listener#onReadable}.
   *
   * @param bytes where to; something remains in it
   * @return how many, or -1 where the server has closed the connection
   * @throws IOException where the connection is broken
   */
  int read(ByteBuffer bytes) throws IOException;
}
