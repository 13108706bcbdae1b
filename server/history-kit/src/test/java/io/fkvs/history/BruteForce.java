package io.fkvs.history;

import io.fkvs.history.Answer.Content;
import java.util.ArrayList;
import java.util.List;

/** Tries every order of a few operations on one key; knows nothing of how {@link Search} works. */
final class BruteForce {
  private BruteForce() {}

  /** Says whether an order explains the answers, where the key holds this at first. */
  static boolean explains(List<Operation> operations, Content initial) {
    return goesOn(operations, initial);
  }

  private static boolean goesOn(List<Operation> rest, Content content) {
    if (rest.stream().allMatch(Operation::isUnknown)) {
      return true;
    }
    for (Operation next : rest) {
      if (rest.stream().noneMatch(other -> isBefore(other, next, rest))) {
        List<Operation> others = new ArrayList<>(rest);
        others.remove(others.indexOf(next));
        if (Model.allows(content, next) && goesOn(others, Model.after(content, next))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Says whether an operation has to take effect before another. */
  private static boolean isBefore(Operation first, Operation second, List<Operation> rest) {
    boolean isEarlier = first.end() < second.call();
    boolean isOfSameClient =
        first.client() == second.client()
            && !first.isUnknown()
            && rest.indexOf(first) < rest.indexOf(second);
    return first != second && (isEarlier || isOfSameClient);
  }
}
