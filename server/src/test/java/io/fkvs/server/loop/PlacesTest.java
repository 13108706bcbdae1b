package io.fkvs.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class PlacesTest {
  /** Clients come and go in any order: whoever comes is dealt to a loop that has the fewest. */
  @Property
  void shouldDealToALoopThatHasTheFewest(
      @ForAll @IntRange(min = 1, max = 8) int loops, @ForAll List<Boolean> comings) {
    Places places = new Places(Integer.MAX_VALUE, loops);
    int[] clients = new int[loops];
    int goes = 0;
    for (boolean comes : comings) {
      if (comes) {
        int loop = places.deal();
        for (int count : clients) {
          assertTrue(clients[loop] <= count);
        }
        assertTrue(places.take(false));
        clients[loop]++;
      } else {
        goes = (goes + 1) % loops;
        if (clients[goes] > 0) {
          places.free(goes);
          clients[goes]--;
        }
      }
    }
  }

  @Example
  void shouldDealInTurnWhereAllHaveAsMany() {
    Places places = new Places(100, 3);
    assertEquals(
        List.of(1, 2, 0, 1, 2, 0),
        List.of(
            places.deal(),
            places.deal(),
            places.deal(),
            places.deal(),
            places.deal(),
            places.deal()));
  }

  @Example
  void shouldForgetThoseWhoWereNotLetIn() {
    Places places = new Places(100, 2);
    assertEquals(1, places.deal());
    places.refuse(1);
    places.deal();
    places.deal();
    assertEquals(2, places.deal() + places.deal() + 1);
  }

  @Example
  void shouldHaveOnePlaceBeyondAndDealWhoeverWantsItToTheFirstLoop() {
    Places places = new Places(2, 4);
    assertTrue(places.take(false));
    assertTrue(places.take(false));
    assertFalse(places.take(false));
    assertEquals(0, places.deal());
    assertEquals(0, places.deal());
    assertTrue(places.take(true));
    assertFalse(places.take(true));
    places.free(0);
    places.free(0);
    assertTrue(places.take(false));
  }
}
