/** A binding to Linux' io_uring, of the JDK alone. */
module io.fkvs.uring {
  exports io.fkvs.uring;
}
