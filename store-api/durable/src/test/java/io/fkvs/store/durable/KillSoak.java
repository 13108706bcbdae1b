package io.fkvs.store.durable;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many more kills. Its name keeps it out of an ordinary run; the profile {@code soak} has it. */
class KillSoak {
  private static final int KILLS = 200;
  private static final int ALWAYS_CHANGES = 3_000;

  /** Some seconds: more than may be lost. */
  private static final int EVERY_SECOND_CHANGES = 500_000;

  @Test
  void shouldHaveWhatWasAcknowledgedBeforeAKill(@TempDir Path folder) throws Exception {
    KillTest.kill(folder, KILLS, ALWAYS_CHANGES, EVERY_SECOND_CHANGES);
  }
}
