package io.fkvs.server.app;

/** The limits of the programs, each with the reason for its number. */
final class Limits {
  /** The log lines that may wait to be read: some hundred KiB, and a burst of a full server. */
  static final int LOG_LINES = 4096;

  /** The files that the program needs beside its clients: jars, sockets, and some to warm up. */
  static final int LEAST_OPEN_FILES = 64;

  /** How long a program that ends waits for its log to be read. */
  static final long LOG_FLUSH_MS = 500;

  private Limits() {}
}
