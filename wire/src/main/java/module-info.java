/** The wire protocols of fkvs, both directions. */
module io.fkvs.wire {
  exports io.fkvs.wire;
}
