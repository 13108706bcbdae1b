package io.fkvs.cluster.ratis;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Cuts off the entry at the end of a log that was being written when the process or the machine
 * died. It had not been synced, so nobody counts on it. Ratis allocates files of zeros, writes over
 * them, and takes what is half written for damage: it would not start, on any of the members that
 * lost their power at once.
 *
 * <p>A bad entry with a good one behind it is damage. It is left alone, and Ratis refuses it.
 *
 * <pre>
 * the file:  "RaftLog1", entries, zeros
 * an entry:  length of the message (varint) | message | CRC32C of both (4 bytes, big endian)
 * a message: 08 term (varint) 10 index (varint) …
 * </pre>
 */
final class LogTail {
  private static final Logger LOG = System.getLogger(LogTail.class.getName());
  private static final int HEADER = 8;

  private final ByteBuffer file;

  private LogTail(ByteBuffer file) {
    this.file = file;
  }

  /**
   * Mends the file that is being written, if there is one.
   *
   * @param directory where Ratis keeps the log
   */
  static void mend(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "log_inprogress_*")) {
      for (Path file : files) {
        mendFile(file);
      }
    }
  }

  private static void mendFile(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    LogTail log = new LogTail(ByteBuffer.wrap(bytes));
    int end = log.endOfGood(HEADER);
    if (log.isZero(end) || log.hasGoodBehind(end)) {
      return;
    }
    LOG.log(
        Level.WARNING,
        "an entry was not written to its end, and is cut off: file=" + file + " position=" + end);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(end).force(true);
    }
  }

  /** Where the first entry begins that is not good, from a position on. */
  private int endOfGood(int position) {
    int next = position;
    for (int length; (length = goodAt(next)) > 0; ) {
      next += length;
    }
    return Math.min(next, file.limit());
  }

  private boolean hasGoodBehind(int position) {
    for (int at = position + 1; at < file.limit(); at++) {
      if (goodAt(at) > 0) {
        return true;
      }
    }
    return false;
  }

  /** The length of the good entry at a position, or 0. */
  private int goodAt(int position) {
    if (position >= file.limit() || file.get(position) == 0) {
      return 0;
    }
    try {
      file.position(position);
      long message = varint();
      int begin = file.position();
      if (message <= 0 || message > file.limit() - begin - Integer.BYTES || !looksLikeMessage()) {
        return 0;
      }
      int end = begin + (int) message;
      CRC32C checksum = new CRC32C();
      checksum.update(file.array(), position, end - position);
      return file.getInt(end) == (int) checksum.getValue() ? end + Integer.BYTES - position : 0;
    } catch (BufferUnderflowException e) {
      return 0;
    }
  }

  private boolean looksLikeMessage() {
    // The first entry of all has term and index 0 or 1, and protobuf leaves zeros out.
    int tag = file.get(file.position());
    return tag == 0x08 || tag == 0x10 || tag == 0x1a || tag == 0x22 || tag == 0x2a;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = file.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    return -1;
  }

  private boolean isZero(int position) {
    for (int at = position; at < file.limit(); at++) {
      if (file.get(at) != 0) {
        return false;
      }
    }
    return true;
  }
}
