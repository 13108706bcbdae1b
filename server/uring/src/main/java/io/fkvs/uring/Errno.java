package io.fkvs.uring;

/** The system's error numbers that are told apart, and the text of any. */
public final class Errno {
  /** Not permitted. */
  public static final int EPERM = 1;

  /** A signal interrupted the wait. */
  public static final int EINTR = 4;

  /** Nothing can be done without waiting. */
  public static final int EAGAIN = 11;

  /** No memory, or more of it locked than the process may. */
  public static final int ENOMEM = 12;

  /** Resources are taken: completions must be taken first. */
  public static final int EBUSY = 16;

  /** An argument or a flag that the system does not know. */
  public static final int EINVAL = 22;

  /** The system has no such function. */
  public static final int ENOSYS = 38;

  /** The wait took as long as it may. */
  public static final int ETIME = 62;

  /** The system has no such family of addresses. */
  public static final int EAFNOSUPPORT = 97;

  /** No provided buffer was left. */
  public static final int ENOBUFS = 105;

  /** The connection was being made before, and still is. */
  public static final int EALREADY = 114;

  /** The connection is being made, and takes longer than the call may. */
  public static final int EINPROGRESS = 115;

  /** The operation was cancelled. */
  public static final int ECANCELED = 125;

  private Errno() {}

  /**
   * The system's text for an error.
   *
   * @param result a negative result
   * @return such as {@code Connection reset by peer}
   */
  public static String text(int result) {
    return Libc.strerror(-result);
  }
}
