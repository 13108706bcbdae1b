package io.fkvs.client;

/** What a client and a server speak. */
public enum Protocol {
  /**
   * The protocol of the original server: values to 64 KiB, times in seconds, errors without a
   * reason.
   */
  CLASSIC(new ClassicDialect()),

  /**
   * The protocol of this server: values to 1 GiB, times in milliseconds, errors with a reason, and
   * {@link FkvsClient#scan}.
   */
  COMPACT(new CompactDialect());

  private final Dialect dialect;

  Protocol(Dialect dialect) {
    this.dialect = dialect;
  }

  Dialect dialect() {
    return dialect;
  }
}
