package io.fkvs.server.command;

import io.fkvs.server.protocol.Refusal;
import io.fkvs.store.Store;
import io.fkvs.wire.Request;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Whether requests have to wait until other servers agree to carry them out, too. Belongs to the
 * thread of the event loop.
 */
public interface Agreement {
  /** The number of the protocol of the listeners beside the main one; others have versions. */
  int GUEST = 0;

  /** Of a server that is alone. */
  Agreement NONE = new Agreement() {};

  /** What becomes of a request. */
  enum Verdict {
    /** It is carried out now. */
    CARRY_OUT(null),

    /** It goes back to its client, and so do those behind it. */
    WAIT(null),

    /** It is refused: no majority of the servers answers. */
    REFUSE_NO_MAJORITY(Refusal.NO_MAJORITY),

    /** It is answered that nobody knows whether it will be carried out. */
    REFUSE_UNDECIDED(Refusal.UNDECIDED),

    /** It is refused: it is too long. */
    REFUSE_TOO_LARGE(Refusal.TOO_LARGE),

    /** It is refused: there is no memory for more. */
    REFUSE_FULL(Refusal.STORE_FULL);

    final Refusal refusal;

    Verdict(Refusal refusal) {
      this.refusal = refusal;
    }
  }

  /** Whether requests have to wait at all. */
  default boolean isNeeded() {
    return false;
  }

  /**
   * The loop is put together.
   *
   * @param store what requests work on
   * @param batch carries out requests
   * @param strangers makes a client whose replies nobody reads, of a protocol by its number: {@link
   *     #GUEST} or a version
   */
  default void open(Store store, RequestBatch batch, IntFunction<Conversation> strangers) {}

  /**
   * Says what becomes of a request now. Where it has to wait, it is put forward to the others.
   *
   * @param client whose it is; if it waits already, for a request before this one
   * @param request the request
   * @param changedBytes how much it may change, as {@link Effects#admits}; 0 where it does not
   * @param start where it starts in its buffer
   * @param end where it ends
   */
  default Verdict ask(
      Conversation client, Request request, long changedBytes, long start, long end) {
    return Verdict.CARRY_OUT;
  }

  /**
   * Carries out what has been agreed to, at the begin of a cycle.
   *
   * @return how much there was to do
   */
  default int follow() {
    return 0;
  }

  /** Puts forward what the cycle has gathered, at its end. */
  default void propose() {}

  /**
   * How the others and this server do.
   *
   * @param members how many there are
   * @param member the number of this one
   * @param leader the number of the one that leads, -1 where none is known
   * @param hasMajority whether a majority answers this one
   * @param index the place of the last entry that was carried out
   * @param rounds how many entries with requests were carried out
   * @param hash a number for all changes so far: equal where the same was done
   * @param timeMs the time of the store
   */
  record Status(
      int members,
      int member,
      int leader,
      boolean hasMajority,
      long index,
      long rounds,
      long hash,
      long timeMs) {}

  /** Whether a majority of the others answers this server, where it needs one. Any thread. */
  default boolean hasMajority() {
    return true;
  }

  /** How the others and this server do; nothing where it is alone. */
  default Optional<Status> status() {
    return Optional.empty();
  }
}
