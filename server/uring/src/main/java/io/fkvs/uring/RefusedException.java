package io.fkvs.uring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The system has no io_uring that would do, or does not let this process use it. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private static final Path SETTING = Path.of("/proc/sys/kernel/io_uring_disabled");

  /** The first Linux with everything that is used here: buffers that are filled bit by bit. */
  private static final String LEAST_LINUX = "6.12";

  RefusedException(String what, int result) {
    this(what, result, setting());
  }

  RefusedException(String what, int result, String setting) {
    super(what + " was refused: cause=" + Errno.text(result) + ", " + remedy(-result, setting));
  }

  RefusedException(String message) {
    super(message);
  }

  private static String remedy(int error, String setting) {
    return switch (error) {
      case Errno.ENOSYS -> "this kernel was built without io_uring, or a seccomp filter hides it";
      case Errno.EPERM ->
          setting.equals("0") || setting.isEmpty()
              ? "a seccomp filter or a security module forbids it (containers often do)"
              : "the administrator forbids it: kernel.io_uring_disabled=" + setting;
      case Errno.EINVAL ->
          "it takes Linux "
              + LEAST_LINUX
              + " or newer: release="
              + System.getProperty("os.version");
      case Errno.ENOMEM -> "memory is short, or limited (ulimit -l)";
      default -> "release=" + System.getProperty("os.version");
    };
  }

  private static String setting() {
    try {
      return Files.readString(SETTING).strip();
    } catch (IOException e) {
      return ""; // older kernels have none
    }
  }
}
