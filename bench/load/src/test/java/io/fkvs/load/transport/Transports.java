package io.fkvs.load.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What there is to test with. */
public final class Transports {
  private Transports() {}

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
    try {
      return TransportKind.uringRefusal().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
