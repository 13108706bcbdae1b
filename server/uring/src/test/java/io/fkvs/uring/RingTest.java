package io.fkvs.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The queues at their limits; where the system has none, that it says so. */
class RingTest {
  private static final int SUBMISSIONS = 4;
  private static final int COMPLETIONS = 8;
  private static final int NO_FILE = -1;

  /** Tries that are more than the queues have places for, and fewer. */
  static List<Integer> counts() {
    return List.of(1, SUBMISSIONS, SUBMISSIONS + 1, COMPLETIONS, COMPLETIONS + 1, 1000);
  }

  private interface Body {
    void run(Ring ring) throws IOException;
  }

  /** Runs on a ring, or checks that the refusal says why there is none. */
  private static void onRing(Body body) throws IOException {
    Ring ring;
    try {
      Platform.check();
      ring = new Ring(SUBMISSIONS, COMPLETIONS);
    } catch (RefusedException e) {
      assertTrue(e.getMessage().contains("cause=") || e.getMessage().contains("takes"));
      return;
    }
    try (ring) {
      ring.enable();
      body.run(ring);
    }
  }

  @ParameterizedTest
  @MethodSource("counts")
  void shouldLoseNoCompletionWhenMoreComeThanFit(int count) throws IOException {
    onRing(
        ring -> {
          for (int i = 0; i < count; i++) {
            ring.submissions().close(NO_FILE, i);
          }
          List<Long> seen = new ArrayList<>();
          List<Long> expected = new ArrayList<>();
          for (long i = 0; i < count; i++) {
            expected.add(i);
          }
          int polls = 0;
          while (seen.size() < count && polls++ <= count) {
            ring.enter(0);
            for (int left = ring.completions().count(); left > 0; left--) {
              ring.completions().next();
              assertTrue(ring.completions().result() < 0);
              assertFalse(ring.completions().hasMore());
              seen.add(ring.completions().userData());
            }
            ring.completions().release();
          }
          assertEquals(expected, seen);
        });
  }

  @ParameterizedTest
  @MethodSource("counts")
  void shouldTakeBackWhatWasNotHandedOverAlone(int before) throws IOException {
    onRing(
        ring -> {
          Submissions submissions = ring.submissions();
          for (int i = 0; i < before; i++) {
            submissions.close(NO_FILE, 0);
          }
          int early = submissions.send(NO_FILE, 0, 1, 1);
          assertTrue(submissions.retract(early));
          assertFalse(submissions.isEmpty());
          ring.enter(0);
          assertTrue(submissions.isEmpty());
          assertFalse(submissions.retract(early));
          int result = NO_FILE;
          int polls = 0;
          while (result < 0 && polls++ <= before) {
            for (int left = ring.completions().count(); left > 0; left--) {
              ring.completions().next();
              result = ring.completions().userData() == 1 ? ring.completions().result() : result;
            }
            ring.completions().release();
            ring.enter(0);
          }
          assertEquals(0, result, "what was taken back did something");
        });
  }

  @ParameterizedTest
  @MethodSource("counts")
  void shouldEndTheWaitWhenWokenBeforeOrNever(int timeoutMs) throws IOException {
    onRing(
        ring -> {
          Wakeup wakeup = new Wakeup();
          ring.enter(1);
          assertEquals(0, ring.completions().count());
          wakeup.wakeUp();
          wakeup.read(ring.submissions(), 7);
          ring.enter(timeoutMs);
          assertEquals(1, ring.completions().count());
          ring.completions().next();
          assertEquals(7, ring.completions().userData());
          assertEquals(Long.BYTES, ring.completions().result());
          ring.completions().release();
          wakeup.close();
          wakeup.wakeUp(); // does nothing
        });
  }

  @ParameterizedTest
  @MethodSource("counts")
  void shouldRefuseAThreadThatDoesNotOwnIt(int count) throws IOException {
    onRing(
        ring -> {
          List<IOException> refusals = new ArrayList<>();
          Thread stranger =
              Thread.ofPlatform()
                  .start(
                      () -> {
                        for (int i = 0; i < count; i++) {
                          refusals.add(assertThrows(IOException.class, () -> ring.enter(0)));
                        }
                      });
          try {
            stranger.join();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          assertEquals(count, refusals.size());
        });
  }
}
