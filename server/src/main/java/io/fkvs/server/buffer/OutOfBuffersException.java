package io.fkvs.server.buffer;

/**
 * There is no memory for a buffer: all clients together hold what they may, or the system refused.
 * Whoever asked did so on behalf of one client, which is dropped; the others are served on.
 */
public final class OutOfBuffersException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OutOfBuffersException(String message) {
    super(message, null, false, false);
  }
}
