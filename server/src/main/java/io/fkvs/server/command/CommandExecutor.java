package io.fkvs.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.server.buffer.OutOfBuffersException;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.protocol.Authentication;
import io.fkvs.server.protocol.Refusal;
import io.fkvs.store.IncrementResult;
import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import io.fkvs.store.StoreException;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.TooLargeException;
import io.fkvs.store.ValueView;
import io.fkvs.store.ValueVisitor;
import io.fkvs.store.durable.DurableException;
import io.fkvs.wire.Command;
import io.fkvs.wire.Request;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * Carries out requests on a store and tells the outcome through a {@link Protocol}: exactly one
 * reply a request, whatever happens. Knows nothing of sockets. Belongs to the thread of the event
 * loop; allocates nothing but what INFO and the refusals of the store need that are exceptions.
 */
public final class CommandExecutor {
  private static final Logger LOGGER = System.getLogger(CommandExecutor.class.getName());

  /** What stands before the payload of a reply, in any protocol. */
  private static final int MAX_HEADER_BYTES = 16;

  private final Store store;
  private final Sharing sharing;
  private final RequestCounters counters;
  private final Shortage shortage;
  private final Supplier<String> info;
  private final ValueView view = new ValueView();
  private final RemovedValue removedValue = new RemovedValue();
  private final IncrementResult incremented = new IncrementResult();

  /**
   * Creates an executor.
   *
   * @param store the store, not owned
   * @param sharing who shares it
   * @param counters where to count
   * @param shortage knows whether there is memory for a large reply
   * @param info writes the text that answers INFO
   */
  public CommandExecutor(
      Store store,
      Sharing sharing,
      RequestCounters counters,
      Shortage shortage,
      Supplier<String> info) {
    this.store = store;
    this.sharing = sharing;
    this.counters = counters;
    this.shortage = shortage;
    this.info = info;
  }

  /** Says whether a request may change the store. */
  static boolean mayChange(Request request) {
    if (!request.isWellFormed()) {
      return false;
    }
    return switch (request.command()) {
      case SET, SETEX, INCR, DECR, INCRBY, DECRBY, DEL, EXPIRE, PERSIST, GETDEL -> true;
      case GET, TTL, PING, ECHO, AUTH, KEYS, SCAN, INFO -> false;
    };
  }

  /** Says whether what a well-formed request answers depends on what is in the store. */
  public static boolean observes(Request request) {
    return switch (request.command()) {
      case GET, TTL, KEYS, SCAN -> true;
      default -> mayChange(request);
    };
  }

  /** Says whether the store may need more memory for a well-formed request. */
  public static boolean mayGrow(Request request) {
    return switch (request.command()) {
      case SET, SETEX, INCR, DECR, INCRBY, DECRBY -> true;
      default -> false;
    };
  }

  /**
   * Carries out one request.
   *
   * @param request the request
   * @param protocol its protocol
   * @param client whether its client may be served
   * @param output where the reply goes
   * @return whether it was carried out; if not, nothing has changed, because there is no memory for
   *     its reply now
   * @throws OutOfBuffersException if a small reply found no memory; a part of it may be written
   * @throws DurableException if nothing becomes durable any more, so no reply may leave
   */
  boolean execute(Request request, Protocol protocol, Authentication client, Output output) {
    counters.requests++;
    if (!request.isWellFormed()) {
      fail(failureOf(request), protocol, output);
      return true;
    }
    if (request.command() == Command.AUTH) {
      counters.byCommand[Command.AUTH.ordinal()]++;
      authenticate(request, protocol, client, output);
      return true;
    }
    if (!client.isAuthenticated()) {
      fail(Failure.NOT_AUTHENTICATED, protocol, output);
      return true;
    }
    counters.byCommand[request.command().ordinal()]++;
    try {
      if (!dispatch(request, protocol, output)) {
        counters.requests--;
        counters.byCommand[request.command().ordinal()]--;
        return false;
      }
    } catch (StoreException e) {
      fail(failureOf(e), protocol, output);
    } catch (OutOfBuffersException | DurableException e) {
      throw e;
    } catch (RuntimeException e) {
      LOGGER.log(Level.ERROR, "request failed: command=" + request.command(), e);
      fail(Failure.INTERNAL, protocol, output);
    }
    return true;
  }

