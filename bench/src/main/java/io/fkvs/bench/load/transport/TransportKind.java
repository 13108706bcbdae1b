package io.fkvs.bench.load.transport;

import io.fkvs.server.uring.RefusedException;
import java.io.IOException;

/** Which transport is asked for. */
public enum TransportKind {
  /** Java's own selectors, on every system. */
  NIO,

  /** Linux' io_uring, or nothing. */
  IO_URING,

  /** io_uring where this system has it, else NIO. */
  AUTO;

  /**
   * Opens a transport.
   *
   * @param listener whom it tells
   * @return the transport, for the caller to close; its text says why where it is the second choice
   * @throws IOException where the system refuses what was asked for; the message says why
   */
  public Transport open(Transport.Listener listener) throws IOException {
    return switch (this) {
      case NIO -> new NioTransport(listener, null);
      case IO_URING -> uring(listener);
      case AUTO -> whatWorks(listener);
    };
  }

  private static Transport uring(Transport.Listener listener) throws IOException {
    try {
      return new UringTransport(listener);
    } catch (RefusedException e) {
      throw new IOException("cannot use io_uring: " + e.getMessage(), e);
    }
  }

  private static Transport whatWorks(Transport.Listener listener) throws IOException {
    try {
      return new UringTransport(listener);
    } catch (RefusedException e) {
      return new NioTransport(listener, e.getMessage());
    }
  }
}
