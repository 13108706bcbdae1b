package io.fkvs.server.app;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * The server on a system that refuses io_uring, as containers and old kernels do: a filter on this
 * thread lets {@code io_uring_setup} fail with the error that is the first argument.
 */
final class WithoutIoUring {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_SET_SECCOMP = 22;
  private static final long SECCOMP_MODE_FILTER = 2;
  private static final int IO_URING_SETUP = 425;

  /** The program: load the call's number; is it this one? then fail; else go on. */
  private static final short LOAD = 0x20;

  private static final short JUMP_IF_EQUAL = 0x15;
  private static final short RETURN = 0x06;
  private static final int FAIL = 0x0005_0000;
  private static final int ALLOW = 0x7FFF_0000;
  private static final int INSTRUCTION_BYTES = 8;

  private WithoutIoUring() {}

  public static void main(String[] args) throws Throwable {
    refuse(Integer.parseInt(args[0]));
    FkvsServer.main(Arrays.copyOfRange(args, 1, args.length));
  }

  @SuppressWarnings("restricted")
  private static void refuse(int error) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle prctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("prctl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment filter = arena.allocate(4 * INSTRUCTION_BYTES, Long.BYTES);
      instruction(filter, 0, LOAD, 0, 0);
      instruction(filter, 1, JUMP_IF_EQUAL, 1, IO_URING_SETUP);
      instruction(filter, 2, RETURN, 0, FAIL | error);
      instruction(filter, 3, RETURN, 0, ALLOW);
      MemorySegment program = arena.allocate(2 * Long.BYTES, Long.BYTES);
      program.set(JAVA_SHORT, 0, (short) 4);
      program.set(ADDRESS, Long.BYTES, filter);
      int privileges = (int) prctl.invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
      int result =
          (int) prctl.invokeExact(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program.address(), 0L, 0L);
      if (privileges != 0 || result != 0) {
        throw new IllegalStateException("the system takes no filter");
      }
    }
  }

  private static void instruction(MemorySegment filter, int at, short code, int ifFalse, int k) {
    long offset = (long) at * INSTRUCTION_BYTES;
    filter.set(JAVA_SHORT, offset, code);
    filter.set(JAVA_BYTE, offset + 3, (byte) ifFalse);
    filter.set(JAVA_INT, offset + 4, k);
  }
}
