package io.fkvs.uring;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;

/*
 * A ring is two queues in memory that is shared with the system, and one call, io_uring_enter, that
 * hands over everything submitted, carries out what became possible, and waits if told to.
 *
 * DEFER_TASKRUN: the system works for this ring only inside that call, so nothing happens to memory
 * behind the thread's back, and it works in batches. SINGLE_ISSUER is its condition. R_DISABLED lets
 * the ring be made on one thread, where a refusal can be told, and belong to the one that enables it.
 */

/**
 * An io_uring. Made and closed by any thread; between them it belongs to the one that enabled it.
 */
public final class Ring implements AutoCloseable {
  private static final long SETUP_CALL = 425;
  private static final long ENTER_CALL = 426;
  private static final long REGISTER_CALL = 427;

  private static final int SETUP_CQSIZE = 1 << 3;
  private static final int SETUP_R_DISABLED = 1 << 6;
  private static final int SETUP_SUBMIT_ALL = 1 << 7;
  private static final int SETUP_SINGLE_ISSUER = 1 << 12;
  private static final int SETUP_DEFER_TASKRUN = 1 << 13;
  private static final int SETUP_NO_SQARRAY = 1 << 16;

  private static final int ENTER_GETEVENTS = 1;
  private static final int ENTER_EXT_ARG = 1 << 3;
  private static final int ENTER_REGISTERED_RING = 1 << 4;

  private static final int REGISTER_ENABLE_RINGS = 12;
  private static final int REGISTER_RING_FDS = 20;
  private static final int UNREGISTER_RING_FDS = 21;
  private static final int REGISTER_PBUF_RING = 22;

  private static final long OFFSET_OF_QUEUES = 0;
  private static final long OFFSET_OF_SUBMISSIONS = 0x10000000L;

  /** struct io_uring_params, and its fields that are used. */
  private static final int PARAMETERS_BYTES = 120;

  private static final int COMPLETIONS_FIELD = 4;
  private static final int FLAGS_FIELD = 8;
  private static final int SUBMISSION_TAIL_FIELD = 44;
  private static final int COMPLETION_HEAD_FIELD = 80;
  private static final int COMPLETION_TAIL_FIELD = 84;
  private static final int COMPLETION_ENTRIES_FIELD = 100;
  private static final int COMPLETION_BYTES = 16;

  /** struct io_uring_getevents_arg, behind it the struct timespec that it points to. */
  private static final int WAIT_BYTES = 24;

  private static final int WAIT_TIME_FIELD = 16;
  private static final int TIMESPEC_BYTES = 16;

  /** struct io_uring_rsrc_update, which names the ring itself. */
  private static final int UPDATE_BYTES = 16;

  private static final int UPDATE_DATA_FIELD = 8;
  private static final int ANY_PLACE = -1;

