package io.fkvs.store.swiss;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Chooses, once per JVM, how the table probes, how it reaches its memory and in what pages.
 *
 * <p>Each choice has two faces with one contract. The fast one needs a flag of the JVM, the other
 * one needs nothing. The choice is {@code static final}, so that the compiler sees only one of
 * them. The system properties choose the slower face where the faster one would be possible, for
 * tests and benchmarks; asking for a face that is not possible has no effect.
 */
final class RuntimeFeatures {
  /** {@code swar} or {@code vector}. */
  static final String PROBING_PROPERTY = "io.fkvs.store.swiss.probing";

  /** {@code checked} or {@code unchecked}. */
  static final String ACCESS_PROPERTY = "io.fkvs.store.swiss.access";

  /** {@code small} or {@code huge}. */
  static final String PAGES_PROPERTY = "io.fkvs.store.swiss.pages";

  /** Whether groups are probed through the Vector API. */
  static final boolean VECTOR =
      isVectorPossible() && !"swar".equals(System.getProperty(PROBING_PROPERTY));

  /** Whether memory is reached by address, without a check at each access. */
  static final boolean UNCHECKED =
      RuntimeFeatures.class.getModule().isNativeAccessEnabled()
          && !"checked".equals(System.getProperty(ACCESS_PROPERTY));

  /** Whether chunks are asked for in huge pages, which takes calls that need native access. */
  static final boolean HUGE_PAGES =
      UNCHECKED && !"small".equals(System.getProperty(PAGES_PROPERTY)) && HugePages.tryMapping();

  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  private RuntimeFeatures() {}

  static String probing() {
    return VECTOR ? "vector" : "swar";
  }

  static String access() {
    return UNCHECKED ? "unchecked" : "checked";
  }

  static String pages() {
    return HUGE_PAGES ? "huge" : "small";
  }

  /** Says once which faces are active and how to get the others. */
  static void log() {
    if (LOGGED.compareAndSet(false, true)) {
      System.getLogger("io.fkvs.store.swiss").log(System.Logger.Level.INFO, message());
    }
  }

  static String message() {
    String module = RuntimeFeatures.class.getModule().isNamed() ? "io.fkvs.store.swiss" : "ALL-UNNAMED";
    return "swiss table: probing="
        + probing()
        + (VECTOR ? "" : " (vector takes --add-modules jdk.incubator.vector and C2)")
        + ", access="
        + access()
        + (UNCHECKED ? "" : " (unchecked takes --enable-native-access=" + module + ")")
        + ", pages="
        + pages();
  }

  /**
   * Vectors that C2 does not compile are objects, and slower than anything else. HotSpot says what
   * it compiles with in {@code java.vm.info}: "emulated-client" stands for C1 alone.
   */
  private static boolean isVectorPossible() {
    String info = System.getProperty("java.vm.info", "");
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && System.getProperty("java.vm.name", "").contains("Server VM")
        && !info.contains("emulated-client")
        && !info.contains("interpreted");
  }
}
