package io.fkvs.server.loop;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Replies are ready when their own step is durable, and soon after: never before. */
class HeldRepliesProperties {
  /** A cycle with replies, what was durable then, and what was sent. */
  record Cycle(int replyBytes, int durableSteps, int sentBytes) {}

  @Provide
  Arbitrary<List<Cycle>> cycles() {
    Arbitrary<Integer> small = Arbitraries.integers().between(0, 3);
    return Combinators.combine(small, small, small).as(Cycle::new).list();
  }

  @Property
  void shouldBeReadyWhenTheirStepIsDurable(@ForAll("cycles") List<Cycle> cycles) {
    HeldReplies held = new HeldReplies();
    List<Long> stepOfByte = new ArrayList<>();
    long step = 0;
    long durable = 0;
    for (Cycle cycle : cycles) {
      step++;
      for (int i = 0; i < cycle.replyBytes(); i++) {
        stepOfByte.add(step);
      }
      held.hold(stepOfByte.size(), step);
      durable = Math.min(step, durable + cycle.durableSteps());
      held.release(durable);
      for (int i = 0; i < held.readyBytes(); i++) {
        check(stepOfByte.get(i) <= durable, "left too early");
      }
      int sent = (int) Math.min(cycle.sentBytes(), held.readyBytes());
      held.sent(sent);
      stepOfByte.subList(0, sent).clear();
    }
    held.release(step);
    check(held.isEmpty() && held.readyBytes() == stepOfByte.size(), "some are held for ever");
  }

  /** With two steps under way, the first lets its replies go without the second. */
  @Example
  void shouldNotWaitForLaterSteps() {
    HeldReplies held = new HeldReplies();
    held.hold(10, 1);
    held.hold(30, 2);
    held.hold(60, 3);
    held.release(1);
    check(held.readyBytes() == 10, "the first step has 10 bytes");
    held.release(3);
    check(held.readyBytes() == 60, "all are durable");
  }

  private static void check(boolean isRight, String fault) {
    if (!isRight) {
      throw new AssertionError(fault);
    }
  }
}
