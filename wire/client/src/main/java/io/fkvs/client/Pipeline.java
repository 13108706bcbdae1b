package io.fkvs.client;

import io.fkvs.wire.Reply;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Sends requests without waiting for the reply to each. Replies come in the order of the requests.
 * One thread at a time, together with its client: a second one is refused with an {@link
 * IllegalStateException}.
 *
 * <p>Queue as many as you like: beyond a bounded number of bytes and of replies awaited, {@link
 * #queue} itself sends and receives. It never waits for the server to take a request without also
 * taking the replies that have arrived, so the two cannot block each other.
 */
public final class Pipeline {
  /** As many replies as fit a few socket buffers; more would only be memory. */
  private static final int MAX_AWAITED = 16_384;

  private final Connection connection;
  private final Dialect dialect;
  private final Turn turn = new Turn();
  private final ArrayDeque<PendingReply<?>> awaited = new ArrayDeque<>();
  private FkvsConnectionException failure;
  private boolean isClosed;

  Pipeline(Connection connection) {
    this.connection = connection;
    dialect = connection.dialect();
  }

  /**
   * Queues a request. Sends it at the latest when {@link #flush} is called.
   *
   * @param <T> what its reply says
   * @param call the request
   * @return its reply, when it has arrived
   * @throws IllegalArgumentException if the protocol cannot say the request; nothing is queued
   * @throws FkvsConnectionException if the connection broke, now or earlier
   * @throws IllegalStateException if the client is closed, or in use by another thread
   */
  public <T> PendingReply<T> queue(Call<T> call) {
    turn.begin();
    try {
      return enqueue(call);
    } finally {
      turn.end();
    }
  }

  private <T> PendingReply<T> enqueue(Call<T> call) {
    checkUsable();
    long length = dialect.length(call);
    while (!connection.hasRoom(length) || awaited.size() == MAX_AWAITED) {
      exchange();
    }
    connection.append(call, length);
    PendingReply<T> reply = new PendingReply<>(this, dialect.command(call), dialect.answer(call));
    awaited.add(reply);
    return reply;
  }

  /**
   * Sends what is queued and waits for every reply. An error reply is not thrown here, but by its
   * {@link PendingReply#value}.
   *
   * @throws FkvsConnectionException if the connection broke, now or earlier
   * @throws IllegalStateException if the client is closed, or in use by another thread
   */
  public void flush() {
    turn.begin();
    try {
      awaitAll();
    } finally {
      turn.end();
    }
  }

  /** Queues a request and waits for its reply, all in one turn. */
  <T> T ask(Call<T> call) {
    turn.begin();
    try {
      PendingReply<T> reply = enqueue(call);
      awaitAll();
      return reply.value();
    } finally {
      turn.end();
    }
  }

  private void awaitAll() {
    checkUsable();
    while (!awaited.isEmpty()) {
      exchange();
    }
  }

  private void exchange() {
    try {
      connection.exchange(this::onReply);
    } catch (IOException e) {
      throw broken(
          new FkvsConnectionException(
              Sockets.reason(e)
                  + ": address="
                  + connection.address()
                  + ", repliesAwaited="
                  + awaited.size(),
              e));
    } catch (FkvsConnectionException e) {
      throw broken(e);
    }
  }

  private void onReply(Reply reply) {
    PendingReply<?> first = awaited.peek();
    if (first == null) {
      throw new FkvsConnectionException("reply without a request: reply=" + reply.kind(), null);
    }
    if (first.take(reply)) {
      awaited.remove();
    }
  }

  private FkvsConnectionException broken(FkvsConnectionException cause) {
    failure = cause;
    awaited.forEach(reply -> reply.fail(cause));
    awaited.clear();
    connection.close();
    return cause;
  }

  private void checkUsable() {
    if (isClosed) {
      throw new IllegalStateException("client is closed: address=" + connection.address());
    }
    if (failure != null) {
      throw new FkvsConnectionException(
          "client is unusable since its connection failed: address=" + connection.address(),
          failure);
    }
  }

  boolean isConnected() {
    turn.begin();
    try {
      return !isClosed && failure == null && connection.isOpen();
    } finally {
      turn.end();
    }
  }

  void close() {
    turn.begin();
    try {
      isClosed = true;
      connection.close();
    } finally {
      turn.end();
    }
  }
}
