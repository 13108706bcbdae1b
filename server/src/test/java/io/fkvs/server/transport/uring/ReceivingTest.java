package io.fkvs.server.transport.uring;

import static io.fkvs.server.transport.uring.Receiving.ARMED;
import static io.fkvs.server.transport.uring.Receiving.CANCELLED;
import static io.fkvs.server.transport.uring.Receiving.CLOSED;
import static io.fkvs.server.transport.uring.Receiving.ENDED;
import static io.fkvs.server.transport.uring.Receiving.STOPPED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The table of steps of a receive. */
class ReceivingTest {
  private static final Map<Receiving, Set<Receiving>> STEPS =
      Map.of(
          STOPPED, Set.of(ARMED, CLOSED),
          ARMED, Set.of(STOPPED, CANCELLED, ENDED, CLOSED),
          CANCELLED, Set.of(STOPPED, ENDED, CLOSED),
          ENDED, Set.of(CLOSED),
          CLOSED, Set.of());

  @Test
  void shouldLeadWhereTheTableSays() {
    for (Receiving from : Receiving.values()) {
      for (Receiving to : Receiving.values()) {
        assertEquals(STEPS.get(from).contains(to), from.leadsTo(to), from + " to " + to);
      }
    }
  }
}
