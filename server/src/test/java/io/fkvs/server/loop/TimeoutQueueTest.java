package io.fkvs.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.MutableClock;
import io.fkvs.server.loop.TimeoutQueue.Timer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeoutQueueTest {
  private static final long LIMIT_MS = 100;

  private final TimeoutQueue queue = new TimeoutQueue(LIMIT_MS);
  private final List<String> ended = new ArrayList<>();

  private Timer timer(String name) {
    return new Timer(() -> ended.add(name));
  }

  @Test
  void shouldEndATimerWhenItsTimeIsOverAndOnce() {
    queue.start(timer("a"), 5);

    assertEquals(0, queue.expire(104));
    assertEquals(1, queue.expire(105));
    assertEquals(0, queue.expire(1_000));
    assertEquals(List.of("a"), ended);
  }

  @Test
  void shouldRunAnewWhenStartedAgain() {
    Timer first = timer("first");
    queue.start(first, 0);
    queue.start(timer("second"), 10);
    queue.start(first, 50);

    queue.expire(149);
    assertEquals(List.of("second"), ended);
    queue.expire(150);
    assertEquals(List.of("second", "first"), ended);
  }

  @Test
  void shouldEndNoTimerThatWasStopped() {
    List<Timer> timers = List.of(timer("head"), timer("middle"), timer("tail"), timer("kept"));
    timers.forEach(timer -> queue.start(timer, 0));
    for (int i : new int[] {1, 0, 2, 2}) {
      timers.get(i).stop();
    }

    assertEquals(1, queue.expire(LIMIT_MS));
    assertEquals(List.of("kept"), ended);
  }

  @Test
  void shouldLeaveItsQueueWhenStartedInAnother() {
    TimeoutQueue other = new TimeoutQueue(2 * LIMIT_MS);
    Timer timer = timer("a");
    queue.start(timer, 0);
    other.start(timer, 0);

    assertEquals(0, queue.expire(LIMIT_MS));
    assertEquals(1, other.expire(2 * LIMIT_MS));
  }

  @Test
  void shouldStopTheTimerWhenStartedWhereNoneEnds() {
    TimeoutQueue endless = new TimeoutQueue(TimeoutQueue.NEVER);
    Timer timer = timer("a");
    queue.start(timer, 0);
    endless.start(timer, Long.MIN_VALUE);

    assertEquals(0, queue.expire(LIMIT_MS));
    assertEquals(0, endless.expire(Long.MAX_VALUE));
  }

  @Test
  void shouldEndATimerLaterWhenItStartsItselfAgain() {
    MutableClock clock = new MutableClock(0);
    Timer[] self = new Timer[1];
    self[0] = new Timer(() -> queue.start(self[0], clock.millis()));
    queue.start(self[0], 0);
    clock.advance(100);

    assertEquals(1, queue.expire(100));
    assertEquals(0, queue.expire(199));
    clock.advance(100);
    assertEquals(1, queue.expire(200));
  }

  /**
   * What proves that nobody looks behind a timer that runs: a clock that went back leaves one there
   * that would have ended.
   */
  @Test
  void shouldTouchNoneBehindTheFirstThatRuns() {
    queue.start(timer("runs"), 10);
    queue.start(timer("untouched"), 5);

    assertEquals(0, queue.expire(109));
    assertEquals(2, queue.expire(110));
  }
}
