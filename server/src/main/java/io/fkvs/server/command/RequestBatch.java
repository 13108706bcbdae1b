package io.fkvs.server.command;

import io.fkvs.server.buffer.OutOfBuffersException;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.protocol.Endpoint;
import io.fkvs.server.protocol.Session;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.Store;
import io.fkvs.wire.Request;

/*
 *   input --decode--> batch --prefetch--> store
 *                       |                   |
 *                       +----execute--------+--encode--> output
 *
 * A request that cannot be carried out now goes back to its input, where its bytes still are, and
 * so do those behind it: the order of a client's requests is never changed.
 */

/**
 * The requests at hand, of all clients, in the order in which they came: decodes them, carries them
 * out and has the replies encoded. The keys of all are announced to the store before the first is
 * carried out, so that the waits for memory overlap; a later request still sees what an earlier one
 * did. Belongs to the thread of the event loop; allocates nothing after construction.
 */
public final class RequestBatch {
  private final Store store;
  private final Effects effects;
  private final Sharing sharing;
  private final Agreement agreement;
  private final boolean isReplicated;
  private final boolean isLogged;
  private final CommandExecutor executor;
  private final CycleBudget budget;
  private final RequestCounters counters;

  /** What may want to know of changes, or {@code null}. */
  private final Endpoint endpoint;

  private final Request[] requests = new Request[Limits.BATCH_REQUESTS];
  private final Conversation[] owners = new Conversation[Limits.BATCH_REQUESTS];
  private final long[] offsets = new long[Limits.BATCH_REQUESTS];
  private final long[] ends = new long[Limits.BATCH_REQUESTS];
  private final KeyBatch keys = new KeyBatch(Limits.BATCH_REQUESTS);
  private int count;

  /** The first client of which a request had to wait because the budget was spent. */
  private Conversation firstLeft;

  /**
   * Creates an empty batch.
   *
   * @param store what the executor works on
   * @param effects what becomes of its changes
   * @param sharing who shares the store
   * @param agreement who has to agree to requests
   * @param budget what requests and replies may move in a cycle
   * @param endpoint the protocol with a listener of its own, {@code null} where there is none
   */
  public RequestBatch(
      Store store,
      Effects effects,
      Sharing sharing,
      Agreement agreement,
      CommandExecutor executor,
      CycleBudget budget,
      RequestCounters counters,
      Endpoint endpoint) {
    this.store = store;
    this.effects = effects;
    this.sharing = sharing;
    this.agreement = agreement;
    isReplicated = agreement.isNeeded();
    isLogged = effects != Effects.IN_MEMORY;
    this.executor = executor;
    this.budget = budget;
    this.counters = counters;
    this.endpoint = endpoint;
    for (int i = 0; i < requests.length; i++) {
      requests[i] = new Request();
    }
  }

  /**
   * Decodes the complete requests of a client, as many as it may have answered. What is in the
   * batch refers to the bytes of the input until {@link #execute}.
   */
  public void collect(Conversation client) {
    client.collect();
    while (client.isOwed() || !budget.isSpent() && client.mayReply()) {
      if (count == requests.length) {
        execute();
        continue;
      }
      Request request = requests[count];
      if (!client.decode(request)) {
        return;
      }
      add(request, client);
      if (!client.input().knowsNext(request)) {
        execute();
      }
    }
    client.handBackRest();
    if (budget.isSpent()) {
      leave(client);
    }
  }

  private void add(Request request, Conversation client) {
    owners[count] = client;
    offsets[count] = client.input().requestOffset();
    ends[count] = client.input().offset();
    count++;
    if (client.session() != null) {
      announce(request, client.session());
    } else if (request.isWellFormed() && request.command().hasKey()) {
      if (keys.isFull()) { // of keys of other protocols
        readAhead();
      }
      keys.add(request.buffer(), request.keyOffset(), request.keyLength());
    }
  }

  /** Announces the keys of a request, which may be many: the batch takes no more than it can. */
  private void announce(Request request, Session session) {
    if (!session.announce(request, keys)) {
      readAhead();
      session.announce(request, keys);
    }
  }

  private void readAhead() {
    store.prefetch(keys);
    keys.clear();
  }

