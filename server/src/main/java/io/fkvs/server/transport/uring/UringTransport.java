package io.fkvs.server.transport.uring;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Handovers;
import io.fkvs.server.transport.Transport;
import io.fkvs.uring.BufferRing;
import io.fkvs.uring.Completions;
import io.fkvs.uring.Libc;
import io.fkvs.uring.Platform;
import io.fkvs.uring.Ring;
import io.fkvs.uring.Submissions;
import io.fkvs.uring.Wakeup;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.function.Supplier;

/*
 * A poll is one system call: it hands over what the cycle before brought about (sends, receives to
 * arm, sockets to close), lets the system receive and accept, and waits if there is nothing.
 *
 *   poll:  give back full buffers -> enter -> take completions, tell the listener
 *   cycle: settle, which queues sends ------------------------> the next poll's enter
 *
 * Accepts and receives are armed once and complete again and again (multishot); Acceptor and
 * Arrivals know what they do.
 *
 * Linux 6.18 can lose the end of a stream of a Unix socket that comes right behind bytes (liburing
 * issue 1549). So each socket's end is watched for as well, and a receive that goes on then is armed
 * anew, which finds the end.
 *
 * An operation's user data name the channel by its slot. A slot is free again when the channel is
 * closed and each of its operations has completed, so no completion finds a stranger.
 */

/** The transport of io_uring: completions, one system call a cycle, over TCP and Unix sockets. */
public final class UringTransport implements Transport {
  public static final String NAME = "io_uring";

  private static final Logger LOGGER = System.getLogger(UringTransport.class.getName());

  private final Ring ring;
  private final Submissions submissions;
  private final Completions completions;
  private final Acceptor acceptor;
  private final Arrivals arrivals;
  private final Wakeup wakeup;
  private final Slots slots = new Slots();
  private final Handovers<Integer> handovers = new Handovers<>(this::open, Libc::close);
  private Supplier<Transport> next = () -> this;
  private Listener listener;
  private int events;
  private boolean isTold;
  private boolean hasBegun;
  private boolean isClosed;

  /**
   * Makes the ring.
   *
   * @param pool lends the memory to receive into
   * @throws IOException if the system has no io_uring that would do; the message says why
   */
  public UringTransport(BufferPool pool) throws IOException {
    Platform.check();
    ring = new Ring(Limits.URING_SUBMISSIONS, Limits.URING_COMPLETIONS);
    submissions = ring.submissions();
    completions = ring.completions();
    acceptor = new Acceptor(submissions);
    try {
      arrivals = new Arrivals(this, ring, pool);
      wakeup = new Wakeup();
    } catch (IOException e) {
      ring.close();
      throw e;
    }
  }

  @Override
  public void listener(Listener listener) {
    this.listener = listener;
  }

  @Override
  public SocketAddress listen(SocketAddress address, int listener) throws IOException {
    return acceptor.listen(address, listener);
  }

  @Override
  public void dealTo(Supplier<Transport> next) {
    this.next = next;
  }

  @Override
  public String name() {
    return NAME;
  }

  // ---- the cycle

  @Override
  public int poll(long timeoutMs) throws IOException {
    if (!hasBegun) {
      begin();
    }
    acceptor.resume();
    arrivals.giveBack();
    ring.enter(timeoutMs);
    events = 0;
    isTold = false;
    handovers.takeAll();
    takeCompletions();
    // a send that goes on has to be handed over at once, so the next poll is not to wait
    return Math.max(events, submissions.isEmpty() ? 0 : 1);
  }

  private void begin() throws IOException {
    ring.enable();
    hasBegun = true;
    arrivals.begin();
    wakeup.read(submissions, Operation.WAKE_UP);
    acceptor.begin();
  }

  private void takeCompletions() {
    for (int count = completions.count(); count > 0; count--) {
      completions.next();
      int slot = Operation.slot(completions.userData());
      switch (Operation.kind(completions.userData())) {
        case Operation.RECEIVE -> onReceived(slots.get(slot));
        case Operation.SEND -> onSent(slots.get(slot));
        case Operation.CLOSE -> slots.completed(slots.get(slot));
        case Operation.WATCH -> onPeerEnded(slots.get(slot));
        case Operation.ACCEPT -> onAccepted(slot);
        case Operation.WAKE_UP -> wakeup.read(submissions, Operation.WAKE_UP);
        case Operation.CANCEL -> onCancelled(slots.get(slot));
        default -> {}
      }
    }
    completions.release();
    arrivals.deliver();
  }

