package io.fkvs.server.transport.tls;

import io.fkvs.server.buffer.Buffer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Where the records of all channels are unwrapped to, one behind another, until the event loop has
 * carried out what they ask. Belongs to the thread of the event loop.
 */
final class Plaintext {
  private final Buffer buffer;
  private int taken;
  private int start;

  Plaintext(Buffer buffer) {
    this.buffer = buffer;
  }

  /** What was unwrapped may be overwritten. */
  void clear() {
    buffer.end = 0;
    start = 0;
  }

  /** A channel begins to unwrap. */
  void begin() {
    start = buffer.end;
  }

  boolean hasRoom(int bytes) {
    return buffer.room() >= bytes;
  }

  /** Where to unwrap to; valid until the next call. */
  ByteBuffer room() {
    return buffer.bytes(buffer.end, buffer.room());
  }

  void added(int bytes) {
    buffer.end += bytes;
  }

  /** Takes what was unwrapped since the channel began, and answers how much that is. */
  int take() {
    taken = start;
    start = buffer.end;
    return start - taken;
  }

  /** Where starts what was taken last. */
  int taken() {
    return taken;
  }

  MemorySegment memory() {
    return buffer.memory();
  }

  Buffer buffer() {
    return buffer;
  }
}
