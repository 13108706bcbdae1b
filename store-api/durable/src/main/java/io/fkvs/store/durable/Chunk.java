package io.fkvs.store.durable;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A piece of memory that frames are written to, on their way to a file. */
final class Chunk {
  /** Large enough that writing it costs more than the call, small enough to have few by default. */
  static final int BYTES = 256 << 10;

  final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.LITTLE_ENDIAN);
  final MemorySegment memory = MemorySegment.ofBuffer(bytes);

  /** Where the next byte goes. */
  int end;

  /** The last frame that is whole when this chunk has been written. */
  long lastSequence;

  /** The file to go on in from this chunk on, or null. */
  FileHeader newFile;

  int room() {
    return BYTES - end;
  }

  /** What was written to it, to be read once, before anything more is written. */
  ByteBuffer content() {
    return bytes.position(0).limit(end);
  }

  void clear() {
    bytes.clear();
    end = 0;
    lastSequence = 0;
    newFile = null;
  }
}
