package io.fkvs.bench.jmh;

/** What stands in the way of a report, said for the one who asked for it. */
final class ReportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReportException(String message) {
    super(message);
  }

  ReportException(String message, Throwable cause) {
    super(message, cause);
  }
}
