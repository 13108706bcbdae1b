package io.fkvs.store.agrona;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/**
 * The segment behind a buffer. It is made once for each array or byte buffer that comes along, and
 * used again as long as the next buffer wraps the same one; so a program that goes on with its
 * buffers allocates nothing here.
 *
 * <p>A buffer that wraps an address alone has no segment that can be had without a restricted
 * method; its bytes go through an array here.
 */
final class BufferSegment {
  private Object wrapped;
  private MemorySegment segment;
  private long adjustment;
  private byte[] copy = new byte[64];

  /** Points at a range of a buffer, to be read. */
  void read(DirectBuffer buffer, int offset, int length) {
    buffer.boundsCheck(offset, length);
    if (!isWrapping(buffer)) {
      if (copy.length < length) {
        copy = new byte[Math.max(length, 2 * copy.length)];
      }
      buffer.getBytes(offset, copy, 0, length);
      wrapped = null;
      segment = MemorySegment.ofArray(copy);
      adjustment = -offset;
    }
  }

  /** Points at what the buffer wraps, if that can be. */
  boolean isWrapping(DirectBuffer buffer) {
    byte[] array = buffer.byteArray();
    ByteBuffer bytes = buffer.byteBuffer();
    Object found = array != null ? array : bytes;
    if (found == null) {
      return false;
    }
    if (found != wrapped) {
      segment =
          array != null
              ? MemorySegment.ofArray(array)
              : MemorySegment.ofBuffer(bytes.duplicate().clear());
      wrapped = found;
    }
    adjustment = buffer.wrapAdjustment();
    return true;
  }

  MemorySegment segment() {
    return segment;
  }

  long offset(int offset) {
    return adjustment + offset;
  }
}
