package io.fkvs.server.gateway;

import java.util.Arrays;

/**
 * What the state was after every so many rounds, here and, as far as they said so in the log, at
 * the other members: so one that differs from a majority notices.
 */
final class Checkpoints {
  /** Rounds from one checkpoint to the next. */
  static final int ROUNDS = 64;

  /** How many are remembered: a member that says what it had before those is not heard. */
  private static final int KEPT = 1024;

  private final int members;
  private final long[] numbers = new long[KEPT];
  private final long[] hashes = new long[KEPT];
  private final long[][] votes;
  private final long[] voters = new long[KEPT];
  private long rounds;
  private long votedFor;

  Checkpoints(int members) {
    this.members = members;
    votes = new long[KEPT][members];
  }

  /** Counts a round; answers whether a checkpoint was reached. */
  boolean add(long hash) {
    rounds++;
    if (rounds % ROUNDS != 0) {
      return false;
    }
    long number = last();
    int slot = slot(number);
    numbers[slot] = number;
    hashes[slot] = hash;
    voters[slot] = 0;
    return true;
  }

  /** The number of the last checkpoint that was reached. */
  long last() {
    return rounds / ROUNDS;
  }

  /** How many rounds were carried out. */
  long rounds() {
    return rounds;
  }

  /** Becomes that of a saved state: what was before is not known. */
  void restore(long savedRounds) {
    rounds = savedRounds;
    Arrays.fill(numbers, 0);
  }

  /** Whether a checkpoint is known. */
  boolean knows(long number) {
    return number > 0 && numbers[slot(number)] == number;
  }

  /** What the state was at a checkpoint that is known. */
  long hash(long number) {
    return hashes[slot(number)];
  }

  /** This member says what it had at a checkpoint; answers whether it had not done so before. */
  boolean vote(long number) {
    boolean isFirst = number > votedFor;
    votedFor = Math.max(votedFor, number);
    return isFirst;
  }

  /**
   * A member said what it had at a checkpoint.
   *
   * @throws DivergedException if a majority had something else than this member
   */
  void onVote(int member, long number, long hash) {
    if (!knows(number) || member >= members) {
      return;
    }
    int slot = slot(number);
    votes[slot][member] = hash;
    voters[slot] |= 1L << member;
    if (hash != hashes[slot] && votesFor(slot, hash) > members / 2) {
      throw new DivergedException(
          "state differs from that of a majority: checkpoint="
              + number
              + ", hash="
              + Long.toHexString(hashes[slot])
              + ", majority="
              + Long.toHexString(hash));
    }
  }

  private int votesFor(int slot, long hash) {
    int count = 0;
    for (int member = 0; member < members; member++) {
      if ((voters[slot] >>> member & 1) == 1 && votes[slot][member] == hash) {
        count++;
      }
    }
    return count;
  }

  private static int slot(long number) {
    return (int) (number % KEPT);
  }
}
