package io.fkvs.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  @ParameterizedTest
  @ValueSource(strings = {"", "key?", "schl\u00FCssel \u20AC", "\uD83D\uDE00"})
  void shouldEncodeText(String text) {
    assertArrayEquals(text.getBytes(UTF_8), Utf8.encode(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\uD800", "a\uDBFF", "\uDC00b"})
  void shouldRefuseTextThatHasNoUtf8(String text) {
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> Utf8.encode(text));
    assertEquals("text has an unpaired surrogate: length=2", refusal.getMessage());
  }
}