  /** Tells the listener once in a poll, before the first event. */
  void onEvents(int count) {
    if (!isTold) {
      isTold = true;
      listener.onEvents();
    }
    events += count;
  }

  @Override
  public void wakeUp() {
    wakeup.wakeUp();
  }

  // ---- accepting

  private void onAccepted(int index) {
    int fd = completions.result();
    acceptor.onCompleted(index, fd, completions.hasMore());
    if (fd >= 0) {
      serve((UringTransport) next.get(), fd, acceptor.listener(index));
    }
  }

  private void serve(UringTransport chosen, int fd, int number) {
    if (chosen == this) {
      open(fd, number);
    } else {
      chosen.handovers.add(fd, number);
      chosen.wakeUp();
    }
  }

  private void open(int fd, int number) {
    if (acceptor.hasStopped()) {
      Libc.close(fd);
      return;
    }
    try {
      UringChannel channel = new UringChannel(this, fd, number, slots);
      onEvents(1);
      channel.open(listener.onAccepted(channel));
    } catch (IOException e) { // the client has gone already
      Libc.close(fd);
      listener.onVanished();
    } catch (OutOfMemoryError e) {
      Libc.close(fd);
    }
  }

  @Override
  public void stopAccepting() {
    acceptor.stop();
  }

  // ---- receiving

  private void onReceived(UringChannel channel) {
    arrivals.onCompleted(channel, completions);
    if (completions.hasMore()) {
      return;
    }
    int result = completions.result();
    if (result <= 0) {
      arrivals.deliver(channel);
      if (!channel.isClosed()) {
        onEvents(1);
      }
    }
    channel.onReceiveEnded(result);
    slots.completed(channel);
  }

  private void onPeerEnded(UringChannel channel) {
    channel.onPeerEnded();
    slots.completed(channel);
  }

  private void onCancelled(UringChannel channel) {
    channel.onCancelled(completions.result());
    slots.completed(channel);
  }

  // ---- what channels ask for

  void receive(UringChannel channel, boolean pollsFirst) {
    submissions.receive(
        channel.fd(), BufferRing.GROUP, pollsFirst, begun(channel, Operation.RECEIVE));
  }

  void watchEnd(UringChannel channel) {
    submissions.watchEnd(channel.fd(), begun(channel, Operation.WATCH));
  }

  void cancelReceive(UringChannel channel) {
    submissions.cancel(
        Operation.userData(Operation.RECEIVE, channel.slot()), begun(channel, Operation.CANCEL));
  }

  /** Answers the number by which to retract it. */
  int send(UringChannel channel, long address, int length) {
    return submissions.send(channel.fd(), address, length, begun(channel, Operation.SEND));
  }

  boolean retract(int sendNumber) {
    return submissions.retract(sendNumber);
  }

  private void onSent(UringChannel channel) {
    onEvents(0);
    channel.onSendEnded(completions.result());
    slots.completed(channel);
  }

  /** Ends what is under way on the socket, and closes it. */
  void closeSocket(UringChannel channel, boolean hasOperations) {
    if (hasOperations) {
      submissions.cancelAll(channel.fd(), Operation.IGNORED);
    }
    submissions.close(channel.fd(), begun(channel, Operation.CLOSE));
  }

  /** The user data of one more operation of a channel. */
  private static long begun(UringChannel channel, int kind) {
    channel.begun();
    return Operation.userData(kind, channel.slot());
  }

  // ---- the end

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    stopAccepting();
    handovers.close();
    if (hasBegun) {
      endOperations();
    }
    ring.close();
    arrivals.close();
    wakeup.close();
  }

  /** Closes the channels, and waits until no operation touches memory of theirs any more. */
  private void endOperations() {
    slots.closeAll();
    try {
      for (int i = 0; i < Limits.URING_CLOSE_POLLS && slots.count() > 0; i++) {
        poll(1);
      }
    } catch (IOException e) {
      LOGGER.log(Level.ERROR, "io_uring failed while it closed", e);
    }
  }
}
