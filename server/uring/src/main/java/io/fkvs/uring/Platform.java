package io.fkvs.uring;

import java.nio.ByteOrder;

/** What has to be so before the system is asked. */
public final class Platform {
  private Platform() {}

  /**
   * Makes sure that the system may be called.
   *
   * @throws RefusedException if not; the message says what would help
   */
  public static void check() throws RefusedException {
    String system = System.getProperty("os.name");
    if (!system.equals("Linux") || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new RefusedException(
          "io_uring takes Linux on x86-64 or AArch64: system="
              + system
              + ", machine="
              + System.getProperty("os.arch"));
    }
    Module module = Platform.class.getModule();
    if (!module.isNativeAccessEnabled()) {
      throw new RefusedException(
          "io_uring takes a flag of the JVM: --enable-native-access="
              + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
    }
  }
}
