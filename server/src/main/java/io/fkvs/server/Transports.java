package io.fkvs.server;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.transport.Transport;
import io.fkvs.server.transport.nio.NioTransport;
import io.fkvs.server.transport.uring.UringTransport;
import io.fkvs.uring.RefusedException;
import java.io.IOException;

/** Opens the transport that was asked for, or one that works (docs/decisions/0004). */
final class Transports {
  /** A transport, and why it is this one. */
  record Choice(Transport transport, String reason) {}

  private static final String CONFIGURED = "configured";

  private Transports() {}

  /**
   * Opens a transport.
   *
   * @param pool lends the memory to receive into
   * @throws IOException if the system refuses what was asked for; the message says why
   */
  static Choice open(TransportChoice asked, BufferPool pool) throws IOException {
    return switch (asked) {
      case NIO -> new Choice(new NioTransport(pool), CONFIGURED);
      case IO_URING -> new Choice(openUring(pool), CONFIGURED);
      case AUTO -> openWhatWorks(pool);
    };
  }

  private static Transport openUring(BufferPool pool) throws IOException {
    try {
      return new UringTransport(pool);
    } catch (RefusedException e) {
      throw new IOException("cannot use io_uring: " + e.getMessage(), e);
    }
  }

  private static Choice openWhatWorks(BufferPool pool) throws IOException {
    try {
      return new Choice(new UringTransport(pool), "the system has io_uring");
    } catch (RefusedException e) {
      return new Choice(new NioTransport(pool), e.getMessage());
    }
  }
}
