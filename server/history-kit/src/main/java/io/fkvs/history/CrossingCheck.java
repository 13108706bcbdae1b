package io.fkvs.history;

import io.fkvs.history.Request.Delete;
import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.Set;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Says whether what a connection reads is as new as its own write before it. Two clients each set a
 * key of their own to 1, 2, 3 and so on, and read the other's in the same pipeline:
 *
 * <pre>
 *   client 0:  SET x 7,  GET y       client 1:  SET y 4,  GET x
 * </pre>
 *
 * <p>If client 0 does not see 4, it read before client 1 wrote, so client 1 must see 7. A server
 * that reads ahead, or keeps writes back, lets both see the past. {@link Linearizability} looks at
 * each key alone and cannot tell, and {@link OrderCheck} neither: each of its clients only writes
 * or only reads.
 *
 * <p>Any thread; nothing is kept.
 */
public final class CrossingCheck {
  private CrossingCheck() {}

  /**
   * Removes the keys, and then lets pairs of clients write and read.
   *
   * @param target what to ask
   * @param prefix what the keys begin with, so that nobody else has them
   * @param pairs how many pairs of clients, each client on a thread of its own; at least 1
   * @param rounds how often each client writes and reads
   * @return what was found
   * @throws InterruptedException if this thread is interrupted
   * @throws IllegalArgumentException if there is no pair
   * @throws IllegalStateException if the keys cannot be removed, or a client fails otherwise than
   *     by its connection
   */
  public static OrderReport run(Target target, String prefix, int pairs, int rounds)
      throws InterruptedException {
    if (pairs < 1) {
      throw new IllegalArgumentException("pairs must be at least 1: value=" + pairs);
    }
    List<Request> deletions = new ArrayList<>();
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 2 * pairs; i++) {
      deletions.add(new Delete(prefix + i));
      clients.add(new Client(target, i, prefix + i, prefix + (i ^ 1), rounds));
    }
    Clients.removeKeys(target, 2 * pairs, deletions);
    return report(Clients.run(clients));
  }

  private static OrderReport report(List<List<Long>> seen) {
    List<String> faults = new ArrayList<>();
    long changes = 0;
    for (int i = 0; i < seen.size(); i += 2) {
      changes += seen.get(i).stream().distinct().count();
      compare(i, seen.get(i), seen.get(i + 1), faults);
    }
    return new OrderReport(seen.stream().mapToLong(List::size).sum(), changes, faults);
  }

  /** Where a client has not seen the other's next write, that one must have seen this one's. */
  private static void compare(int client, List<Long> seen, List<Long> others, List<String> faults) {
    for (int round = 1; round <= seen.size(); round++) {
      long read = seen.get(round - 1);
      if (read < 0) {
        faults.add("read what nobody wrote: client=" + client + ", round=" + round);
      } else if (read < others.size() && others.get((int) read) < round) {
        faults.add(
            "both read the past: client=%d wrote %d and read %d, client=%d wrote %d and read %d"
                .formatted(client, round, read, client ^ 1, read + 1, others.get((int) read)));
      }
    }
  }

  /** Writes and reads until an answer is unknown, and answers which versions it read. */
  private record Client(Target target, int number, String own, String other, int rounds)
      implements Callable<List<Long>> {
    @Override
    public List<Long> call() {
      List<Long> seen = new ArrayList<>();
      try (Target.Session session = target.connect(number)) {
        for (int round = 1; round <= rounds; round++) {
          List<Request> requests = List.of(new Set(own, "" + round), new Get(other));
          List<Answer> answers = session.exchange(requests);
          if (answers.contains(Answer.UNKNOWN)) {
            break;
          }
          seen.add(OrderReport.version(answers.get(1)));
        }
      } catch (IOException e) {
        return List.of(); // the report has no writes of this client
      }
      return seen;
    }
  }
}
