package io.fkvs.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fkvs.store.IncrementResult.Outcome;
import org.junit.jupiter.api.Test;

class IncrementResultTest {
  private final IncrementResult result = new IncrementResult();

  @Test
  void shouldSayNothingBeforeTheFirst() {
    assertNull(result.outcome());
    assertEquals(
        "nothing was added: outcome=null",
        assertThrows(IllegalStateException.class, result::number).getMessage());
  }

  @Test
  void shouldForgetTheNumberWhenTheNextIsRefused() {
    result.added(5);
    assertEquals(5, result.number());
    result.refused(Outcome.OVERFLOW);

    assertEquals(Outcome.OVERFLOW, result.outcome());
    assertEquals(
        "nothing was added: outcome=OVERFLOW",
        assertThrows(IllegalStateException.class, result::number).getMessage());
  }
}
