package io.fkvs.server.gateway;

/** What this member has differs from what a majority has: it must stop, and not be asked. */
public final class DivergedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  DivergedException(String message) {
    super(message);
  }
}
