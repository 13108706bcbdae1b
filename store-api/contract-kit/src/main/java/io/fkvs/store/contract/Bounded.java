package io.fkvs.store.contract;

import io.fkvs.store.StoreFullException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Plays a script on a store that may be full at any step: what it refuses has changed nothing, what
 * it does not refuse is answered as the model does, and the memory reserved stays within the bound.
 */
final class Bounded {
  private static final Thrown FULL = new Thrown(StoreFullException.class);
  private static final Object NOTHING = new Object();

  private final Subject subject;
  private final TestClock clock;
  private final Model model;
  private final long maxBytes;

  Bounded(Subject subject, TestClock clock, long maxBytes) {
    this.subject = subject;
    this.clock = clock;
    this.maxBytes = maxBytes;
    this.model = new Model(clock);
  }

  void play(Script script) {
    List<Step> steps = singly(script);
    for (int i = 0; i < steps.size(); i++) {
      try {
        play(steps.get(i));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "maxBytes=" + maxBytes + ", step " + (i + 1) + ", " + steps.get(i) + ": " + e, e);
      }
    }
    Check.equal("at the end, a scan of everything", model.live(), subject.scanAll(50));
    model.live().forEach((key, entry) -> Check.equal("get " + key, entry, subject.get(key)));
    subject.sweep(Integer.MAX_VALUE);
    long liveBytes = 0;
    for (Map.Entry<Key, Entry> each : model.live().entrySet()) {
      liveBytes += each.getKey().bytes().length() + each.getValue().value().bytes().length();
    }
    Check.equal("at the end, live bytes", liveBytes, subject.store().statistics().liveBytes());
  }

  /** The steps that can be refused as a whole: a range of puts is as many steps. */
  private static List<Step> singly(Script script) {
    List<Step> steps = new ArrayList<>();
    for (Step step : script.steps()) {
      switch (step) {
        case Step.PutRange range -> range.puts().forEach(steps::add);
        case Step.ScanOn scan -> {}
        case Step.Hold hold -> {}
        default -> steps.add(step);
      }
    }
    return steps;
  }

  private void play(Step step) {
    if (step instanceof Step.Wait(long ms)) {
      clock.advance(ms);
      return;
    }
    Object answer = ask(step);
    if (answer.equals(FULL)) {
      checkUnchanged(step);
      long reserved = subject.store().statistics().reservedBytes();
      answer = ask(step);
      long again = subject.store().statistics().reservedBytes();
      Check.that(
          "refused once reserves " + reserved + ", twice " + again,
          !answer.equals(FULL) || again <= reserved);
    }
    if (!answer.equals(FULL)) {
      Lockstep.checkAnswer(step.expect(model), answer == NOTHING ? null : answer);
    }
    long reserved = subject.store().statistics().reservedBytes();
    Check.that("reserved: " + reserved, reserved <= maxBytes);
  }

  private Object ask(Step step) {
    try {
      Object answer = step.ask(subject);
      return answer == null ? NOTHING : answer;
    } catch (StoreFullException e) {
      return FULL;
    }
  }

  private void checkUnchanged(Step step) {
    Key key =
        switch (step) {
          case Step.Put put -> put.key();
          case Step.Increment increment -> increment.key();
          case Step.Expire expire -> expire.key();
          default -> throw new AssertionError("refused, though it takes no room");
        };
    Check.equal("get " + key + " after the refusal", model.peek(key), subject.get(key));
  }
}
