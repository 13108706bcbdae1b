package io.fkvs.store.durable;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Completes the frames that a {@link FrameWriter} has laid out: gives them the file's id, their
 * number and their checksum. That is done by the thread that writes the file, so that whoever
 * changes the store does not pay for it.
 *
 * <p>One thread.
 */
final class FrameSealer {
  private static final int NONE = -1;

  private final CRC32C crc = new CRC32C();
  private int fileId;
  private long sequence;

  /** How many bytes of records are still to come of the frame at hand, or {@link #NONE}. */
  private int left = NONE;

  /**
   * Completes the frames of a file.
   *
   * @param fileId what each begins with
   * @param sequence the number of the frame before the first
   */
  FrameSealer(int fileId, long sequence) {
    this.fileId = fileId;
    this.sequence = sequence;
  }

  /** Goes on in another file, behind a frame that is whole. */
  void beginFile(int nextFileId) {
    assert left == NONE;
    fileId = nextFileId;
  }

  /** The number of the last frame that is whole. */
  long sequence() {
    return sequence;
  }

  /**
   * Completes the frames in a part of a chunk. A frame that is longer than a chunk goes on in the
   * next call.
   *
   * @param synced all frames up to this one are synced
   */
  void seal(Chunk chunk, int from, int to, long synced) {
    ByteBuffer bytes = chunk.view();
    for (int at = from; at < to; ) {
      int start = at;
      if (left == NONE) {
        left = bytes.getInt(at + Frames.LENGTH_AT);
        fillHeader(bytes, at, synced);
        crc.reset();
        at += Frames.HEADER_BYTES;
      }
      int part = Math.min(left, to - at);
      at += part;
      left -= part;
      crc.update(chunk.content(start, at));
      bytes = chunk.view();
      if (left == 0 && at < to) { // otherwise the checksum begins the next chunk
        bytes.putInt(at, (int) crc.getValue());
        at += Frames.CRC_BYTES;
        left = NONE;
        sequence++;
      }
    }
  }

  private void fillHeader(ByteBuffer bytes, int at, long synced) {
    long behind = Math.clamp(sequence + 1 - synced, 0L, 0xFFFF_FFFFL);
    bytes.putInt(at + Frames.FILE_ID_AT, fileId);
    bytes.putLong(at + Frames.SEQUENCE_AT, sequence + 1);
    bytes.putInt(at + Frames.BEHIND_AT, (int) behind);
  }
}
