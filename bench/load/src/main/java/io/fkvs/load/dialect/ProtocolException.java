package io.fkvs.load.dialect;

import java.io.IOException;

/** A server sent bytes that cannot be told apart into replies: the connection is of no more use. */
public final class ProtocolException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * Creates the exception.
   *
   * @param message what was received
   */
  public ProtocolException(String message) {
    super(message);
  }
}
