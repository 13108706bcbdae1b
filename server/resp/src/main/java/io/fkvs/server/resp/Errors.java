package io.fkvs.server.resp;

import java.lang.foreign.MemorySegment;

/** What clients are told when a request is refused, in the words of Redis: some parse them. */
final class Errors {
  static final MemorySegment SYNTAX = error("ERR syntax error");
  static final MemorySegment NOT_AN_INTEGER = error("ERR value is not an integer or out of range");
  static final MemorySegment NOT_A_FLOAT = error("ERR value is not a valid float");
  static final MemorySegment OVERFLOW = error("ERR increment or decrement would overflow");
  static final MemorySegment DECREMENT_OVERFLOW = error("ERR decrement would overflow");
  static final MemorySegment NOT_FINITE = error("ERR increment would produce NaN or Infinity");
  static final MemorySegment NO_SUCH_KEY = error("ERR no such key");
  static final MemorySegment SAME_KEY = error("ERR source and destination objects are the same");
  static final MemorySegment OFFSET = error("ERR offset is out of range");
  static final MemorySegment TOO_LONG =
      error("ERR string exceeds maximum allowed size (proto-max-bulk-len)");
  static final MemorySegment KEY_TOO_LONG = error("ERR key is too large: maxKeyBytes=65535");
  static final MemorySegment REPLY_TOO_LONG = error("ERR reply does not fit the memory of clients");
  static final MemorySegment FULL =
      error("OOM command not allowed when used memory > 'maxmemory'.");
  static final MemorySegment NO_CLIENT_MEMORY =
      error("OOM command not allowed: no memory of clients is left");
  static final MemorySegment NO_MAJORITY =
      error("CLUSTERDOWN no majority of the cluster answers, nothing was changed");
  static final MemorySegment UNDECIDED =
      error(
          "CLUSTERDOWN a majority of the cluster did not answer in time: it may still be carried"
              + " out");
  static final MemorySegment TOO_LONG_TO_AGREE =
      error("ERR request is longer than the servers of a cluster can agree on");
  static final MemorySegment INTERNAL = error("ERR server failed, its log says why");
  static final MemorySegment CURSOR = error("ERR invalid cursor");
  static final MemorySegment DB_INDEX = error("ERR DB index is out of range");
  static final MemorySegment NX_WITH_OTHERS =
      error("ERR NX and XX, GT or LT options at the same time are not compatible");
  static final MemorySegment GT_WITH_LT =
      error("ERR GT and LT options at the same time are not compatible");
  static final MemorySegment NOT_AUTHENTICATED = error("NOAUTH Authentication required.");
  static final MemorySegment EXEC_WITHOUT_PASSWORD =
      error("EXECABORT Transaction discarded because of: NOAUTH Authentication required.");
  static final MemorySegment NESTED_MULTI = error("ERR MULTI calls can not be nested");
  static final MemorySegment EXEC_WITHOUT_MULTI = error("ERR EXEC without MULTI");
  static final MemorySegment DISCARD_WITHOUT_MULTI = error("ERR DISCARD without MULTI");
  static final MemorySegment WATCH_IN_MULTI = error("ERR WATCH inside MULTI is not allowed");
  static final MemorySegment ABORTED =
      error("EXECABORT Transaction discarded because of previous errors.");

  private Errors() {}

  static MemorySegment error(String text) {
    return Reply.line("-" + text);
  }
}
