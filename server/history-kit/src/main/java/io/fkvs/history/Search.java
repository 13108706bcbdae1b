package io.fkvs.history;

import io.fkvs.history.Answer.Content;
import io.fkvs.history.Request.Get;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for an order of the operations on one key that explains all answers: each takes effect at
 * one moment between its call and its end, those of one client in the order of their calls. An
 * operation whose answer is unknown may take effect after its call, or never.
 */
final class Search {
  /*
   * Wing and Gong ("Testing and verifying concurrent objects", 1993), as Lowe made it fast
   * ("Testing for linearizability", 2017). Calls and ends lie in a list, by time. An operation
   * whose call stands before the first end may be the next to take effect. If the model allows its
   * answer, it is taken: both its events leave the list, and the search begins again at its head.
   * Whoever meets an end has found an operation that should have been taken before, so the last
   * that was taken goes back to its place and the search goes on behind it.
   *
   *   head   call A   call B   end A   call C   end B   end C
   *          '---- A or B is the next ---'
   *
   * What is left to explain depends on which operations were taken and on the content they led to,
   * not on their order. Such a configuration is remembered, and is not tried twice. Most sets of
   * taken operations are a prefix of the calls and a few more, so a configuration holds the length
   * of the prefix and the bits behind it.
   *
   * A read that fits is taken at once and is no choice: whatever explains the rest with the read
   * later does so with it now. Only where the content is not known yet, it is a choice, because it
   * tells the content.
   *
   * Operations whose answer is unknown stand in a list of their own and are tried last. What one of
   * them leaves must be met by the next operation, not overwritten: otherwise it might as well not
   * have taken effect. Of those that ask the same, the first is taken before the others.
   */

  enum Outcome {
    EXPLAINED,
    REFUTED,
    /** There was no memory left to remember configurations. */
    UNDECIDED
  }

  /**
   * What was found.
   *
   * @param stuckAt the end that no order gets past; it means something where all were refuted
   */
  record Result(Outcome outcome, long stuckAt) {}

  /** The bytes of a configuration in the set, without the words of its bits. */
  private static final int CONFIGURATION_BYTES = 200;

  private static final int NONE = -1;

  /** A call or an end in the list. */
  private static final class Event {
    /** The index of the operation. */
    private final int index;

    private final long time;

    /** The end that belongs to this call; {@code null} where there is none, or this is an end. */
    private final Event end;

    private final boolean isCall;
    private Event previous;
    private Event next;

    private Event(int index, long time, Event end, boolean isCall) {
      this.index = index;
      this.time = time;
      this.end = end;
      this.isCall = isCall;
    }

    private void leave() {
      previous.next = next;
      if (next != null) {
        next.previous = previous;
      }
    }

    private void comeBack() {
      previous.next = this;
      if (next != null) {
        next.previous = this;
      }
    }
  }

  /** An operation that was taken, and what the key held before. */
  private record Taken(Event call, Content before) {}

  /**
   * What decides whether the rest can be explained.
   *
   * @param prefix so many of the operations that have ended were taken from the first on
   * @param more which of those behind them
   * @param unknown which of those whose answer is unknown
   * @param isUnmet whether the last was one of these, and nothing has met what it left
   */
  private record Configuration(
      int prefix, BitSet more, BitSet unknown, Content content, boolean isUnmet) {
    private long bytes() {
      return CONFIGURATION_BYTES + (more.size() + unknown.size()) / Byte.SIZE;
    }
  }

  /** Those that have ended, by their calls, then the others. */
  private final Operation[] operations;

  private final int endedCount;

  /** How many of those that have ended were not taken yet. */
  private int missing;

  /** The operation that the same client called before; it has ended. */
  private final int[] predecessors;

  private final Event head = new Event(NONE, Long.MIN_VALUE, null, true);
  private final Event unknowns = new Event(NONE, Long.MIN_VALUE, null, true);
  private final Deque<Taken> taken = new ArrayDeque<>();
  private final BitSet takenEnded = new BitSet();
  private final BitSet takenUnknown = new BitSet();
  private final Set<Configuration> seen = new HashSet<>();
  private long bytesLeft;
  private long stuckAt = Long.MIN_VALUE;
  private Content content;

  /**
   * Searches.
   *
   * @param operations those on one key, those of one client in their order
   * @param initial what the key holds at first
   * @param memoryBytes about how much memory configurations may take
   */
  static Result run(List<Operation> operations, Content initial, long memoryBytes) {
    Search search = new Search(operations, initial, memoryBytes);
    Outcome outcome = search.run();
    return new Result(outcome, search.stuckAt);
  }

  private Search(List<Operation> all, Content initial, long memoryBytes) {
    List<Operation> byCall =
        all.stream()
            .filter(operation -> !(operation.isUnknown() && operation.request() instanceof Get))
            .sorted(Comparator.comparingLong(Operation::call))
            .toList();
    endedCount = (int) byCall.stream().filter(operation -> !operation.isUnknown()).count();
    missing = endedCount;
    operations = new Operation[byCall.size()];
    predecessors = new int[byCall.size()];
    number(byCall);
    link();
    content = initial;
    bytesLeft = memoryBytes;
  }

