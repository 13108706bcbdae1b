package io.fkvs.server.transport.uring;

import io.fkvs.server.limits.Limits;
import io.fkvs.uring.Errno;
import io.fkvs.uring.ServerSocket;
import io.fkvs.uring.Submissions;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The sockets on which {@link UringTransport} listens. On each one accept is armed, which completes
 * again and again; where the system has refused one, all are for a second. Belongs to the thread of
 * the event loop.
 */
final class Acceptor {
  private static final Logger LOGGER = System.getLogger(Acceptor.class.getName());

  /** How long to leave waiting clients alone after the system refused to accept one. */
  private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Submissions submissions;
  private final List<ServerSocket> listening = new ArrayList<>();
  private final List<Integer> listeners = new ArrayList<>();
  private int armed;
  private boolean isPaused;
  private boolean hasStopped;
  private long pausedSinceNs;

  Acceptor(Submissions submissions) {
    this.submissions = submissions;
  }

  /** Listens at one more address, and answers it with its port. */
  SocketAddress listen(SocketAddress address, int listener) throws IOException {
    ServerSocket socket = ServerSocket.listen(address, Limits.ACCEPT_BACKLOG);
    listening.add(socket);
    listeners.add(listener);
    return socket.address();
  }

  /** The listener that the clients of a socket belong to. */
  int listener(int index) {
    return listeners.get(index);
  }

  /** Accepts clients from now on. */
  void begin() {
    if (!hasStopped) {
      armAll();
    }
  }

  /** Goes on after a pause, when it has been long enough. */
  void resume() {
    if (isPaused && armed == 0 && System.nanoTime() - pausedSinceNs >= PAUSE_NS) {
      isPaused = false;
      armAll();
    }
  }

  /**
   * Learns of a completion.
   *
   * @param index the number of the socket that listens
   * @param result the client's file, or an error
   * @param hasMore whether the accept goes on
   */
  void onCompleted(int index, int result, boolean hasMore) {
    if (hasMore) {
      return;
    }
    armed--;
    if (result < 0 && result != -Errno.ECANCELED) {
      pause(result);
    } else if (!hasStopped) {
      arm(index);
    }
  }

  /** Says whether it was told to stop: clients that come nevertheless are to be turned away. */
  boolean hasStopped() {
    return hasStopped;
  }

  /** Closes the sockets. Stopping again does nothing. */
  void stop() {
    if (hasStopped) {
      return;
    }
    hasStopped = true;
    isPaused = false;
    if (armed > 0) {
      cancelAll();
    }
    for (ServerSocket socket : listening) {
      socket.close();
    }
  }

  private void pause(int error) {
    LOGGER.log(
        Level.ERROR, "cannot accept clients, trying again in a second: cause=" + Errno.text(error));
    isPaused = true;
    pausedSinceNs = System.nanoTime();
    cancelAll();
  }

  private void armAll() {
    for (int i = 0; i < listening.size(); i++) {
      arm(i);
    }
  }

  private void arm(int index) {
    if (!isPaused) {
      submissions.accept(listening.get(index).fd(), Operation.userData(Operation.ACCEPT, index));
      armed++;
    }
  }

  private void cancelAll() {
    for (int i = 0; i < listening.size(); i++) {
      submissions.cancel(Operation.userData(Operation.ACCEPT, i), Operation.IGNORED);
    }
  }
}
