package io.fkvs.store.contract;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.ScanCursor;
import io.fkvs.store.ValueView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Plays a script on one store or several and on the model, and compares after every step: the
 * answers, the sizes, the view that a script holds, what an unfinished scan has promised, the
 * tables' own invariants. At the end it compares everything that is stored.
 */
final class Lockstep implements AutoCloseable {
  /** Invariants walk the whole table, so they wait for the end where it is larger than this. */
  private static final int MAX_WALKED_EACH_STEP = 256;

  /** A script that has been shrunk is listed with what went wrong; a longer one is not readable. */
  private static final int MAX_LISTED = 20;

  private final Model model;
  private final List<Player> players = new ArrayList<>();
  private final Consumer<Step> observer;

  /** A store, and what a script keeps open on it. */
  private static final class Player {
    final Subject subject;
    final Consumer<KeyValueStore> invariants;
    final ValueView held = new ValueView();
    final Set<Key> visited = new HashSet<>();
    Entry heldEntry;
    ScanCursor cursor;

    Player(Subject subject, Consumer<KeyValueStore> invariants) {
      this.subject = subject;
      this.invariants = invariants;
    }
  }

  /** The keys that have been present since the open scan began; null where no scan is open. */
  private Set<Key> steady;

  Lockstep(Model model) {
    this(model, step -> {});
  }

  /** With an observer that sees each step before it is played. */
  Lockstep(Model model, Consumer<Step> observer) {
    this.model = model;
    this.observer = observer;
  }

  Lockstep on(KeyValueStore store, Consumer<KeyValueStore> invariants) {
    players.add(new Player(new Subject(store), invariants));
    return this;
  }

  void play(Script script) {
    List<Step> steps = script.steps();
    String where = "";
    try {
      for (int i = 0; i < steps.size(); i++) {
        where = "step " + (i + 1) + " of " + steps.size() + ", " + steps.get(i) + ": ";
        observer.accept(steps.get(i));
        play(steps.get(i));
      }
      where = "";
      finish();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(where + message(e) + listing(script), e);
    }
  }

  private static String message(Throwable e) {
    return e instanceof AssertionError ? e.getMessage() : e.toString();
  }

  private static String listing(Script script) {
    return script.steps().size() <= MAX_LISTED ? script.toString() : "";
  }

  private void play(Step step) {
    boolean ghostsBefore = model.ghostCount() > 0;
    long changesBefore = model.changes();
    beginScan(step);
    Object expected = model.expect(step);
    boolean quiet = step.isRead() && !ghostsBefore && model.ghostCount() == 0;
    for (Player player : players) {
      boolean hasSwept = play(player, step, expected);
      boolean changed = hasSwept || model.changes() != changesBefore;
      checkHeld(player, changed, quiet);
      checkSize(player);
    }
    if (steady != null) {
      steady.removeIf(key -> !model.isLive(key));
    }
    endScan();
  }

  /** Plays a step on a store; answers whether a sweep has removed something. */
  private boolean play(Player player, Step step, Object expected) {
    Object answer =
        switch (step) {
          case Step.ScanOn(int count) -> {
            scanOn(player, count);
            yield expected;
          }
          case Step.Hold(Key key) -> hold(player, key, (Entry) expected);
          default -> player.subject.ask(step);
        };
    checkAnswer(expected, answer);
    return step instanceof Step.Sweep && !answer.equals(0);
  }

  static void checkAnswer(Object expected, Object answer) {
    boolean isAllowed =
        switch (expected) {
          case Within within -> within.allows(answer);
          case OneOf one -> one.allows(answer);
          case null, default -> Objects.equals(expected, answer);
        };
    if (!isAllowed) {
      throw new AssertionError(Difference.of(expected, answer));
    }
  }

  private void checkSize(Player player) {
    Within range = model.sizeRange();
    long size = player.subject.store().size();
    Check.that("size after it: expected " + range + ", was " + size, range.allows(size));
    if (range.most() <= MAX_WALKED_EACH_STEP) {
      player.invariants.accept(player.subject.store());
    }
  }

