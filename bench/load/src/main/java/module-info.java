/** The load generator and the comparison of servers; what their reports are made of is shared. */
@SuppressWarnings("requires-automatic") // none of them could do harm here
module io.fkvs.load {
  requires HdrHistogram;
  requires info.picocli;
  requires io.fkvs.uring;
  requires io.fkvs.wire;
  requires jdk.management;

  exports io.fkvs.load.report;

  opens io.fkvs.load to
      info.picocli;
  opens io.fkvs.load.compare to
      info.picocli;
}
