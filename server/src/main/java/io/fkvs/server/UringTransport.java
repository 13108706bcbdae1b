package io.fkvs.server;

import io.fkvs.server.uring.BufferRing;
import io.fkvs.server.uring.Completions;
import io.fkvs.server.uring.Errno;
import io.fkvs.server.uring.Libc;
import io.fkvs.server.uring.Platform;
import io.fkvs.server.uring.Ring;
import io.fkvs.server.uring.ServerSocket;
import io.fkvs.server.uring.Submissions;
import io.fkvs.server.uring.Wakeup;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/*
 * A poll is one system call: it hands over what the cycle before brought about (sends, receives to
 * arm, sockets to close), lets the system receive and accept, and waits if there is nothing.
 *
 *   poll:  give back full buffers -> enter -> take completions, tell the listener
 *   cycle: settle, which queues sends ------------------------> the next poll's enter
 *
 * Accepts and receives are armed once and complete again and again (multishot). The bytes of all
 * channels come into one memory, one after another (see BufferRing), which is given back at the next
 * poll. Where it is used up, receives end with ENOBUFS and are armed again for the next poll: what
 * one cycle may receive is bounded, and the rest stays with the system.
 *
 * Linux 6.18 can lose the end of a stream of a Unix socket that comes right behind bytes (liburing
 * issue 1549). So each socket's end is watched for as well, and a receive that goes on then is armed
 * anew, which finds the end.
 *
 * An operation's user data are its kind and the channel's slot. A slot is free again when the
 * channel is closed and each of its operations has completed, so no completion finds a stranger.
 */

/** The transport of io_uring: completions, one system call a cycle, over TCP and Unix sockets. */
final class UringTransport implements Transport {
  private static final Logger LOGGER = System.getLogger(UringTransport.class.getName());

  static final String NAME = "io_uring";

  /** How long to leave waiting clients alone after the system refused to accept one. */
  private static final long ACCEPT_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

  /** The kinds of operations, in the low bits of user data; the slot is above them. */
  private static final int ACCEPT = 0;

  private static final int WAKE_UP = 1;
  private static final int RECEIVE = 2;
  private static final int SEND = 3;
  private static final int CLOSE = 4;
  private static final int WATCH = 5;
  private static final int CANCEL = 6;

  /** Cancels whatever there is: what is cancelled tells. */
  private static final int IGNORED = 7;

  private static final int KIND_BITS = 3;
  private static final int KIND_MASK = (1 << KIND_BITS) - 1;

  private final BufferPool pool;
  private final Wakeup wakeup;
  private final Ring ring;
  private final BufferRing buffers;
  private final Submissions submissions;
  private final Completions completions;
  private final UringSlots slots = new UringSlots();
  private final List<ServerSocket> listening = new ArrayList<>();
  private Listener listener;
  private Buffer arrivals;

  /** Bytes of one channel, in one piece, that it has not been told of yet. */
  private UringChannel receiver;

  private UringChannel lastReceiver;

  private int receivedOffset;
  private int receivedLength;

  private int events;
  private boolean isTold;
  private int armedAccepts;
  private boolean isAcceptPaused;
  private boolean hasStoppedAccepting;
  private long acceptPausedSinceNs;
  private boolean isClosed;

