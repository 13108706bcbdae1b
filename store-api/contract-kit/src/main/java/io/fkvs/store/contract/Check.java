package io.fkvs.store.contract;

import java.util.Objects;

/** Assertions, so that the kit needs no library for them. */
final class Check {
  private Check() {}

  /** An action whose exception is what a law is about. */
  interface Action {
    void run();
  }

  static void equal(String what, Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError(what + ": " + Difference.of(expected, actual));
    }
  }

  static void that(String what, boolean condition) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }

  /** Runs an action that must throw exactly that, and answers what it threw. */
  static <X extends Throwable> X throwing(Class<X> type, String what, Action action) {
    Throwable thrown = null;
    try {
      action.run();
    } catch (Throwable t) {
      thrown = t;
    }
    if (!type.isInstance(thrown)) {
      throw new AssertionError(
          what
              + ": expected "
              + type.getSimpleName()
              + ", "
              + (thrown == null ? "nothing was thrown" : "was " + thrown),
          thrown);
    }
    return type.cast(thrown);
  }
}