  private void number(List<Operation> byCall) {
    Map<Integer, Integer> last = new HashMap<>();
    int ended = 0;
    int unknown = endedCount;
    for (Operation operation : byCall) {
      int index = operation.isUnknown() ? unknown++ : ended++;
      operations[index] = operation;
      predecessors[index] = last.getOrDefault(operation.client(), NONE);
      if (!operation.isUnknown()) {
        last.put(operation.client(), index);
      }
    }
  }

  private void link() {
    List<Event> ended = new ArrayList<>();
    List<Event> unknown = new ArrayList<>();
    for (int i = 0; i < operations.length; i++) {
      if (operations[i].isUnknown()) {
        unknown.add(new Event(i, operations[i].call(), null, true));
      } else {
        Event end = new Event(i, operations[i].end(), null, false);
        ended.add(end);
        ended.add(new Event(i, operations[i].call(), end, true));
      }
    }
    link(head, ended);
    link(unknowns, unknown);
  }

  /** At the same time, calls come first: who cannot be told apart overlaps. */
  private static void link(Event head, List<Event> events) {
    events.sort(
        Comparator.<Event>comparingLong(event -> event.time)
            .thenComparing(event -> !event.isCall)
            .thenComparingInt(event -> event.index));
    Event last = head;
    for (Event event : events) {
      last.next = event;
      event.previous = last;
      last = event;
    }
  }

  private Outcome run() {
    takeReads();
    Event event = head.next;
    while (missing > 0) {
      Event call = candidate(event);
      if (call == null) {
        stuckAt = Math.max(stuckAt, firstEnd());
        Event last = goBack();
        if (last == null) {
          return Outcome.REFUTED;
        }
        event = last.next;
      } else if (mayTake(call) && choose(call)) {
        event = head.next;
      } else {
        event = call.next;
      }
      if (bytesLeft < 0) {
        return Outcome.UNDECIDED;
      }
    }
    return Outcome.EXPLAINED;
  }

  /** The next to try, from an event on; {@code null} where something should have been taken. */
  private Event candidate(Event event) {
    Event call = event != null && !event.isCall ? unknowns.next : event;
    return call != null && call.time <= firstEnd() ? call : null;
  }

  private long firstEnd() {
    Event event = head.next;
    while (event.isCall) {
      event = event.next;
    }
    return event.time;
  }

  private boolean mayTake(Event call) {
    Operation operation = operations[call.index];
    return isFree(call)
        && Model.allows(content, operation)
        && !(isUnmet() && operation.isBlind())
        && !(operation.isUnknown() && hasTwinBefore(call));
  }

  /** Says whether what its client called before was taken. */
  private boolean isFree(Event call) {
    int predecessor = predecessors[call.index];
    return predecessor == NONE || takenEnded.get(predecessor);
  }

  private boolean isUnmet() {
    return !taken.isEmpty() && operations[taken.peek().call.index].isUnknown();
  }

  /** Says whether one that asks the same may be taken as well. */
  private boolean hasTwinBefore(Event call) {
    Request request = operations[call.index].request();
    for (Event event = call.previous; event != unknowns; event = event.previous) {
      if (operations[event.index].request().equals(request) && isFree(event)) {
        return true;
      }
    }
    return false;
  }

  /** Lets an operation take effect next, and the reads that fit then; false if that is not new. */
  private boolean choose(Event call) {
    take(call);
    takeReads();
    if (remember()) {
      return true;
    }
    goBack();
    return false;
  }

  private void takeReads() {
    Event event = head.next;
    while (content != Model.ANY && event != null && event.isCall) {
      if (operations[event.index].isRead() && mayTake(event)) {
        take(event);
        event = head.next;
      } else {
        event = event.next;
      }
    }
  }

  private void take(Event call) {
    taken.push(new Taken(call, content));
    content = Model.after(content, operations[call.index]);
    mark(call.index, true);
    call.leave();
    if (call.end != null) {
      call.end.leave();
    }
  }

  private boolean remember() {
    int prefix = takenEnded.nextClearBit(0);
    BitSet more = takenEnded.get(prefix, Math.max(prefix, takenEnded.length()));
    BitSet unknown = (BitSet) takenUnknown.clone();
    Configuration configuration = new Configuration(prefix, more, unknown, content, isUnmet());
    if (!seen.add(configuration)) {
      return false;
    }
    bytesLeft -= configuration.bytes();
    return true;
  }

  /** Undoes the last choice; answers its call, {@code null} where there is none. */
  private Event goBack() {
    while (!taken.isEmpty()) {
      Taken last = taken.pop();
      Event call = last.call;
      if (call.end != null) {
        call.end.comeBack();
      }
      call.comeBack();
      mark(call.index, false);
      content = last.before;
      if (content == Model.ANY || !operations[call.index].isRead()) {
        return call;
      }
    }
    return null;
  }

  private void mark(int index, boolean isTaken) {
    if (index < endedCount) {
      takenEnded.set(index, isTaken);
      missing += isTaken ? -1 : 1;
    } else {
      takenUnknown.set(index - endedCount, isTaken);
    }
  }
}
