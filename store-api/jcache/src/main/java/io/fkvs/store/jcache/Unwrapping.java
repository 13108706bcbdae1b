package io.fkvs.store.jcache;

/** What every {@code unwrap} of the standard does. */
final class Unwrapping {
  private Unwrapping() {}

  /** Answers an object as a type that it has. */
  static <T> T unwrap(Object object, Class<T> type) {
    if (!type.isInstance(object)) {
      throw new IllegalArgumentException(
          "cannot be unwrapped to that: type=" + type.getName() + ", object=" + object.getClass());
    }
    return type.cast(object);
  }
}
