package io.fkvs.server.command;

import io.fkvs.server.buffer.OutOfBuffersException;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.loop.Connection;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.Store;
import io.fkvs.wire.Command;
import io.fkvs.wire.Request;

/**
 * The requests at hand, of all connections, in the order in which they came. The keys of all are
 * announced to the store before the first is carried out, so that the waits for memory overlap; a
 * later request still sees what an earlier one did. Belongs to the thread of the event loop;
 * allocates nothing after construction.
 */
public final class RequestBatch {
  private final Request[] requests = new Request[Limits.BATCH_REQUESTS];
  private final Connection[] owners = new Connection[Limits.BATCH_REQUESTS];
  private final long[] offsets = new long[Limits.BATCH_REQUESTS];
  private final KeyBatch keys = new KeyBatch(Limits.BATCH_REQUESTS);
  private int count;

  public RequestBatch() {
    for (int i = 0; i < requests.length; i++) {
      requests[i] = new Request();
    }
  }

  public boolean isFull() {
    return count == requests.length;
  }

  /** The flyweight to decode the next request into. The batch must not be full. */
  public Request next() {
    return requests[count];
  }

  /**
   * Takes over {@link #next}.
   *
   * @param owner the connection that it came from
   * @param offset where it starts in the owner's input
   */
  public void add(Connection owner, long offset) {
    Request request = requests[count];
    owners[count] = owner;
    offsets[count] = offset;
    count++;
    if (request.isWellFormed() && hasKey(request.command())) {
      keys.add(request.buffer(), request.keyOffset(), request.keyLength());
    }
  }

  /**
   * Carries the requests out and empties the batch. A request whose connection has as many replies
   * as it may have, or for which the cycle or the memory has no room, goes back to its connection,
   * and so do those behind it.
   *
   * @param budget what the cycle may move
   * @return the first connection that got a request back because the cycle's budget was used up,
   *     {@code null} where there was none
   */
  public Connection execute(Store store, CommandExecutor executor, CycleBudget budget) {
    if (keys.count() > 1) {
      store.prefetch(keys);
    }
    Connection firstLeft = null;
    int count = this.count;
    for (int i = 0; i < count; i++) {
      Connection owner = owners[i];
      boolean hasBudget = budget.mayServe();
      if (!(hasBudget && owner.takesRequests() && execute(requests[i], owner, executor, budget))) {
        owner.handBack(offsets[i]);
        if (!hasBudget && firstLeft == null) {
          firstLeft = owner;
        }
      }
      owners[i] = null;
    }
    keys.clear();
    this.count = 0;
    return firstLeft;
  }

  /** Carries one request out, and answers whether that was possible. */
  private static boolean execute(
      Request request, Connection owner, CommandExecutor executor, CycleBudget budget) {
    Output output = owner.output();
    long before = output.length();
    try {
      if (!executor.execute(request, owner.protocol(), output)) {
        owner.awaitMemory();
        return false;
      }
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      owner.onOutOfMemory(e);
      return true;
    }
    budget.served(output.length() - before + request.valueLength());
    if (!request.isWellFormed()) {
      owner.onRefused(request);
    }
    return true;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  private static boolean hasKey(Command command) {
    return switch (command) {
      case PING, ECHO, INFO, KEYS, SCAN -> false;
      default -> true;
    };
  }
}
