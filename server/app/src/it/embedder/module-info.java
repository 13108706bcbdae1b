/** A program of somebody else's that brings a server along. */
module io.fkvs.embedder {
  requires io.fkvs.server;
}
