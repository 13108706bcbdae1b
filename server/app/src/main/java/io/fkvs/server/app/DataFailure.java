package io.fkvs.server.app;

import io.fkvs.store.durable.CorruptException;
import io.fkvs.store.durable.DiskFullException;
import io.fkvs.store.durable.DurableException;
import picocli.CommandLine.ExitCode;

/** The exit statuses that say what is wrong with the data directory or its disk. */
final class DataFailure {
  /** It cannot be used, or writing to it has failed. */
  static final int UNUSABLE = 3;

  static final int DISK_FULL = 4;
  static final int DAMAGED = 5;

  private DataFailure() {}

  /** The status for a failure of whatever kind. */
  static int statusOf(Throwable failure) {
    return switch (failure) {
      case CorruptException damage -> DAMAGED;
      case DiskFullException full -> DISK_FULL;
      case DurableException unusable -> UNUSABLE;
      default -> ExitCode.SOFTWARE;
    };
  }
}
