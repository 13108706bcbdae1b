package io.fkvs.store;

/** An increment would leave the range of a signed 64-bit integer. */
public final class OverflowException extends StoreException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message a lower-case fact and then the figures as {@code name=value}
   */
  public OverflowException(String message) {
    super(message);
  }
}
