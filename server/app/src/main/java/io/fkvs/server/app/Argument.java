package io.fkvs.server.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/**
 * A kind of value that a flag or a key takes.
 *
 * @param label what stands for the value in the help
 * @param fault what is wrong with a text that is no such value, in front of the key and the text
 * @param reader turns text into the value; throws {@link IllegalArgumentException} where it cannot
 * @param writer turns the value into text
 */
record Argument<V>(
    String label, String fault, Function<String, V> reader, Function<V, String> writer) {
  private static final String NO_NUMBER = "value is no number: ";

  static final Argument<String> HOST = text("HOST");
  static final Argument<String> NAME = text("NAME");
  static final Argument<Integer> PORT = number("PORT");
  static final Argument<Integer> COUNT = number("COUNT");
  static final Argument<Path> PATH =
      new Argument<>("PATH", "value is no path: ", Argument::path, Path::toString);
  static final Argument<Duration> SECONDS =
      new Argument<>(
          "SECONDS",
          NO_NUMBER,
          text -> Duration.ofSeconds(Integer.parseInt(text)),
          time -> Long.toString(time.toSeconds()));
  static final Argument<Long> SIZE =
      new Argument<>(
          "SIZE", "value is no size such as 64m or 1g: ", Argument::bytes, Argument::sizeText);
  static final Argument<Boolean> TRUTH =
      new Argument<>("", "value must be true or false: ", Argument::truth, String::valueOf);

  /** What multiplies a size by 1024, once, twice or three times. */
  private static final String UNITS = "kmg";

  private static final int UNIT_BITS = 10;

  /**
   * Reads a value.
   *
   * @param key what is to have the value, for the message
   * @throws IllegalArgumentException if the text is no such value; the message names both
   */
  V parse(String key, String text) {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(fault + key + "=" + text, e);
    }
  }

  private static Argument<String> text(String label) {
    return new Argument<>(label, "", Function.identity(), Function.identity());
  }

  private static Argument<Integer> number(String label) {
    return new Argument<>(label, NO_NUMBER, Integer::valueOf, String::valueOf);
  }

  /** An empty text, such as of a variable that is not set, would be the current folder. */
  private static Path path(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(text);
    }
    return Path.of(text);
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Long bytes(String text) {
    int last = text.length() - 1;
    int unit = last < 0 ? -1 : UNITS.indexOf(Character.toLowerCase(text.charAt(last)));
    long count = Long.parseLong(unit < 0 ? text : text.substring(0, last));
    int bits = UNIT_BITS * (unit + 1);
    if (count > Long.MAX_VALUE >> bits) {
      throw new IllegalArgumentException(text);
    }
    return count << bits;
  }

  /** The shortest text: in the largest unit of which it is a multiple. */
  private static String sizeText(long bytes) {
    int bits = Math.min(Long.numberOfTrailingZeros(bytes) / UNIT_BITS, UNITS.length()) * UNIT_BITS;
    return (bytes >> bits)
        + (bits == 0 ? "" : UNITS.substring(bits / UNIT_BITS - 1, bits / UNIT_BITS));
  }
}
