package io.fkvs.store;

/** A key or a value is longer than the store takes. */
public final class TooLargeException extends StoreException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message a lower-case fact and then the figures as {@code name=value}
   */
  public TooLargeException(String message) {
    super(message);
  }
}
