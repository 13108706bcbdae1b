package io.fkvs.store.durable;

/**
 * What was done cannot be made durable, or a directory cannot be opened. After a write or a sync
 * has failed, every method of the store throws this: nothing is tried again, because a system that
 * has reported a failure may have forgotten what it did not write.
 */
public class DurableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message a lower-case fact and then the figures as {@code name=value}
   * @param cause what the system said, or {@code null}
   */
  public DurableException(String message, Throwable cause) {
    super(message, cause);
  }
}
