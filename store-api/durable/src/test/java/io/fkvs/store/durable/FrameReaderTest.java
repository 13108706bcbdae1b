package io.fkvs.store.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths that a frame says of itself, and that are not true. */
class FrameReaderTest {
  private static final int FILE_ID = 7;
  private static final FileHeader HEADER = new FileHeader(FileHeader.Kind.LOG, FILE_ID, 1, 1, 1, 0);

  /** Beside the window: for what the calls themselves need. */
  private static final int MOST_BYTES = 64 << 10;

  private static final int WINDOW_BYTES = 1 << 20;
  private static final long LONG_FILE = FileHeader.BYTES + Frames.OVERHEAD + (1L << 31);
  private static final long SHORT_FILE = 1_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** A file of zeros, but for the header of a frame. Takes no memory. */
  private record Sparse(ByteBuffer frame, long size) implements DiskFile {
    private static final byte[] ZEROS = new byte[WINDOW_BYTES];

    @Override
    public void read(ByteBuffer target, long position) {
      int start = target.position();
      long left = Math.max(0, size - position);
      target.put(ZEROS, 0, (int) Math.min(target.remaining(), left));
      for (int i = 0; i < frame.capacity(); i++) {
        long at = start + FileHeader.BYTES + i - position;
        if (at >= start && at < target.position()) {
          target.put((int) at, frame.get(i));
        }
      }
    }

    @Override
    public void write(ByteBuffer source, long position) {
      throw new AssertionError();
    }

    @Override
    public void force() {}

    @Override
    public void close() {}
  }

  /** What is loaded once counts as memory, too. */
  @BeforeAll
  static void load() throws IOException {
    new FrameReader(new Sparse(frame(1), SHORT_FILE), HEADER, "log-1", SHORT_FILE)
        .read(FileHeader.BYTES, 1);
  }

  private static ByteBuffer frame(int length) {
    ByteBuffer frame = ByteBuffer.allocate(Frames.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    frame.putInt(Frames.FILE_ID_AT, FILE_ID);
    frame.putInt(Frames.LENGTH_AT, length);
    frame.putLong(Frames.SEQUENCE_AT, 1);
    frame.putInt(Frames.COUNT_AT, 1);
    return frame;
  }

  /** A length that the file has room for is read through; no memory is taken for it. */
  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x1000_0000, 0})
  void shouldTakeNoMemoryForAFrameThatIsNotValid(int length) throws IOException {
    for (long size : new long[] {SHORT_FILE, LONG_FILE}) {
      DiskFile file = new Sparse(frame(length), size);
      long before = threads.getCurrentThreadAllocatedBytes();
      FrameReader reader = new FrameReader(file, HEADER, "log-1", size);
      assertEquals(0, reader.read(FileHeader.BYTES, 1));
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(bytes < WINDOW_BYTES + MOST_BYTES, () -> "bytes=" + bytes);
    }
  }
}
