package io.fkvs.server.protocol;

/** What requests that cost about the same do. */
public enum RequestKind {
  /** Looks at some keys. */
  READ,

  /** Changes some keys. */
  WRITE,

  /** Goes through all keys. */
  SCAN,

  /** Anything else. */
  OTHER
}
