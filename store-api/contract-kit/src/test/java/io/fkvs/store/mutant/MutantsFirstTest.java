package io.fkvs.store.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The first half of the stores, and one that is right: what catches the others is their fault. */
final class MutantsFirstTest extends MutantsTest {
  @Test
  void shouldPassACorrectStore() {
    run(new Mutant("the small store", MapStore::new), Victim.class, CONTRACT_PROPERTIES);
    assertEquals(List.of(), outcome.failed);
  }
}
