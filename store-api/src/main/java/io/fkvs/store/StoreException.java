package io.fkvs.store;

/** What a store refuses to do. The message says what was wrong; the store is as it was before. */
public sealed class StoreException extends RuntimeException
    permits NotAnIntegerException, OverflowException, StoreFullException, TooLargeException {
  private static final long serialVersionUID = 1L;

  StoreException(String message) {
    super(message);
  }
}
