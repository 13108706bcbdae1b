package io.fkvs.server.transport;

import java.io.IOException;

/** A client and this server could not speak TLS with each other, or stopped to. */
public final class TlsException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public TlsException(String message, Throwable cause) {
    super(message, cause);
  }
}
