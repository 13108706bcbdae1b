package io.fkvs.history;

import java.util.Locale;

/** What a client was told. Immutable. */
public sealed interface Answer {
  /** The request was carried out, and there is no more to say: SET and DEL. */
  Answer DONE = Plain.DONE;

  /** The value is no number, or the sum does not fit 64 bits; nothing has changed. */
  Answer REFUSED = Plain.REFUSED;

  /**
   * Nobody knows: the connection was lost, or the wait given up. The request takes effect once, at
   * any time after it was sent, or never.
   */
  Answer UNKNOWN = Plain.UNKNOWN;

  /** The answers that have no content. */
  enum Plain implements Answer {
    /** {@link Answer#DONE}. */
    DONE,
    /** {@link Answer#REFUSED}. */
    REFUSED,
    /** {@link Answer#UNKNOWN}. */
    UNKNOWN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a key holds: the answer of GET and GETDEL.
   *
   * @param value the value, {@code null} where the key is absent
   */
  record Content(String value) implements Answer {
    /** The content of a key that is not there. */
    public static final Content ABSENT = new Content(null);

    @Override
    public String toString() {
      return value == null ? "absent" : Text.of(value);
    }
  }

  /**
   * The sum: the answer of INCRBY.
   *
   * @param value the number that the key holds now
   */
  record Sum(long value) implements Answer {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }
}