  // ---- the view that is held

  private Entry hold(Player player, Key key, Entry expected) {
    if (!player.subject.hasViews()) {
      return player.subject.get(key);
    }
    if (!player.subject.get(key, player.held)) {
      return null;
    }
    player.heldEntry = expected;
    return Subject.read(player.held);
  }

  /** After a change every method of a view throws; without one it shows what it showed. */
  private void checkHeld(Player player, boolean changed, boolean quiet) {
    if (player.heldEntry == null) {
      return;
    }
    if (changed) {
      checkStale(player.held);
      player.heldEntry = null;
      return;
    }
    try {
      Check.equal("held view", player.heldEntry, Subject.read(player.held));
    } catch (IllegalStateException e) {
      Check.that("held view is stale though nothing has changed", !quiet);
      player.heldEntry = null;
    }
  }

  static void checkStale(ValueView view) {
    Check.throwing(IllegalStateException.class, "stale view, length", view::length);
    Check.throwing(IllegalStateException.class, "stale view, bytes", view::toByteArray);
    Check.throwing(IllegalStateException.class, "stale view, byte", () -> view.byteAt(0));
    Check.throwing(IllegalStateException.class, "stale view, text", view::toUtf8);
    Check.throwing(IllegalStateException.class, "stale view, number", view::toLong);
    Check.throwing(IllegalStateException.class, "stale view, type", view::type);
    Check.throwing(IllegalStateException.class, "stale view, deadline", view::deadlineMs);
  }

  // ---- the scan that is open

  private void beginScan(Step step) {
    if (step instanceof Step.ScanOn && steady == null) {
      steady = new HashSet<>(model.live().keySet());
      players.forEach(
          player -> {
            player.cursor = new ScanCursor();
            player.visited.clear();
          });
    }
  }

  private void scanOn(Player player, int count) {
    if (player.cursor == null) {
      return; // this store's scan has ended before that of another
    }
    Map<Key, Entry> live = model.live();
    boolean more =
        player.subject.scan(
            player.cursor,
            count,
            (key, entry) -> {
              Check.equal("scan visited " + key, live.get(key), entry);
              player.visited.add(key);
            });
    if (!more) {
      player.cursor = null;
      checkVisited(player);
    }
  }

  private void checkVisited(Player player) {
    for (Key key : steady) {
      Check.that(
          "scan missed " + key + ", which was present all the while", player.visited.contains(key));
    }
  }

  /** The scan is over when it is on all stores. */
  private void endScan() {
    if (players.stream().allMatch(player -> player.cursor == null)) {
      steady = null;
    }
  }

  // ---- the end

  private void finish() {
    for (int calls = 0; steady != null; calls++) {
      Check.that("at the end, the open scan does not end", calls < Subject.MAX_SCAN_CALLS);
      play(new Step.ScanOn(64));
    }
    Map<Key, Entry> live = model.live();
    for (Player player : players) {
      checkEverything(player, live);
    }
  }

  /** The last gets are accesses. */
  private void checkEverything(Player player, Map<Key, Entry> live) {
    Subject subject = player.subject;
    player.invariants.accept(subject.store());
    Check.equal("at the end, a scan of everything", live, subject.scanAll(100));
    live.keySet()
        .forEach(key -> Check.equal("at the end, get " + key, model.get(key), subject.get(key)));
    subject.sweep(Integer.MAX_VALUE);
    Check.equal("at the end, size after a sweep", (long) live.size(), subject.store().size());
    player.invariants.accept(subject.store());
    Check.equal(
        "at the end, a scan with the longest call",
        model.live(),
        subject.scanAll(Integer.MAX_VALUE));
    player.heldEntry = null;
  }

  @Override
  public void close() {
    for (Player player : players) {
      player.subject.close();
    }
  }
}
