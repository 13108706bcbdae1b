package io.fkvs.load;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers with a unit as people type them: {@code 10m} requests, {@code 500us}. Any thread. */
final class Quantity {
  private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)([a-z]*)");

  private Quantity() {}

  /** A count: {@code 1500}, {@code 1.5k}, {@code 10m}. */
  static final class Count implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return scaled(text, this::factor, "a count such as 1500, 1.5k or 10m");
    }

    private double factor(String unit) {
      return switch (unit) {
        case "" -> 1;
        case "k" -> 1e3;
        case "m" -> 1e6;
        default -> Double.NaN;
      };
    }
  }

  /** A time in nanoseconds: {@code 500us}, {@code 1ms}, {@code 10s}, {@code 2min}, {@code 0}. */
  static final class Time implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return text.equals("0")
          ? 0L
          : scaled(text, this::factor, "a time such as 500us, 1ms, 10s or 2min");
    }

    private double factor(String unit) {
      return switch (unit) {
        case "us" -> 1e3;
        case "ms" -> 1e6;
        case "s" -> 1e9;
        case "min" -> 60e9;
        default -> Double.NaN;
      };
    }
  }

  /** A time of more than zero, seconds where it has no unit: {@code 10}, {@code 500ms}. */
  static final class Timeout implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      boolean hasUnit = !text.isEmpty() && Character.isLetter(text.charAt(text.length() - 1));
      Duration timeout = Duration.ofNanos(new Time().convert(hasUnit ? text : text + "s"));
      if (!timeout.isPositive()) {
        throw new TypeConversionException("'" + text + "' is not more than no time");
      }
      return timeout;
    }
  }

  private interface Factor {
    double of(String unit);
  }

  private static long scaled(String text, Factor factor, String form) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    double value =
        matcher.matches()
            ? Double.parseDouble(matcher.group(1)) * factor.of(matcher.group(2))
            : Double.NaN;
    if (Double.isNaN(value) || value != Math.rint(value)) {
      throw new TypeConversionException("'" + text + "' is not " + form);
    }
    return (long) value;
  }
}
