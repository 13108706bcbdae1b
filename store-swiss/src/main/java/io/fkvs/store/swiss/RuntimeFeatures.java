package io.fkvs.store.swiss;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The optional features of the JVM and the system that the table uses: vectors to probe groups,
 * access to memory without checks, and huge pages.
 *
 * <p>Each feature chooses between two implementations with one contract. The faster one needs a
 * flag of the JVM, the other one needs nothing. The choices are made once and are {@code static
 * final}, so the compiler sees only one implementation. The system properties turn a feature off
 * where it would be possible, for tests and benchmarks. They cannot turn on what is not possible.
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

  /** Whether memory is accessed without a check each time; see {@link Memory}. */
  static final boolean UNCHECKED =
      RuntimeFeatures.class.getModule().isNativeAccessEnabled()
          && !"checked".equals(System.getProperty(ACCESS_PROPERTY));

  /** Whether chunks are asked for in huge pages. The calls for it need native access, too. */
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

  /** Logs once which features are in use, and how to turn the others on. */
  static void log() {
    if (LOGGED.compareAndSet(false, true)) {
      System.getLogger("io.fkvs.store.swiss").log(System.Logger.Level.INFO, message());
    }
  }

  static String message() {
    String module =
        RuntimeFeatures.class.getModule().isNamed() ? "io.fkvs.store.swiss" : "ALL-UNNAMED";
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
   * Vectors that C2 does not compile are objects, slower than any other way. HotSpot tells in
   * {@code java.vm.info} what it compiles with: "emulated-client" means C1 alone.
   */
  private static boolean isVectorPossible() {
    String info = System.getProperty("java.vm.info", "");
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && System.getProperty("java.vm.name", "").contains("Server VM")
        && !info.contains("emulated-client")
        && !info.contains("interpreted");
  }
}
