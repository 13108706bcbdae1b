package io.fkvs.bench.load.transport;

import io.fkvs.server.uring.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What there is to test with. */
public final class Transports {
  private Transports() {}

  /** A listener that hears nothing. */
  private static final Transport.Listener DEAF =
      new Transport.Listener() {
        @Override
        public void onWritable(int index) {}

        @Override
        public void onReadable(int index) {}
      };

  /**
   * The transports that this system has; {@code TransportChoiceTest} proves the refusal of others.
   */
  public static List<TransportKind> present() {
    return hasIoUring()
        ? List.of(TransportKind.NIO, TransportKind.IO_URING)
        : List.of(TransportKind.NIO);
  }

  /** Whether the system lets this process use io_uring. */
  public static boolean hasIoUring() {
    try (Transport transport = new UringTransport(DEAF)) {
      return transport.name().equals("io_uring");
    } catch (RefusedException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
