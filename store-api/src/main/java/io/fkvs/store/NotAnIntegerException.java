package io.fkvs.store;

/** An increment met a value that is not {@link ValueType#INT}. */
public final class NotAnIntegerException extends StoreException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message a lower-case fact and then the figures as {@code name=value}
   */
  public NotAnIntegerException(String message) {
    super(message);
  }
}
