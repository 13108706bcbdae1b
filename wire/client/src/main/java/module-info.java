/** The Java client of an fkvs server. */
module io.fkvs.client {
  requires transitive io.fkvs.wire;

  exports io.fkvs.client;
}
