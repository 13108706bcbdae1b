package io.fkvs.wire;

/**
 * What an argument of a request is. A {@link Command} says which arguments it takes, and a protocol
 * how each is written: classic writes all of them as bytes, numbers as decimal text; compact writes
 * numbers in binary.
 */
public enum Argument {
  /** The name of an entry: bytes. */
  KEY(Signature.KEY),
  /** What is to be stored: bytes. */
  VALUE(Signature.BYTES),
  /** What the server is to send back: bytes. */
  PAYLOAD(Signature.BYTES),
  /** What a client says to be served: bytes. */
  PASSWORD(Signature.BYTES),
  /** What to add or to take away: a signed 64-bit number. */
  AMOUNT(Signature.SIGNED),
  /** How long an entry is to live, 0 or more: seconds in classic, milliseconds in compact. */
  TIME_TO_LIVE(Signature.TIME),
  /** Where a scan is to go on: a signed 64-bit number. */
  CURSOR(Signature.SIGNED),
  /** How many keys a scan is to list: 0 to {@link CompactRequestEncoder#MAX_VARINT}. */
  COUNT(Signature.COUNT);

  private final int kind;

  Argument(int kind) {
    this.kind = kind;
  }

  /** How it is read and written: one of the kinds of {@link Signature}. */
  int kind() {
    return kind;
  }
}
