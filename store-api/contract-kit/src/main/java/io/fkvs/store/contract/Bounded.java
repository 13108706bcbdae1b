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

  private final Subject subject;
  private final TestClock clock;
  private final Model model;
  private final long maxBytes;

  Bounded(Subject subject, TestClock clock, long maxBytes) {
    this(subject, clock, new Model(clock), maxBytes);
  }

  Bounded(Subject subject, TestClock clock, Model model, long maxBytes) {
    this.subject = subject;
    this.clock = clock;
    this.model = model;
    this.maxBytes = maxBytes;
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
    model
        .live()
        .keySet()
        .forEach(key -> Check.equal("get " + key, model.get(key), subject.get(key)));
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
        case Step.PutRange range -> steps.addAll(range.puts());
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
    Object answer = subject.ask(step);
    if (FULL.equals(answer)) {
      checkUnchanged(step);
      long reserved = subject.store().statistics().reservedBytes();
      answer = subject.ask(step);
      long again = subject.store().statistics().reservedBytes();
      Check.that(
          "refused once reserves " + reserved + ", twice " + again,
          !FULL.equals(answer) || again <= reserved);
    }
    if (!FULL.equals(answer)) {
      Lockstep.checkAnswer(model.expect(step), answer);
    }
    long reserved = subject.store().statistics().reservedBytes();
    Check.that("reserved: " + reserved, reserved <= maxBytes);
  }

  private void checkUnchanged(Step step) {
    List<Key> keys =
        switch (step) {
          case Step.OnKey one -> List.of(one.key());
          case Step.OnKeys several -> several.keys();
          default -> throw new AssertionError("refused, though it takes no room");
        };
    for (Key key : keys) {
      Check.equal("get " + key + " after the refusal", model.get(key), subject.get(key));
    }
  }
}
