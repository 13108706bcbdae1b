/** A program of somebody else's, on the module path. */
module io.fkvs.consumer {
  requires io.fkvs.store;
}
