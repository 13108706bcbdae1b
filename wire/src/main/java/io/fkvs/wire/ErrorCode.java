package io.fkvs.wire;

/** Why a server refused a request, as the compact protocol says it. */
public enum ErrorCode {
  /** The request does not have the form that its opcode needs; the connection is closed. */
  MALFORMED(1, true),
  /** No request starts with this byte; the connection is closed. */
  UNKNOWN_OPCODE(2, true),
  /** The value is no number. */
  NOT_AN_INTEGER(3, false),
  /** The sum does not fit 64 bits. */
  OVERFLOW(4, false),
  /** The key or the value is longer than the server takes. */
  TOO_LARGE(5, false),
  /** The store has no memory left for the entry. */
  STORE_FULL(6, false),
  /** The server serves as many clients as it may; the connection is closed. */
  TOO_MANY_CLIENTS(7, true),
  /** The server failed. */
  INTERNAL(8, false),
  /** The server wants a password first. */
  NOT_AUTHENTICATED(9, false),
  /** The password is not the server's, or the server has none. */
  WRONG_PASSWORD(10, false),
  /** The server finds no majority of its cluster; nothing was changed. */
  NO_MAJORITY(11, false),
  /** A majority of the cluster did not answer in time: the request may still be carried out. */
  UNDECIDED(12, false);

  private final int code;
  private final boolean endsConnection;

  ErrorCode(int code, boolean endsConnection) {
    this.code = code;
    this.endsConnection = endsConnection;
  }

  /**
   * The code on the wire.
   *
   * @return a positive number
   */
  public int code() {
    return code;
  }

  /**
   * Says whether the server closes the connection behind the reply.
   *
   * @return whether it does
   */
  public boolean endsConnection() {
    return endsConnection;
  }

  /**
   * Finds an error by its code.
   *
   * @param code a number from the wire
   * @return the error, or {@code null} where none has this code
   */
  public static ErrorCode ofCode(long code) {
    for (ErrorCode error : values()) {
      if (error.code == code) {
        return error;
      }
    }
    return null;
  }
}
