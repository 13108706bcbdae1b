package io.fkvs.store.durable;

/** The disk is full. What was durable before still is; the store throws from then on. */
public final class DiskFullException extends DurableException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message a lower-case fact and then the figures as {@code name=value}
   * @param cause what the system said, or {@code null}
   */
  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }
}