  /**
   * Carries the requests out and empties the batch. A request whose client has as many replies as
   * it may have, or for which the cycle or the memory has no room, goes back to its client, and so
   * do those behind it. So does one that would change something while too much waits for the disk.
   */
  public void execute() {
    if (count == 0) {
      return;
    }
    counters.batches++;
    if (keys.count() > 1) {
      store.prefetch(keys);
    }
    if (endpoint != null) {
      endpoint.beginBatch();
    }
    int count = this.count;
    for (int i = 0; i < count; i++) {
      Conversation client = owners[i];
      boolean isSpent = budget.isSpent();
      if (isLogged && !isSpent && client.mayReply() && client.decided() == 0) {
        prepareChange(requests[i], client);
      }
      boolean isDone =
          isReplicated
              ? executeAgreed(i, client, isSpent)
              : !isSpent && client.mayReply() && execute(requests[i], client);
      if (!isDone) {
        client.handBack(offsets[i]);
        if (isSpent) {
          leave(client);
        }
      }
      owners[i] = null;
      requests[i].trim();
    }
    if (endpoint != null) {
      endpoint.endBatch();
    }
    sharing.release();
    keys.clear();
    this.count = 0;
  }

  private void prepareChange(Request request, Conversation client) {
    long bytes = changedBytes(request, client.session());
    if (bytes == 0) {
      return;
    }
    if (effects.admits(bytes)) {
      effects.begin();
    } else {
      client.awaitDisk();
    }
  }

  /** Carries a request out if other servers have agreed to it, and answers whether it did. */
  private boolean executeAgreed(int index, Conversation client, boolean isSpent) {
    boolean mayGoOn = !isSpent && client.mayReply() || client.isOwed();
    if (!mayGoOn && !client.awaitsAgreement()) {
      return false;
    }
    Request request = requests[index];
    long bytes = client.decided() > 0 ? 0 : changedBytes(request, client.session());
    Agreement.Verdict verdict = agreement.ask(client, request, bytes, offsets[index], ends[index]);
    if (verdict == Agreement.Verdict.WAIT) {
      client.awaitAgreement();
      return false;
    }
    if (verdict != Agreement.Verdict.CARRY_OUT) {
      refuse(request, client, verdict);
    } else if (!execute(request, client)) {
      return false;
    }
    client.follow();
    return true;
  }

  private void refuse(Request request, Conversation client, Agreement.Verdict verdict) {
    counters.requests++;
    try {
      if (client.session() != null) {
        client.session().refuse(request, client.output(), verdict.refusal);
      } else {
        executor.refuse(verdict.refusal, client.input().protocol(), client.output());
      }
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      client.fail(e);
    }
  }

  private static long changedBytes(Request request, Session session) {
    if (session != null) {
      return session.changedBytes(request);
    }
    return CommandExecutor.mayChange(request) ? 1L + request.valueLength() : 0;
  }

  /** Carries one request out, and answers whether that was possible. */
  private boolean execute(Request request, Conversation client) {
    if (client.session() != null) {
      return executeIn(client.session(), request, client);
    }
    Output output = client.output();
    long before = output.length();
    try {
      if (!executor.execute(request, client.input().protocol(), client.authentication(), output)) {
        client.awaitMemory();
        return false;
      }
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      fail(client, e);
      return true;
    }
    budget.spend(output.length() - before + request.valueLength());
    if (!request.isWellFormed()) {
      client.input().onRefused(request);
    } else if (endpoint != null && endpoint.isWatching() && CommandExecutor.mayChange(request)) {
      endpoint.onWritten(request.buffer(), request.keyOffset(), request.keyLength());
    }
    return true;
  }

  /** As {@link #execute(Request, Conversation)}, in a protocol with a listener of its own. */
  private boolean executeIn(Session session, Request request, Conversation client) {
    Output output = client.output();
    long before = output.length();
    int kind = RequestCounters.RESP + session.kind(request).ordinal();
    counters.requests++;
    counters.byCommand[kind]++;
    try {
      if (!session.execute(request, output)) {
        counters.requests--;
        counters.byCommand[kind]--;
        client.awaitMemory();
        return false;
      }
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      fail(client, e);
      return true;
    }
    budget.spend(output.length() - before + request.argumentBytes());
    client.input().endIfSessionEnds();
    return true;
  }

  /**
   * There was no memory for a reply.
   *
   * @throws IllegalStateException if other servers carry the request out, and this one may have
   *     done a part of it
   */
  private static void fail(Conversation client, Throwable cause) {
    if (client.isOwed()) {
      throw new IllegalStateException("what all servers carry out failed", cause);
    }
    client.fail(cause);
  }

  private void leave(Conversation client) {
    if (firstLeft == null) {
      firstLeft = client;
    }
  }

  /**
   * Forgets and answers the first client of which a request had to wait since the last call,
   * because the budget was spent: it is to be the first in the next cycle.
   *
   * @return the client, {@code null} where there was none
   */
  public Conversation takeFirstLeft() {
    Conversation client = firstLeft;
    firstLeft = null;
    return client;
  }
}