  private static final MethodHandle SYSCALL =
      Libc.linkVariadic(
          "syscall",
          1,
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
              JAVA_LONG));

  private final Arena arena = Arena.ofShared();
  private final MemorySegment state = Libc.allocateState(arena);
  private final MemorySegment wait = arena.allocate(WAIT_BYTES + TIMESPEC_BYTES, Long.BYTES);
  private final MemorySegment update = arena.allocate(UPDATE_BYTES, Long.BYTES);
  private final int fd;
  private final Submissions submissions;
  private final Completions completions;
  private Thread owner;
  private int enterFd;
  private int enterFlags;
  private boolean isClosed;

  /**
   * Makes a ring.
   *
   * @param submissionCount operations that may be handed over at once, a power of two
   * @param completionCount completions that fit the shared memory, a power of two
   * @throws RefusedException if the system refuses
   */
  public Ring(int submissionCount, int completionCount) throws RefusedException {
    MemorySegment parameters = arena.allocate(PARAMETERS_BYTES, Long.BYTES);
    parameters.set(JAVA_INT, COMPLETIONS_FIELD, completionCount);
    parameters.set(
        JAVA_INT,
        FLAGS_FIELD,
        SETUP_CQSIZE
            | SETUP_R_DISABLED
            | SETUP_SUBMIT_ALL
            | SETUP_SINGLE_ISSUER
            | SETUP_DEFER_TASKRUN
            | SETUP_NO_SQARRAY);
    fd = call(SETUP_CALL, submissionCount, parameters.address(), 0, 0, 0, 0);
    if (fd < 0) {
      arena.close();
      throw new RefusedException("io_uring_setup", fd);
    }
    long entriesOffset = parameters.get(JAVA_INT, COMPLETION_ENTRIES_FIELD);
    long queuesBytes = entriesOffset + (long) completionCount * COMPLETION_BYTES;
    MemorySegment queues = map(OFFSET_OF_QUEUES, queuesBytes);
    MemorySegment entries = map(OFFSET_OF_SUBMISSIONS, Submissions.bytes(submissionCount));
    submissions =
        new Submissions(
            this,
            queues,
            parameters.get(JAVA_INT, SUBMISSION_TAIL_FIELD),
            entries,
            submissionCount);
    completions =
        new Completions(
            queues,
            parameters.get(JAVA_INT, COMPLETION_HEAD_FIELD),
            parameters.get(JAVA_INT, COMPLETION_TAIL_FIELD),
            entriesOffset,
            completionCount);
    wait.set(JAVA_LONG, WAIT_TIME_FIELD, wait.address() + WAIT_BYTES);
    enterFd = fd;
  }

  private MemorySegment map(long offset, long bytes) throws RefusedException {
    MemorySegment memory = Libc.map(fd, offset, bytes, arena);
    if (memory == null) {
      close();
      throw new RefusedException("mmap of a ring", -Errno.ENOMEM);
    }
    return memory;
  }

  /**
   * What is to be done.
   *
   * @return the queue
   */
  public Submissions submissions() {
    return submissions;
  }

  /**
   * What was done.
   *
   * @return the queue
   */
  public Completions completions() {
    return completions;
  }

  /**
   * Makes the ring this thread's, before the first operation.
   *
   * @throws IOException if the system refuses
   */
  public void enable() throws IOException {
    int result = register(REGISTER_ENABLE_RINGS, 0, 0);
    if (result < 0) {
      throw new IOException("cannot enable io_uring: cause=" + Errno.text(result));
    }
    owner = Thread.currentThread();
    registerItself();
  }

  /** Spares every call to look the ring up, where the thread has a place for it left. */
  private void registerItself() {
    update.set(JAVA_INT, 0, ANY_PLACE);
    update.set(JAVA_LONG, UPDATE_DATA_FIELD, fd);
    if (register(REGISTER_RING_FDS, update.address(), 1) == 1) {
      enterFd = update.get(JAVA_INT, 0);
      enterFlags = ENTER_REGISTERED_RING;
    }
  }

  /**
   * Hands over everything submitted, lets the system do what has become possible, and waits.
   *
   * @param timeoutMs how long to wait for a first completion where there is none, 0 for not at all
   * @throws IOException if the system fails
   */
  public void enter(long timeoutMs) throws IOException {
    if (timeoutMs == 0) {
      enter(0, ENTER_GETEVENTS, 0, 0);
      return;
    }
    wait.set(JAVA_LONG, WAIT_BYTES, timeoutMs / 1000);
    wait.set(JAVA_LONG, WAIT_BYTES + Long.BYTES, TimeUnit.MILLISECONDS.toNanos(timeoutMs % 1000));
    enter(1, ENTER_GETEVENTS | ENTER_EXT_ARG, wait.address(), WAIT_BYTES);
  }

  /** Makes room among the submissions. */
  void submit() {
    try {
      enter(0, 0, 0, 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void enter(int leastCompletions, int flags, long argument, long argumentBytes)
      throws IOException {
    int waiting = submissions.publish();
    int result =
        call(
            ENTER_CALL,
            enterFd,
            waiting,
            leastCompletions,
            flags | enterFlags,
            argument,
            argumentBytes);
    if (result >= 0) {
      submissions.submitted(result);
    } else if (result != -Errno.ETIME
        && result != -Errno.EINTR
        && result != -Errno.EAGAIN
        && result != -Errno.EBUSY) {
      throw new IOException("io_uring failed: cause=" + Errno.text(result));
    }
  }

  int registerBuffers(MemorySegment registration) {
    return register(REGISTER_PBUF_RING, registration.address(), 1);
  }

  private int register(int operation, long argument, int count) {
    return call(REGISTER_CALL, fd, operation, argument, count, 0, 0);
  }

  private int call(long number, long a, long b, long c, long d, long e, long f) {
    try {
      long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
      return result == -1 ? Libc.error(state) : (int) result;
    } catch (Throwable failure) {
      throw Libc.failed(failure);
    }
  }

  /**
   * Closes the ring and unmaps its memory. Operations under way are to have ended. Closing again
   * does nothing.
   */
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (enterFlags == ENTER_REGISTERED_RING && owner == Thread.currentThread()) {
      update.set(JAVA_INT, 0, enterFd);
      update.set(JAVA_LONG, UPDATE_DATA_FIELD, 0);
      register(UNREGISTER_RING_FDS, update.address(), 1);
    }
    Libc.close(fd);
    arena.close();
  }
}