  private void authenticate(
      Request request, Protocol protocol, Authentication client, Output output) {
    if (client.authenticate(request.buffer(), request.valueOffset(), request.valueLength())) {
      protocol.authenticated(output);
    } else {
      Failure failure = client.isRequired() ? Failure.WRONG_PASSWORD : Failure.NO_PASSWORD;
      fail(failure, protocol, output);
    }
  }

  /**
   * Claims memory for a reply. Small replies need no claim: a client is not read from where there
   * is no memory for those.
   *
   * @return whether there is memory
   */
  private boolean claim(int valueBytes, Output output) {
    return valueBytes < Limits.SMALLEST_BUFFER_BYTES / 2
        || output.claim(valueBytes + MAX_HEADER_BYTES, shortage);
  }

  private boolean dispatch(Request request, Protocol protocol, Output output) {
    switch (request.command()) {
      case GET -> {
        return get(request, protocol, output);
      }
      case GETDEL -> {
        return getAndRemove(request, protocol, output);
      }
      case PING, ECHO -> {
        return pong(request, protocol, output);
      }
      case KEYS, SCAN -> {
        return keys(request, protocol, output);
      }
      case SET, SETEX -> set(request, protocol, output);
      case INCR -> increment(request, 1, protocol, output);
      case DECR -> increment(request, -1, protocol, output);
      case INCRBY -> incrementBy(request, protocol, output);
      case DECRBY -> decrementBy(request, protocol, output);
      case DEL -> remove(request, protocol, output);
      case EXPIRE -> expire(request, protocol, output);
      case TTL -> timeToLive(request, protocol, output);
      case PERSIST -> persist(request, protocol, output);
      case INFO -> info(protocol, output);
      case AUTH -> throw new AssertionError("carried out before"); // needs no store
    }
    return true;
  }

  private boolean pong(Request request, Protocol protocol, Output output) {
    if (!claim(request.valueLength(), output)) {
      return false;
    }
    protocol.pong(request, output);
    return true;
  }

  private boolean keys(Request request, Protocol protocol, Output output) {
    if (!claim(KeyPage.MAX_BYTES, output)) {
      return false;
    }
    sharing.beginAlone();
    try {
      protocol.keys(request, store, output);
    } finally {
      sharing.endAlone();
    }
    return true;
  }

  private void info(Protocol protocol, Output output) {
    sharing.beginAlone();
    try {
      protocol.info(info.get().getBytes(UTF_8), output);
    } finally {
      sharing.endAlone();
    }
  }

  private boolean get(Request request, Protocol protocol, Output output) {
    if (!sharing.read(store, request.buffer(), request.keyOffset(), request.keyLength(), view)) {
      counters.misses++;
      protocol.missing(output);
      return true;
    }
    if (!claim(view.length(), output)) {
      return false;
    }
    counters.hits++;
    protocol.value(view, output);
    return true;
  }

  /** Removes the key only when the reply is written: where there is no memory for it, both stay. */
  private boolean getAndRemove(Request request, Protocol protocol, Output output) {
    MemorySegment buffer = request.buffer();
    if (store.get(buffer, request.keyOffset(), request.keyLength(), view)
        && !claim(view.length(), output)) {
      return false;
    }
    removedValue.protocol = protocol;
    removedValue.output = output;
    if (store.getAndRemove(buffer, request.keyOffset(), request.keyLength(), removedValue)) {
      counters.hits++;
    } else {
      counters.misses++;
      protocol.missing(output);
    }
    return true;
  }

  /**
   * Writes a value as the reply while the store removes it. Reused, because it must not allocate.
   */
  private static final class RemovedValue implements ValueVisitor {
    private Protocol protocol;
    private Output output;

    @Override
    public void onValue(ValueView value) {
      protocol.value(value, output);
    }
  }

