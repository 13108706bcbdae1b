package io.fkvs.server.transport;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Sockets on their way from the transport that has accepted them to the one that serves them. Any
 * thread may add; the thread of the event loop takes.
 *
 * @param <S> what a socket is
 */
public final class Handovers<S> {
  /** Takes a socket. */
  public interface Taker<S> {
    /**
     * Serves a socket.
     *
     * @param listener the number of the listener that its client came to
     */
    void take(S socket, int listener);
  }

  private record Handover<S>(S socket, int listener) {}

  private final Taker<S> taker;
  private final Consumer<S> closer;
  private final Queue<Handover<S>> underWay = new ArrayDeque<>();
  private boolean isClosed;

  /** Whether there may be any: looked at without a lock. */
  private volatile boolean hasAny;

  /**
   * Creates an empty queue.
   *
   * @param taker serves the sockets
   * @param closer closes a socket that nobody takes any more
   */
  public Handovers(Taker<S> taker, Consumer<S> closer) {
    this.taker = taker;
    this.closer = closer;
  }

  /** Adds a socket; closes it where the queue is closed. */
  public void add(S socket, int listener) {
    synchronized (underWay) {
      if (!isClosed) {
        underWay.add(new Handover<>(socket, listener));
        hasAny = true;
        return;
      }
    }
    closer.accept(socket);
  }

  /** Has all served that have come. */
  public void takeAll() {
    takeAll(taker);
  }

  private void takeAll(Taker<S> taker) {
    while (hasAny) {
      Handover<S> first = poll();
      if (first != null) {
        taker.take(first.socket, first.listener);
      }
    }
  }

  private Handover<S> poll() {
    synchronized (underWay) {
      Handover<S> first = underWay.poll();
      hasAny = !underWay.isEmpty();
      return first;
    }
  }

  /** Closes the sockets that have come, and those that will. */
  public void close() {
    synchronized (underWay) {
      isClosed = true;
    }
    takeAll((socket, listener) -> closer.accept(socket));
  }
}
