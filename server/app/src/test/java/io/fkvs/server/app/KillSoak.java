package io.fkvs.server.app;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many more kills. Its name keeps it out of an ordinary run; the profile {@code soak} has it. */
class KillSoak {
  private static final int KILLS = 200;
  private static final int ALWAYS_ANSWERS = 30_000;

  /** Some seconds: more than may be lost. */
  private static final int EVERY_SECOND_ANSWERS = 300_000;

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void shouldHaveWhatWasAnsweredBeforeAKill(@TempDir Path folder) throws Exception {
    KillTest.kill(folder, KILLS, ALWAYS_ANSWERS, EVERY_SECOND_ANSWERS);
  }
}
