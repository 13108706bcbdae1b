package io.fkvs.history;

import io.fkvs.history.Answer.Content;
import io.fkvs.history.Request.Increment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Shortens a history of one key that is not linearizable. What is left out only ever makes it
 * easier to explain, so what remains is a fault of the whole.
 */
final class Explanation {
  /*
   * The search tells the end that no order gets past. What is under way then becomes unknown. The
   * window grows backwards from there until it is wrong whatever the key held before; what was
   * under way at its beginning becomes unknown, too, for it may have taken effect before. Then
   * single operations go, of which most are reads, or writes that nobody read.
   */

  /** Each of many searches has this part of the memory; one that does not suffice shortens less. */
  private static final int SEARCH_PART = 64;

  /** So many may not suffice; then what is left stays. */
  private static final int PATIENCE = 64;

  private final long memoryBytes;
  private int patience = PATIENCE;
  private Content initial = Content.ABSENT;
  private List<Operation> window;

  private Explanation(List<Operation> operations, long memoryBytes) {
    this.memoryBytes = memoryBytes;
    window = operations;
  }

  /**
   * Explains a history that was refuted.
   *
   * @param stuckAt the end that no order gets past
   * @param memoryBytes what its search may take
   */
  static Verdict of(String key, List<Operation> operations, long stuckAt, long memoryBytes) {
    Explanation explanation = new Explanation(operations, memoryBytes / SEARCH_PART);
    explanation.narrow(stuckAt);
    explanation.leaveOut();
    List<Operation> left = new ArrayList<>(explanation.window);
    left.sort(Comparator.comparingLong(Operation::call));
    return Verdict.violation(key, left, explanation.initial != Model.ANY);
  }

  /**
   * Finds an operation that met what no operation can have left: a part of a value, or that of
   * another key. It is wrong alone.
   *
   * @return the operation, {@code null} where there is none
   */
  static Operation fromNowhere(List<Operation> operations) {
    Set<Content> left = new HashSet<>();
    left.add(Content.ABSENT);
    for (Operation operation : operations) {
      if (operation.request() instanceof Increment && operation.isUnknown()) {
        return null; // leaves any number
      }
      if (!operation.isRead()) {
        left.add(Model.after(Model.ANY, operation));
      }
    }
    return operations.stream()
        .filter(operation -> operation.answer() instanceof Content met && !left.contains(met))
        .min(Comparator.comparingLong(Operation::end))
        .orElse(null);
  }

  private boolean isRefuted(List<Operation> operations, Content initial) {
    if (patience == 0) {
      return false;
    }
    Search.Outcome outcome = Search.run(operations, initial, memoryBytes).outcome();
    if (outcome == Search.Outcome.UNDECIDED) {
      patience--;
    }
    return outcome == Search.Outcome.REFUTED;
  }

  private void narrow(long stuckAt) {
    List<Operation> prefix = until(stuckAt, window);
    long[] calls = prefix.stream().mapToLong(Operation::call).sorted().toArray();
    int length = 1;
    while (length < calls.length && !beginAt(calls[calls.length - length], prefix)) {
      length *= 2;
    }
    if (initial == Model.ANY) {
      narrow(calls, length, prefix);
    } else if (isRefuted(prefix, initial)) {
      window = prefix;
    }
  }

  /** Looks between half of the length of a window and the whole. */
  private void narrow(long[] calls, int length, List<Operation> prefix) {
    int low = length / 2 + 1;
    int high = length;
    while (low < high) {
      int middle = (low + high) / 2;
      if (beginAt(calls[calls.length - middle], prefix)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
  }

  /** Lets the window begin at a time, if it is wrong then whatever the key held before. */
  private boolean beginAt(long time, List<Operation> operations) {
    List<Operation> suffix = from(time, operations);
    if (!isRefuted(suffix, Model.ANY)) {
      return false;
    }
    window = suffix;
    initial = Model.ANY;
    return true;
  }

  private static List<Operation> until(long time, List<Operation> operations) {
    return operations.stream()
        .filter(operation -> operation.call() <= time)
        .map(operation -> operation.end() > time ? operation.forgotten() : operation)
        .toList();
  }

  private static List<Operation> from(long time, List<Operation> operations) {
    return operations.stream()
        .filter(operation -> operation.end() >= time)
        .map(operation -> operation.call() < time ? operation.forgotten() : operation)
        .toList();
  }

  /** Leaves out ever smaller pieces. */
  private void leaveOut() {
    for (int length = window.size() / 2; length > 0; length /= 2) {
      int start = 0;
      while (start < window.size()) {
        if (!leaveOut(start, Math.min(start + length, window.size()))) {
          start += length;
        }
      }
    }
  }

  private boolean leaveOut(int start, int end) {
    List<Operation> piece = window.subList(start, end);
    List<Operation> rest = new ArrayList<>(window.subList(0, start));
    rest.addAll(window.subList(end, window.size()));
    boolean isRefuted =
        piece.stream().allMatch(o -> isIrrelevant(o, rest)) && isRefuted(rest, initial);
    if (isRefuted) {
      window = rest;
    }
    return isRefuted;
  }

  /**
   * Says whether the rest is no harder to explain without an operation: it is a read, or the rest
   * has nobody who could have met what it left.
   */
  private static boolean isIrrelevant(Operation operation, List<Operation> rest) {
    if (operation.isRead()) {
      return true;
    }
    Content left = Model.after(Model.ANY, operation);
    return left != Model.ANY && rest.stream().noneMatch(other -> couldMeet(left, other));
  }

  private static boolean couldMeet(Content content, Operation operation) {
    return switch (operation.request()) {
      case Request.Set _, Request.Delete _ -> false;
      case Increment _ -> Model.allows(content, operation);
      case Request.Get _, Request.GetAndDelete _ ->
          !operation.isUnknown() && Objects.equals(operation.answer(), content);
    };
  }
}
