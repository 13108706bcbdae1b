package io.fkvs.client;

/**
 * The connection could not be made, broke, timed out, or carried what the protocol does not know.
 * The client is unusable from then on, and says so by throwing this again.
 */
public class FkvsConnectionException extends FkvsException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what happened to the connection
   * @param cause what it follows from, or {@code null}
   */
  public FkvsConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
