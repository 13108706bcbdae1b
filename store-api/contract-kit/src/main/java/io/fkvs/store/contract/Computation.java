package io.fkvs.store.contract;

/** What a function that computes a value does when a store calls it. */
enum Computation {
  /** It answers the argument of the call. */
  ARGUMENT,
  /** It answers the present value with the argument of the call behind it. */
  APPENDED,
  /** It answers the present value. */
  SAME,
  /** It answers nothing, which removes the key. */
  NOTHING,
  /** It fails. */
  FAILURE,
  /** It calls the store, which must refuse that, and answers the argument. */
  CALL;

  /** What a function that fails throws. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /**
   * Computes a value.
   *
   * @param present the present value, or null
   * @param argument the argument of the call
   * @param call calls the store
   * @return the value, or null
   */
  Value apply(Value present, Value argument, Runnable call) {
    return switch (this) {
      case ARGUMENT -> argument;
      case APPENDED ->
          present == null ? argument : new Value(present.bytes().with(argument.bytes()));
      case SAME -> present;
      case NOTHING -> null;
      case FAILURE -> throw new Failure();
      case CALL -> {
        Check.throwing(IllegalStateException.class, "call of the store by a function", call::run);
        yield argument;
      }
    };
  }
}
