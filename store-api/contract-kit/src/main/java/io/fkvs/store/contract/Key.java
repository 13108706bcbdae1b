package io.fkvs.store.contract;

/**
 * A key.
 *
 * @param bytes its bytes
 */
record Key(Bytes bytes) {
  static Key of(String text) {
    return new Key(Bytes.of(text));
  }

  /** One of the many keys that steps on ranges of keys name. */
  static Key numbered(int number) {
    return of("n" + number);
  }

  @Override
  public String toString() {
    return bytes.toString();
  }
}
