package io.fkvs.uring;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Collections;

/**
 * Functions of the C library that are called now and then. Each answers what the function did, or
 * the negative number of its error. Any thread. Linking them takes native access.
 */
public final class Libc {
  /** {@link #shutdown}: the peer is told that no more will be sent. */
  public static final int SHUT_WR = 1;

  /** {@link #shutdown}: nothing is received or sent any more. */
  public static final int SHUT_RDWR = 2;

  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_SHARED_POPULATE = 0x01 | 0x8000;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x02 | 0x20 | 0x4000;
  private static final int NO_FILE = -1;
  private static final long MAP_FAILED = -1;
  private static final int EFD_CLOEXEC = 0x80000;
  private static final long LONGEST_MESSAGE_BYTES = 256;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** All functions with up to five arguments are called alike, with longs where ints are enough. */
  private static final MethodType UNIFORM =
      MethodType.methodType(
          int.class,
          MemorySegment.class,
          long.class,
          long.class,
          long.class,
          long.class,
          long.class);

  private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle BIND = function("bind", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle LISTEN = function("listen", JAVA_INT, JAVA_INT);
  private static final MethodHandle CONNECT = function("connect", JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SEND =
      counting("send", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle RECEIVE =
      counting("recv", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SETSOCKOPT =
      function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle GETSOCKNAME =
      function("getsockname", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle GETPEERNAME =
      function("getpeername", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SHUTDOWN = function("shutdown", JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = function("close", JAVA_INT);
  private static final MethodHandle EVENTFD = function("eventfd", JAVA_INT, JAVA_INT);
  private static final MethodHandle EVENTFD_WRITE = function("eventfd_write", JAVA_INT, JAVA_LONG);
  private static final MethodHandle MUNMAP = function("munmap", JAVA_LONG, JAVA_LONG);

  private static final MethodHandle MMAP =
      link(
          "mmap",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
          CAPTURE);

  private static final MethodHandle STRERROR =
      link("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private Libc() {}

  static int socket(int family, int type) {
    return call(SOCKET, family, type, 0, 0, 0);
  }

  static int bind(int fd, MemorySegment address) {
    return call(BIND, fd, address.address(), address.byteSize(), 0, 0);
  }

  static int listen(int fd, int backlog) {
    return call(LISTEN, fd, backlog, 0, 0, 0);
  }

  static int connect(int fd, MemorySegment address) {
    return call(CONNECT, fd, address.address(), address.byteSize(), 0, 0);
  }

  /** Waits until the socket takes some of the bytes, and answers how many. */
  static int send(int fd, MemorySegment bytes) {
    return call(SEND, fd, bytes.address(), bytes.byteSize(), Submissions.MSG_NOSIGNAL, 0);
  }

  /** Waits for bytes and answers how many came, 0 at the end of the stream. */
  static int receive(int fd, MemorySegment bytes) {
    return call(RECEIVE, fd, bytes.address(), bytes.byteSize(), 0, 0);
  }

  static int setOption(int fd, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(JAVA_INT, value);
      return call(SETSOCKOPT, fd, level, option, bytes.address(), bytes.byteSize());
    }
  }

  /** Sets how long a call may wait in one direction; zero: for ever. */
  static int setTimeout(int fd, int option, Duration timeout) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocateFrom(JAVA_LONG, timeout.toSeconds(), micros(timeout));
      return call(SETSOCKOPT, fd, ServerSocket.SOL_SOCKET, option, time.address(), time.byteSize());
    }
  }

  /** The microseconds behind the seconds, not so few that they would mean no limit. */
  private static long micros(Duration timeout) {
    long micros = timeout.toNanosPart() / 1000;
    return timeout.isPositive() && timeout.toSeconds() == 0 ? Math.max(micros, 1) : micros;
  }

  static int localAddress(int fd, MemorySegment address, MemorySegment length) {
    return call(GETSOCKNAME, fd, address.address(), length.address(), 0, 0);
  }

  static int peerAddress(int fd, MemorySegment address, MemorySegment length) {
    return call(GETPEERNAME, fd, address.address(), length.address(), 0, 0);
  }

  /**
   * Ends one direction of a socket, or both, at once.
   *
   * @param fd the socket
   * @param how {@link #SHUT_WR} or {@link #SHUT_RDWR}
   * @return 0 or an error
   */
  public static int shutdown(int fd, int how) {
    return call(SHUTDOWN, fd, how, 0, 0, 0);
  }

  /**
   * Closes a file.
   *
   * @param fd the file
   * @return 0 or an error
   */
  public static int close(int fd) {
    return call(CLOSE, fd, 0, 0, 0, 0);
  }

  static int eventfd() {
    return call(EVENTFD, 0, EFD_CLOEXEC, 0, 0, 0);
  }

  static int eventfdWrite(int fd) {
    return call(EVENTFD_WRITE, fd, 1, 0, 0, 0);
  }

  /**
   * Maps a part of a ring, which is unmapped when the arena closes.
   *
   * @return the memory, or {@code null} where the system refuses
   */
  static MemorySegment map(int fd, long offset, long bytes, Arena arena) {
    return map(MAP_SHARED_POPULATE, fd, offset, bytes, arena);
  }

  /**
   * Maps memory of no file, all zero, which is unmapped when the arena closes.
   *
   * @return the memory, or {@code null} where the system refuses
   */
  static MemorySegment mapAnonymous(long bytes, Arena arena) {
    return map(MAP_PRIVATE_ANONYMOUS_NORESERVE, NO_FILE, 0, bytes, arena);
  }

  @SuppressWarnings("restricted")
  private static MemorySegment map(int flags, int fd, long offset, long bytes, Arena arena) {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment state = scratch.allocate(STATE);
      long address = (long) MMAP.invokeExact(state, 0L, bytes, PROT_READ_WRITE, flags, fd, offset);
      return address == MAP_FAILED
          ? null
          : MemorySegment.ofAddress(address)
              .reinterpret(bytes, arena, memory -> call(MUNMAP, memory.address(), bytes, 0, 0, 0));
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  @SuppressWarnings("restricted")
  static String strerror(int error) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(error);
      return text.reinterpret(LONGEST_MESSAGE_BYTES).getString(0);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  // ---- how they are called

  private static int call(MethodHandle function, long a, long b, long c, long d, long e) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) function.invokeExact(state, a, b, c, d, e);
      return result == -1 ? error(state) : result;
    } catch (Throwable failure) {
      throw failed(failure);
    }
  }

  /** Memory in which a function linked with {@link #linkVariadic} leaves its error number. */
  static MemorySegment allocateState(Arena arena) {
    return arena.allocate(STATE);
  }

  /** The error that is in such memory, negative. */
  static int error(MemorySegment state) {
    return -(int) ERRNO.get(state, 0L);
  }

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return uniform(name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  /** A function that answers a number of bytes, of which there are fewer than an int holds. */
  private static MethodHandle counting(String name, MemoryLayout... arguments) {
    return uniform(name, FunctionDescriptor.of(JAVA_LONG, arguments));
  }

  private static MethodHandle uniform(String name, FunctionDescriptor type) {
    MethodHandle handle = link(name, type, CAPTURE);
    int given = handle.type().parameterCount();
    MethodHandle padded =
        MethodHandles.dropArguments(
            handle, given, Collections.nCopies(UNIFORM.parameterCount() - given, long.class));
    return MethodHandles.explicitCastArguments(padded, UNIFORM);
  }

  /** A function whose first argument is where to leave the error number. */
  static MethodHandle linkVariadic(String name, int fixedArguments, FunctionDescriptor type) {
    return link(name, type, CAPTURE, Linker.Option.firstVariadicArg(fixedArguments));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle link(String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
  }

  /** What a call into the system throws is a defect of this binding. */
  static RuntimeException failed(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
  }
}
