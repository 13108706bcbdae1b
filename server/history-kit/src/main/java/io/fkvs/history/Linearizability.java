package io.fkvs.history;

import io.fkvs.history.Answer.Content;
import java.util.List;
import java.util.Map;

/**
 * Says whether a history is linearizable: whether on each key some order of the operations explains
 * all answers, where each takes effect at one moment between its call and its end, and those of one
 * client in the order of their calls. Keys are looked at one by one, because a history is
 * linearizable if each key's part is (Herlihy and Wing, 1990).
 *
 * <p>The search may take exponential time and memory; so it has a bound, and answers {@link
 * Verdict.Outcome#UNDECIDED} when it is reached. Each remembered configuration takes about 200
 * bytes and at most as many tries as operations are under way at the same moment, so the bound
 * holds for the time, too: the default of 64 MiB for a key is some seconds. Operations whose answer
 * is unknown are under way for ever, so a history should have few of them on each key.
 *
 * <p>Any thread; nothing is kept.
 */
public final class Linearizability {
  /** The memory for the configurations of a key, unless told otherwise. */
  public static final long DEFAULT_MEMORY_BYTES = 64 << 20;

  private Linearizability() {}

  /**
   * Checks a history with the default bound.
   *
   * @param history the history
   * @return what was found, on the key with the shortest explanation if it is a violation
   */
  public static Verdict check(History history) {
    return check(history, DEFAULT_MEMORY_BYTES);
  }

  /**
   * Checks a history.
   *
   * @param history the history
   * @param memoryBytes about how many bytes the search on each key may take
   * @return what was found, on the key with the shortest explanation if it is a violation
   */
  public static Verdict check(History history, long memoryBytes) {
    Verdict worst = Verdict.LINEARIZABLE;
    for (Map.Entry<String, List<Operation>> part : history.byKey().entrySet()) {
      Verdict verdict = check(part.getKey(), part.getValue(), memoryBytes);
      if (isWorse(verdict, worst)) {
        worst = verdict;
      }
    }
    return worst;
  }

  private static Verdict check(String key, List<Operation> operations, long memoryBytes) {
    Operation odd = Explanation.fromNowhere(operations);
    if (odd != null) {
      return Verdict.violation(key, List.of(odd), true);
    }
    Search.Result result = Search.run(operations, Content.ABSENT, memoryBytes);
    return switch (result.outcome()) {
      case EXPLAINED -> Verdict.LINEARIZABLE;
      case UNDECIDED -> Verdict.undecided(key);
      case REFUTED -> Explanation.of(key, operations, result.stuckAt(), memoryBytes);
    };
  }

  private static boolean isWorse(Verdict verdict, Verdict worst) {
    if (verdict.isViolation() && worst.isViolation()) {
      return verdict.window().size() < worst.window().size();
    }
    return verdict.isViolation() || (worst.isLinearizable() && !verdict.isLinearizable());
  }
}
