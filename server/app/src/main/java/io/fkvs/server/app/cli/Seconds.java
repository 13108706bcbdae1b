package io.fkvs.server.app.cli;

import java.math.BigDecimal;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time as people type it: {@code 10}, {@code 0.5}. Any thread. */
final class Seconds implements ITypeConverter<Duration> {
  private static final int NANO_DIGITS = 9;
  private static final BigDecimal MAX_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

  @Override
  public Duration convert(String text) {
    try {
      BigDecimal nanos = new BigDecimal(text).movePointRight(NANO_DIGITS);
      if (nanos.compareTo(BigDecimal.ONE) >= 0 && nanos.compareTo(MAX_NANOS) <= 0) {
        return Duration.ofNanos(nanos.longValue());
      }
    } catch (NumberFormatException e) {
      // Told below, with what is not in range.
    }
    throw new TypeConversionException("'" + text + "' is not a number of seconds above 0");
  }
}
