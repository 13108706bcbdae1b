package io.fkvs.store;

/** An entry does not fit into what {@link StoreConfig#maxBytes()} leaves. */
public final class StoreFullException extends StoreException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message a lower-case fact and then the figures as {@code name=value}
   */
  public StoreFullException(String message) {
    super(message);
  }
}