  /**
   * Makes the ring.
   *
   * @param pool lends the memory to receive into
   * @throws IOException if the system has no io_uring that would do; the message says why
   */
  UringTransport(BufferPool pool) throws IOException {
    this.pool = pool;
    Platform.check();
    ring = new Ring(Limits.URING_SUBMISSIONS, Limits.URING_COMPLETIONS);
    submissions = ring.submissions();
    completions = ring.completions();
    try {
      buffers =
          new BufferRing(
              ring, Limits.ARRIVALS_BYTES / Limits.URING_BUFFER_BYTES, Limits.URING_BUFFER_BYTES);
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
  public SocketAddress listen(SocketAddress address) throws IOException {
    ServerSocket socket = ServerSocket.listen(address, Limits.ACCEPT_BACKLOG);
    listening.add(socket);
    return socket.address();
  }

  private static long userData(int kind, int slot) {
    return (long) slot << KIND_BITS | kind;
  }

  // ---- the cycle

  @Override
  public int poll(long timeoutMs) throws IOException {
    if (arrivals == null) {
      begin();
    }
    if (isAcceptPaused) {
      resumeAccepting();
    }
    buffers.giveBack();
    ring.enter(timeoutMs);
    events = 0;
    isTold = false;
    lastReceiver = null;
    takeCompletions();
    // a send that goes on has to be handed over at once, so the next poll is not to wait
    return Math.max(events, submissions.isEmpty() ? 0 : 1);
  }

  private void begin() throws IOException {
    ring.enable();
    arrivals = pool.take(Limits.ARRIVALS_BYTES);
    buffers.provide(arrivals.memory());
    wakeup.read(submissions, WAKE_UP);
    if (!hasStoppedAccepting) {
      armAccepts();
    }
  }

  private void takeCompletions() {
    for (int count = completions.count(); count > 0; count--) {
      completions.next();
      int slot = (int) (completions.userData() >>> KIND_BITS);
      switch ((int) completions.userData() & KIND_MASK) {
        case RECEIVE -> onReceived(slots.get(slot));
        case SEND -> onSent(slots.get(slot));
        case CLOSE -> slots.completed(slots.get(slot));
        case WATCH -> onPeerEnded(slots.get(slot));
        case ACCEPT -> onAccepted(slot);
        case WAKE_UP -> wakeup.read(submissions, WAKE_UP);
        case CANCEL -> onCancelled(slots.get(slot));
        default -> {}
      }
    }
    completions.release();
    deliver();
  }

  /** Tells the listener once in a poll, before the first event. */
  private void tell() {
    if (!isTold) {
      isTold = true;
      listener.onEvents();
    }
  }

  // ---- receiving

  private void onReceived(UringChannel channel) {
    int result = completions.result();
    boolean hasMore = completions.hasMore();
    if (completions.hasBuffer()) {
      int length = Math.max(result, 0);
      onBytes(
          channel,
          buffers.received(completions.buffer(), length, completions.keepsBuffer()),
          length);
    }
    if (!hasMore) {
      if (result <= 0 && receiver == channel) {
        deliver();
      }
      if (result <= 0 && !channel.isClosed()) {
        countEvent();
      }
      channel.onReceiveEnded(result);
      slots.completed(channel);
    }
  }

  private void countEvent() {
    tell();
    events++;
  }

  /** Bytes that lie behind others of the same channel are told of together. */
  private void onBytes(UringChannel channel, int offset, int length) {
    if (channel.isClosed()) {
      return;
    }
    if (receiver == channel && offset == receivedOffset + receivedLength) {
      receivedLength += length;
      return;
    }
    deliver();
    receiver = channel;
    receivedOffset = offset;
    receivedLength = length;
  }

  private void deliver() {
    if (receiver != null) {
      UringChannel channel = receiver;
      receiver = null;
      if (!channel.isClosed()) {
        tell();
        events += channel == lastReceiver ? 0 : 1; // at the end of the memory, bytes fall apart
        lastReceiver = channel;
        channel.onReceived(arrivals.memory(), receivedOffset, receivedLength);
      }
    }
  }

  void receive(UringChannel channel, boolean pollsFirst) {
    submissions.receive(
        channel.fd(), BufferRing.GROUP, pollsFirst, userData(RECEIVE, channel.slot()));
    channel.begun();
  }

  private void onPeerEnded(UringChannel channel) {
    channel.onPeerEnded();
    slots.completed(channel);
  }

  void watchEnd(UringChannel channel) {
    submissions.watchEnd(channel.fd(), userData(WATCH, channel.slot()));
    channel.begun();
  }

  void cancelReceive(UringChannel channel) {
    submissions.cancel(userData(RECEIVE, channel.slot()), userData(CANCEL, channel.slot()));
    channel.begun();
  }

  private void onCancelled(UringChannel channel) {
    channel.onCancelled(completions.result());
    slots.completed(channel);
  }

  // ---- sending

  private void onSent(UringChannel channel) {
    tell();
    channel.onSendEnded(completions.result());
    slots.completed(channel);
  }

  /** Answers the number by which to retract it. */
  int send(UringChannel channel, long address, int length) {
    channel.begun();
    return submissions.send(channel.fd(), address, length, userData(SEND, channel.slot()));
  }

  boolean retract(int sendNumber) {
    return submissions.retract(sendNumber);
  }

  /** Ends what is under way on the socket, and closes it. */
  void closeSocket(UringChannel channel, boolean hasOperations) {
    if (hasOperations) {
      submissions.cancelAll(channel.fd(), IGNORED);
    }
    submissions.close(channel.fd(), userData(CLOSE, channel.slot()));
    channel.begun();
  }

  // ---- accepting

  private void onAccepted(int index) {
    int fd = completions.result();
    if (!completions.hasMore()) {
      armedAccepts--;
      if (fd < 0 && fd != -Errno.ECANCELED) {
        pauseAccepting(fd);
      } else if (!hasStoppedAccepting) {
        armAccept(index);
      }
    }
    if (fd >= 0) {
      open(fd);
    }
  }

  private void open(int fd) {
    if (hasStoppedAccepting) {
      Libc.close(fd);
      return;
    }
    try {
      UringChannel channel = new UringChannel(this, fd, slots);
      countEvent();
      channel.open(listener.onAccepted(channel));
    } catch (IOException e) { // the client has gone already
      Libc.close(fd);
    }
  }

  private void pauseAccepting(int error) {
    LOGGER.log(
        Level.ERROR, "cannot accept clients, trying again in a second: cause=" + Errno.text(error));
    isAcceptPaused = true;
    acceptPausedSinceNs = System.nanoTime();
    cancelAccepts();
  }

  private void resumeAccepting() {
    if (armedAccepts == 0 && System.nanoTime() - acceptPausedSinceNs >= ACCEPT_PAUSE_NS) {
      isAcceptPaused = false;
      armAccepts();
    }
  }

  private void armAccepts() {
    for (int i = 0; i < listening.size(); i++) {
      armAccept(i);
    }
  }

  private void armAccept(int index) {
    if (!isAcceptPaused) {
      submissions.accept(listening.get(index).fd(), userData(ACCEPT, index));
      armedAccepts++;
    }
  }

  private void cancelAccepts() {
    for (int i = 0; i < listening.size(); i++) {
      submissions.cancel(userData(ACCEPT, i), IGNORED);
    }
  }

  @Override
  public void stopAccepting() {
    if (hasStoppedAccepting) {
      return;
    }
    hasStoppedAccepting = true;
    isAcceptPaused = false;
    if (arrivals != null) {
      cancelAccepts();
    }
    for (ServerSocket socket : listening) {
      socket.close();
    }
  }

  // ---- the rest

  @Override
  public void wakeUp() {
    wakeup.wakeUp();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    stopAccepting();
    if (arrivals != null) {
      endOperations();
    }
    ring.close();
    buffers.close();
    wakeup.close();
    if (arrivals != null) {
      pool.give(arrivals);
    }
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
