package io.fkvs.store.durable;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many more kills. Its name keeps it out of an ordinary run; the profile {@code soak} has it. */
class KillSoak {
  private static final int KILLS = 200;

  @Test
  void shouldHaveWhatWasAcknowledgedBeforeAKill(@TempDir Path folder) throws Exception {
    KillTest.kill(folder, KILLS);
  }
}
