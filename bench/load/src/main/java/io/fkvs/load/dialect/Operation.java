package io.fkvs.load.dialect;

/** What one request asks of the server. */
public enum Operation {
  /** Asks for a sign of life and touches no key. */
  PING,
  /** Stores the value that belongs to a key. */
  SET,
  /** Reads the value that belongs to a key. */
  GET,
  /** Adds one to a counter. */
  INCR;

  private static final Operation[] VALUES = values();

  /** How many low bits of an expectation name the operation. */
  private static final int BITS = 2;

  private static final int MASK = (1 << BITS) - 1;

  /**
   * Packs this operation and the key it works on into one number, the form in which a connection
   * remembers what it has in flight.
   *
   * @param id the key's number, 0 to {@link Payload#MAX_KEYSPACE}
   * @return the expectation
   */
  public long expectation(long id) {
    return id << BITS | ordinal();
  }

  /**
   * The operation in an expectation.
   *
   * @param expectation what {@link #expectation} gave
   * @return the operation
   */
  public static Operation of(long expectation) {
    return VALUES[(int) expectation & MASK];
  }

  /**
   * The key's number in an expectation.
   *
   * @param expectation what {@link #expectation} gave
   * @return the number
   */
  public static long id(long expectation) {
    return expectation >>> BITS;
  }
}
