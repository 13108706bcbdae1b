package io.fkvs.wire;

/**
 * Why a RESP request cannot be read. Nothing behind such a request can be read either. The texts
 * are those of Redis, which clients may look for.
 */
public enum RespFault {
  /** The number of arguments is none, or more than a request may have. */
  INVALID_COUNT("invalid multibulk length"),
  /** The number of arguments has too many digits. */
  LONG_COUNT("too big mbulk count string"),
  /** An argument does not begin with a dollar sign; {@link Request#faultByte} says with what. */
  EXPECTED_BULK("expected '$', got '"),
  /** The length of an argument is none, or more than the longest value's. */
  INVALID_LENGTH("invalid bulk length"),
  /** The length of an argument has too many digits. */
  LONG_LENGTH("too big bulk count string"),
  /** A line without an end. */
  LONG_LINE("too big inline request"),
  /** A line with a quote that is not closed, or closed amid a word. */
  UNBALANCED_QUOTES("unbalanced quotes in request"),
  /** More arguments than are read of a client that has not authenticated. */
  UNAUTHENTICATED_COUNT("unauthenticated multibulk length"),
  /** A longer argument than is read of a client that has not authenticated. */
  UNAUTHENTICATED_LENGTH("unauthenticated bulk length"),
  /** All arguments together are longer than a request may be. */
  TOO_LARGE("request is too large");

  private final String text;

  RespFault(String text) {
    this.text = text;
  }

  /**
   * What to tell the client.
   *
   * @return the text, which for {@link #EXPECTED_BULK} goes on with the byte and a quote
   */
  public String text() {
    return text;
  }
}
