package io.fkvs.server.app;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFilesTest {
  @Test
  void shouldReadTheSoftLimit() {
    assertEquals(
        20,
        OpenFiles.limit(
            List.of(
                "Limit                     Soft Limit           Hard Limit           Units     ",
                "Max open files            20                   4096                 files     ")));
  }

  @Test
  void shouldTakeNoLimitForUnlimited() {
    assertEquals(
        OpenFiles.UNLIMITED,
        OpenFiles.limit(List.of("Max open files            unlimited    unlimited    files")));
    assertEquals(OpenFiles.UNLIMITED, OpenFiles.limit(List.of()));
    assertTrue(OpenFiles.limit() > 0);
  }

  @Test
  void shouldSayWhatWouldHelpWhenTheLimitIsTooLow() {
    IOException e = assertThrows(IOException.class, () -> OpenFiles.check(20, 1024));

    assertEquals(
        "too few files may be open, raise the limit (ulimit -n, LimitNOFILE): limit=20, least=64",
        e.getMessage());
  }

  @Test
  void shouldStartWhenTheLimitIsBelowMaxClients() {
    assertDoesNotThrow(() -> OpenFiles.check(Limits.LEAST_OPEN_FILES, 1024));
    assertDoesNotThrow(() -> OpenFiles.check(OpenFiles.UNLIMITED, 1024));
  }
}
