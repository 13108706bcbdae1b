package io.fkvs.store.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The first 64 bytes of a base or a log.
 *
 * @param kind what the file is
 * @param fileId what each frame begins with: random, not 0
 * @param storeId the store that the file belongs to
 * @param number its number
 * @param firstSequence a log's first frame; the first one to be replayed behind a base
 * @param timeMs when the file was made
 */
record FileHeader(
    Kind kind, int fileId, long storeId, long number, long firstSequence, long timeMs) {
  /*
   *   0           8         12        16         24        32               40       48  60     64
   *   | magic     | version | file id | store id | number  | first sequence | time   | 0 | crc  |
   */
  static final int BYTES = 64;
  static final int VERSION = 1;

  private static final int VERSION_AT = 8;
  private static final int FILE_ID_AT = 12;
  private static final int STORE_ID_AT = 16;
  private static final int NUMBER_AT = 24;
  private static final int FIRST_SEQUENCE_AT = 32;
  private static final int TIME_AT = 40;
  private static final int CRC_AT = 60;

  /** What a file is. */
  enum Kind {
    LOG("log", "fkvslog1"),
    BASE("base", "fkvsbas1");

    private final String prefix;
    private final long magic;

    Kind(String prefix, String magic) {
      this.prefix = prefix;
      byte[] bytes = magic.getBytes(StandardCharsets.US_ASCII);
      this.magic = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    String fileName(long number) {
      return prefix + "-" + number;
    }

    boolean isNameOf(String file) {
      return file.matches(prefix + "-[0-9]+");
    }
  }

  String fileName() {
    return kind.fileName(number);
  }

  /** The same with another first frame. */
  FileHeader withFirstSequence(long otherFirst) {
    return new FileHeader(kind, fileId, storeId, number, otherFirst, timeMs);
  }

  /** The header as bytes, ready to be written. */
  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, kind.magic);
    bytes.putInt(VERSION_AT, VERSION);
    bytes.putInt(FILE_ID_AT, fileId);
    bytes.putLong(STORE_ID_AT, storeId);
    bytes.putLong(NUMBER_AT, number);
    bytes.putLong(FIRST_SEQUENCE_AT, firstSequence);
    bytes.putLong(TIME_AT, timeMs);
    bytes.putInt(CRC_AT, crc(bytes));
    return bytes;
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(CRC_AT));
    return (int) crc.getValue();
  }

  /** Reads the header of a file, or throws where it is not one of that kind. */
  static FileHeader read(DiskFile file, Kind kind, String name) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(bytes, 0);
    boolean isWhole = !bytes.hasRemaining();
    if (!isWhole || bytes.getLong(0) != kind.magic || bytes.getInt(CRC_AT) != crc(bytes)) {
      throw new CorruptException("header is damaged", name, 0);
    }
    int version = bytes.getInt(VERSION_AT);
    if (version != VERSION) {
      throw new DurableException(
          "format is of another version: file=" + name + ", version=" + version, null);
    }
    return new FileHeader(
        kind,
        bytes.getInt(FILE_ID_AT),
        bytes.getLong(STORE_ID_AT),
        bytes.getLong(NUMBER_AT),
        bytes.getLong(FIRST_SEQUENCE_AT),
        bytes.getLong(TIME_AT));
  }
}