  private void set(Request request, Protocol protocol, Output output) {
    long deadlineMs = protocol.deadlineMs(request, store.nowMs());
    if (deadlineMs == Protocol.NO_TIME) {
      fail(Failure.NOT_AN_INTEGER, protocol, output);
      return;
    }
    store.put(
        PutCondition.ALWAYS,
        request.buffer(),
        request.keyOffset(),
        request.keyLength(),
        request.buffer(),
        request.valueOffset(),
        request.valueLength(),
        deadlineMs);
    protocol.stored(request, output);
  }

  private void incrementBy(Request request, Protocol protocol, Output output) {
    if (protocol.hasAmount(request)) {
      increment(request, protocol.amount(request), protocol, output);
    } else {
      fail(Failure.NOT_AN_INTEGER, protocol, output);
    }
  }

  private void decrementBy(Request request, Protocol protocol, Output output) {
    if (!protocol.hasAmount(request)) {
      fail(Failure.NOT_AN_INTEGER, protocol, output);
      return;
    }
    long amount = protocol.amount(request);
    if (amount == Long.MIN_VALUE) { // has no negation
      fail(Failure.OVERFLOW, protocol, output);
      return;
    }
    increment(request, -amount, protocol, output);
  }

  private void increment(Request request, long delta, Protocol protocol, Output output) {
    boolean wasAdded =
        store.tryIncrement(
            request.buffer(), request.keyOffset(), request.keyLength(), delta, incremented);
    if (wasAdded) {
      protocol.number(incremented.number(), output);
    } else {
      fail(failureOf(incremented.outcome()), protocol, output);
    }
  }

  private void remove(Request request, Protocol protocol, Output output) {
    boolean wasPresent = store.remove(request.buffer(), request.keyOffset(), request.keyLength());
    protocol.removed(wasPresent, output);
  }

  private void expire(Request request, Protocol protocol, Output output) {
    long deadlineMs = protocol.deadlineMs(request, store.nowMs());
    if (deadlineMs == Protocol.NO_TIME) {
      fail(Failure.NOT_AN_INTEGER, protocol, output);
      return;
    }
    boolean isPresent =
        store.expire(request.buffer(), request.keyOffset(), request.keyLength(), deadlineMs);
    protocol.expiring(isPresent, output);
  }

  private void timeToLive(Request request, Protocol protocol, Output output) {
    long nowMs = store.nowMs(); // before the look-up, in case that the time goes on
    long deadlineMs = store.deadlineMs(request.buffer(), request.keyOffset(), request.keyLength());
    protocol.timeToLive(deadlineMs, nowMs, output);
  }

  private void persist(Request request, Protocol protocol, Output output) {
    boolean hadDeadline = store.persist(request.buffer(), request.keyOffset(), request.keyLength());
    protocol.persisted(hadDeadline, output);
  }

  /** Answers a request that is not carried out. */
  void refuse(Refusal refusal, Protocol protocol, Output output) {
    fail(
        switch (refusal) {
          case NO_MAJORITY -> Failure.NO_MAJORITY;
          case UNDECIDED -> Failure.UNDECIDED;
          case TOO_LARGE -> Failure.TOO_LARGE;
          case STORE_FULL -> Failure.STORE_FULL;
        },
        protocol,
        output);
  }

  private void fail(Failure failure, Protocol protocol, Output output) {
    counters.errors++;
    protocol.failed(failure, output);
  }

  private static Failure failureOf(Request request) {
    if (request.isTooLarge()) {
      return Failure.TOO_LARGE;
    }
    return request.command() == null ? Failure.UNKNOWN_COMMAND : Failure.MALFORMED;
  }

  private static Failure failureOf(IncrementResult.Outcome refusal) {
    return refusal == IncrementResult.Outcome.OVERFLOW ? Failure.OVERFLOW : Failure.NOT_AN_INTEGER;
  }

  private static Failure failureOf(StoreException e) {
    return switch (e) {
      case TooLargeException tooLarge -> Failure.TOO_LARGE;
      case StoreFullException full -> Failure.STORE_FULL;
      default -> Failure.INTERNAL;
    };
  }
}
