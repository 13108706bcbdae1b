package io.fkvs.client;

import java.time.Duration;

/**
 * What a command is asked with. {@code null} and 0 where it has no such argument.
 *
 * @param key the key
 * @param value the value or the payload
 * @param number the amount or the cursor
 * @param count how many keys a page is to have
 * @param time the time to live
 */
record Arguments(byte[] key, byte[] value, long number, int count, Duration time) {
  static final Arguments NONE = new Arguments(null, null, 0, 0, null);

  static Arguments key(byte[] key) {
    return new Arguments(key, null, 0, 0, null);
  }

  static Arguments payload(byte[] payload) {
    return new Arguments(null, payload, 0, 0, null);
  }

  static Arguments page(long cursor, int count) {
    return new Arguments(null, null, cursor, count, null);
  }

  Arguments withValue(byte[] value) {
    return new Arguments(key, value, number, count, time);
  }

  Arguments withNumber(long number) {
    return new Arguments(key, value, number, count, time);
  }

  Arguments withTime(Duration time) {
    return new Arguments(key, value, number, count, time);
  }

  /** The time to live in whole seconds, rounded up, 0 where there is none left. */
  long seconds() {
    if (!time.isPositive()) {
      return 0;
    }
    long seconds = time.getSeconds();
    boolean rounds = time.getNano() > 0 && seconds < Long.MAX_VALUE;
    return rounds ? seconds + 1 : seconds;
  }

  /** The time to live in whole milliseconds, rounded up, 0 where there is none left. */
  long millis() {
    if (!time.isPositive()) {
      return 0;
    }
    if (time.getSeconds() > Long.MAX_VALUE / 1000 - 1) {
      return Long.MAX_VALUE;
    }
    return time.getSeconds() * 1000 + Math.ceilDiv(time.getNano(), 1_000_000);
  }
}
