package io.fkvs.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({"0,0", "1500,1500", "1.5k,1500", "10M,10000000", "0.000001m,1"})
  void shouldReadACount(String text, long count) {
    assertEquals(count, new Quantity.Count().convert(text));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "500us,500000", "1ms,1000000", "1.5s,1500000000", "2min,120000000000"})
  void shouldReadATime(String text, long ns) {
    assertEquals(ns, new Quantity.Time().convert(text));
  }

  @ParameterizedTest
  @CsvSource({"10,PT10S", "0.5,PT0.5S", "500ms,PT0.5S", "2min,PT2M"})
  void shouldReadATimeout(String text, Duration timeout) {
    assertEquals(timeout, new Quantity.Timeout().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0s", "-1", "soon", ""})
  void shouldRefuseATimeoutThatIsNone(String text) {
    assertThrows(TypeConversionException.class, () -> new Quantity.Timeout().convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "k", "-1", "1g", "1 k", "1e3", "0.5"})
  void shouldRefuseWhatIsNoCount(String text) {
    assertEquals(
        "'" + text + "' is not a count such as 1500, 1.5k or 10m",
        assertThrows(TypeConversionException.class, () -> new Quantity.Count().convert(text))
            .getMessage());
  }

  @Test
  void shouldRefuseATimeWithoutAUnit() {
    assertThrows(TypeConversionException.class, () -> new Quantity.Time().convert("10"));
  }
}
