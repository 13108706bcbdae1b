/** The wire protocols of fkvs, both directions, and the Java client. */
module io.fkvs.wire {
  exports io.fkvs.client;
  exports io.fkvs.wire;
}
