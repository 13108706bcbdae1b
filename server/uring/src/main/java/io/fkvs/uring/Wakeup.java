package io.fkvs.uring;

import java.io.IOException;
import java.lang.foreign.Arena;

/**
 * Ends the wait of a ring from another thread: an eventfd, of which one read is always under way.
 * Made and closed by any thread.
 */
public final class Wakeup implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final long counterAddress = arena.allocate(Long.BYTES, Long.BYTES).address();
  private final int fd;
  private boolean isClosed;

  /**
   * Makes one.
   *
   * @throws IOException if the process has no files left
   */
  public Wakeup() throws IOException {
    fd = Libc.eventfd();
    if (fd < 0) {
      arena.close();
      throw new IOException("cannot make an eventfd: cause=" + Errno.text(fd));
    }
  }

  /**
   * Reads on, on the thread of the ring, at first and after each completion.
   *
   * @param submissions where to
   * @param userData comes back when somebody called {@link #wakeUp}
   */
  public void read(Submissions submissions, long userData) {
    submissions.read(fd, counterAddress, Long.BYTES, userData);
  }

  /** Lets the read complete, this one or the next. Any thread; does nothing once closed. */
  public synchronized void wakeUp() {
    if (!isClosed) {
      Libc.eventfdWrite(fd);
    }
  }

  /** Closes it, after the ring. Closing again does nothing. */
  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      Libc.close(fd);
      arena.close();
    }
  }
}
