package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadsTest {
  @Test
  void shouldTakeANumberOrWhatTheProcessMayUse() {
    assertEquals(3, Threads.of("3"));
    assertEquals(Runtime.getRuntime().availableProcessors(), Threads.of("auto"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "all", "2.5", "Auto", "99999999999"})
  void shouldSayWhatItTakesInstead(String text) {
    assertEquals(
        "threads must be a number or auto: threads=" + text,
        assertThrows(IllegalArgumentException.class, () -> Threads.of(text)).getMessage());
  }
}
