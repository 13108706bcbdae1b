package io.fkvs.load.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MachineTest {
  private static final Set<String> PLACES = Set.of("--root", "--out");

  @Test
  void shouldTellACommandWithoutThePlaces() {
    assertEquals(
        "bin/x --quick -p size=10 getHit$",
        Machine.typed(
            "bin/x",
            List.of("--root", "/home/a", "--quick", "--out=/b", "-p", "size=10", "getHit$"),
            PLACES));
    assertEquals("bin/x", Machine.typed("bin/x", List.of("--out", "b", "--root=/"), PLACES));
  }
}
