package io.fkvs.client;

/** What the server refuses to do. The message names the command; classic gives no reason. */
public class FkvsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what was refused
   */
  public FkvsException(String message) {
    super(message);
  }

  FkvsException(String message, Throwable cause) {
    super(message, cause);
  }
}
