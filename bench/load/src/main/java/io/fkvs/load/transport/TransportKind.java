package io.fkvs.load.transport;

import io.fkvs.uring.RefusedException;
import java.io.IOException;
import java.util.Optional;

/** Which transport is asked for. */
public enum TransportKind {
  /** Java's own selectors, on every system. */
  NIO,

  /** Linux' io_uring, or nothing. */
  IO_URING,

  /** io_uring where this system has it, else NIO. */
  AUTO;

  /** Hears nothing, for a transport that is only tried. */
  private static final Transport.Listener DEAF =
      new Transport.Listener() {
        @Override
        public void onWritable(int index) {}

        @Override
        public void onReadable(int index) {}
      };

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

  /**
   * Asks the system for io_uring.
   *
   * @return why it refuses, or nothing where it does not
   * @throws IOException where it fails otherwise
   */
  public static Optional<String> uringRefusal() throws IOException {
    try {
      new UringTransport(DEAF).close();
      return Optional.empty();
    } catch (RefusedException e) {
      return Optional.of(e.getMessage());
    }
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
