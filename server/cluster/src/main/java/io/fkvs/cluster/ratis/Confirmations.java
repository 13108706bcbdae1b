package io.fkvs.cluster.ratis;

import io.fkvs.cluster.consensus.Replica;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.agrona.collections.LongArrayList;

/*
 * Why not the reads that Ratis has. In 3.3.0 neither of its two ways is safe:
 *
 * - Without a lease the leader is to ask a majority whether it still leads. It does not if the same
 *   commit index has been confirmed before (ReadIndexHeartbeats.ackedCommitIndex), and a read joins
 *   a round that was begun before it came. A leader that was cut off or stopped, and that has not
 *   noticed yet, so answers with what was true before the others elected another.
 * - A lease needs followers that elect nobody while it lasts. A follower that has just heard of the
 *   leader still votes for a candidate with a higher term (VoteContext.SKIP_CHECK_LEADER). And a
 *   lease trusts clocks, which stop when a virtual machine does.
 *
 * What is done instead needs no leader and no clock. An entry is agreed on when it is on the disks
 * of a majority, and none of those forgets it. So a majority that is asked now holds, in at least
 * one log, each entry that was agreed on before: the largest of the indexes on their disks is at
 * least as large as all of these. When this member has applied up to there, it is up to date. It
 * waits for entries, too, that are on a disk and not agreed on yet; that is a sync at most.
 *
 * The majority must be one of the right voters. When they change, a majority of the old ones has
 * the change in its log. Therefore each answer tells the voters that its member knows, and one
 * that knows others than the member that asks does not count.
 */
/**
 * Answers {@link io.fkvs.cluster.consensus.Consensus#confirm}: at most one question at a time is on
 * its way to the other members, for all tickets that came before it.
 */
final class Confirmations {
  /** How many tickets may wait for a question. */
  private static final int MAX_TICKETS = 1 << 16;

  private final Executor engine;
  private final Supplier<String> self;
  private final Supplier<Voters> voters;
  private final Supplier<Floor> own;
  private final Function<String, CompletableFuture<Floor>> ask;
  private final ReplicaMachine machine;

  private LongArrayList tickets = new LongArrayList();
  private boolean asking;

  /**
   * @param engine one thread, on which questions and answers are handled
   * @param self this member's name
   * @param voters whom to ask
   * @param own how far this member's log goes
   * @param ask asks another one
   * @param machine tells what is applied
   */
  Confirmations(
      Executor engine,
      Supplier<String> self,
      Supplier<Voters> voters,
      Supplier<Floor> own,
      Function<String, CompletableFuture<Floor>> ask,
      ReplicaMachine machine) {
    this.engine = engine;
    this.self = self;
    this.voters = voters;
    this.own = own;
    this.ask = ask;
    this.machine = machine;
  }

  /** Takes a ticket, from any thread, unless there are too many. */
  synchronized boolean confirm(long ticket) {
    if (tickets.size() == MAX_TICKETS) {
      return false;
    }
    tickets.addLong(ticket);
    if (!asking) {
      asking = true;
      engine.execute(this::next);
    }
    return true;
  }

  private void next() {
    LongArrayList asked;
    synchronized (this) {
      asking = !tickets.isEmpty();
      if (!asking) {
        return;
      }
      asked = tickets;
      tickets = new LongArrayList();
    }
    try {
      new Question(asked, voters.get(), own.get()).ask();
    } catch (RuntimeException e) {
      // This member is being closed: the answers get lost.
      synchronized (this) {
        asking = false;
      }
    }
  }

  private final class Question {
    private final LongArrayList tickets;
    private final Voters voters;
    private final Floor own;
    private final Set<String> agreed = new HashSet<>();
    private long index;
    private int outstanding;
    private boolean over;

    Question(LongArrayList tickets, Voters voters, Floor own) {
      this.tickets = tickets;
      this.voters = voters;
      this.own = own;
    }

    void ask() {
      for (String name : voters.all()) {
        if (!name.equals(self.get())) {
          outstanding++;
          ask.apply(name)
              .whenCompleteAsync((floor, failure) -> answered(name, floor, failure), engine);
        }
      }
      outstanding++;
      answered(self.get(), own, null);
    }

    private void answered(String name, Floor floor, Throwable failure) {
      outstanding--;
      if (over) {
        return;
      }
      if (failure == null && floor.voters().equals(voters.text())) {
        agreed.add(name);
        index = Math.max(index, floor.index());
      }
      if (voters.majority(agreed)) {
        machine.whenApplied(index, this::confirm);
        over = true;
      } else if (outstanding == 0) {
        over = true;
      }
      if (over) {
        next();
      }
    }

    private void confirm(Replica replica) {
      for (int i = 0; i < tickets.size(); i++) {
        replica.confirmed(tickets.getLong(i));
      }
    }
  }
}
