package io.fkvs.history;

/** Values as a person can read them. */
final class Text {
  /** Beyond so many characters, a value is shown by its beginning and its length. */
  private static final int SHOWN_LENGTH = 24;

  private Text() {}

  static String of(String value) {
    return value.length() <= SHOWN_LENGTH
        ? '"' + value + '"'
        : '"' + value.substring(0, SHOWN_LENGTH) + "…\" (" + value.length() + " bytes)";
  }
}
