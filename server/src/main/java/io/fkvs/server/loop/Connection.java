package io.fkvs.server.loop;

import io.fkvs.server.access.ClientAuthentication;
import io.fkvs.server.buffer.OutOfBuffersException;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.command.Agreement;
import io.fkvs.server.command.Conversation;
import io.fkvs.server.command.Input;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.protocol.Authentication;
import io.fkvs.server.protocol.Session;
import io.fkvs.server.transport.Channel;
import io.fkvs.server.transport.TlsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;

/*
 * Requests are held back in four cases: the connection, or the cycle, has had its share of replies;
 * the client has more unread replies than it may have; there is no memory for a reply; too much
 * waits for the disk. Meanwhile the connection does not receive, so that the system makes the client
 * stop to send. The first case ends with the next cycle, the second when the client has read, the
 * third when Shortage finds memory, the fourth when the log has written some of what waits.
 * The rest of a large request waits in Shortage as well, until all the memory for it can be had.
 */

/**
 * One client: connects its channel with its requests and replies, and decides when to receive, when
 * to go on and when to end. Knows neither sockets nor commands. Belongs to the thread of the event
 * loop.
 */
public final class Connection implements Channel.Handler, Shortage.Waiter {
  private static final Logger LOGGER = System.getLogger(Connection.class.getName());

  private final Channel channel;
  private final LoopContext loop;
  private final Input input;
  private final Output output;
  private final Conversation conversation;
  private final Sender sender;
  private final ClientTimers timers;

  private Phase phase = Phase.OPEN;
  private Wait wait = Wait.NOTHING;

  /** Whether it takes part in the batch, which then refers to its input. */
  private boolean isActive;

  /** Whether {@link Dispatcher} knows it for one of those whose replies wait for the disk. */
  private boolean hasHeldReplies;

  /** Its index in {@link Clients}. */
  int index;

  Connection(Channel channel, LoopContext loop) {
    this.channel = channel;
    this.loop = loop;
    Authentication authentication =
        ClientAuthentication.of(loop.password(), () -> loop.clientLog().wrongPassword(peer()));
    Session session = loop.session(channel, authentication);
    input = new Input(loop.protocols(), loop.pool(), loop.requestCounters(), session);
    output = new Output(loop.pool());
    conversation = new Conversation(input, output, session, authentication);
    conversation.onDecided(this::onDecided);
    timers =
        new ClientTimers(
            loop.timeouts(), loop.clock(), this::onPeerTimeout, this::onRequestTimeout);
    sender = new Sender(this, channel, output, loop, timers);
  }

  Phase phase() {
    return phase;
  }

  /** Goes on to another phase, which must be one that may follow. */
  void enter(Phase next) {
    assert phase.leadsTo(next) : "no such step: from=" + phase + ", to=" + next;
    phase = next;
  }

  private void await(Wait next) {
    assert wait.leadsTo(next) : "no such step: from=" + wait + ", to=" + next;
    wait = next;
  }

  Conversation conversation() {
    return conversation;
  }

  String peer() {
    return channel.peer();
  }

  // ---- requests

  @Override
  public void onReceived(MemorySegment bytes, long offset, int length) {
    loop.counters().receivedBytes += length;
    timers.received(length);
    if (isActive) {
      loop.dispatcher().settle(); // the batch refers to bytes that are about to be moved
    }
    if (phase != Phase.OPEN) {
      return;
    }
    if (!sender.isSending()) {
      timers.awaitRequests();
    }
    try {
      input.receive(bytes, offset, length);
      collect();
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      onOutOfMemory(e);
    }
  }

  /** Its turn has come: goes on with requests that were held back. */
  void onTurn() {
    await(Wait.NOTHING);
    resume();
  }

  /** Other servers have decided on requests that were held back; answers whether it is there. */
  private boolean onDecided() {
    if (phase == Phase.CLOSED) {
      return false;
    }
    if (wait == Wait.AGREEMENT) {
      await(Wait.NOTHING);
    }
    output.mayLose(conversation.verdict() == Agreement.Verdict.CARRY_OUT);
    resume();
    return true;
  }

  private void resume() {
    if (phase == Phase.CLOSED || !input.resume()) {
      return;
    }
    try {
      collect();
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      onOutOfMemory(e);
    }
  }

  private void collect() {
    if (!isActive) {
      isActive = true;
      conversation.begin(Math.min(output.length() + Limits.REPLY_SHARE_BYTES, loop.unreadLimit()));
      loop.dispatcher().activate(this);
    }
    loop.batch().collect(conversation);
    endIfBroken();
  }

  /**
   * Ends this connection's part in the cycle: the batch no longer refers to its input.
   *
   * @param step what must be durable before the replies leave
   */
  void settle(long step) {
    isActive = false;
    output.admit(0);
    output.mayLose(false);
    if (conversation.failure() != null) {
      onOutOfMemory(conversation.failure());
    } else if (output.isLost()) {
      onOutOfMemory(new OutOfMemoryError("replies to what a cluster carried out were lost"));
    }
    if (phase == Phase.CLOSED) {
      release();
      return;
    }
    endIfBroken();
    try {
      input.keep();
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      onOutOfMemory(e);
      return;
    }
    output.trim();
    boolean isHeld = sender.hold(step, loop.effects().durable());
    if (isHeld && !hasHeldReplies) {
      hasHeldReplies = true;
      loop.dispatcher().awaitDurable(this);
    }
    sender.send();
    goOn();
  }

  /**
   * Sends the replies that are durable now.
   *
   * @return whether others have to wait on
   */
  boolean onDurable(long step) {
    hasHeldReplies = phase != Phase.CLOSED && sender.release(step);
    if (phase != Phase.CLOSED) {
      sender.send();
      goOn();
    }
    return hasHeldReplies;
  }

  /** Begins to end where nothing that follows can be read. The client has been told. */
  private void endIfBroken() {
    if (!input.isBroken() || phase != Phase.OPEN) {
      return;
    }
    enter(Phase.ENDING);
    if (input.firstBytes().areForeign()) {
      loop.clientLog().foreign(peer(), input.firstBytes());
    }
  }

  // ---- replies

  @Override
  public void onSent(int length) {
    sender.onSent(length);
    if (phase != Phase.CLOSED && !sender.isSending()) {
      timers.awaitRequests();
    }
    if (!isActive) {
      goOn();
    }
  }

  /** Its turn has come: goes on with output of which there was more than its share. */
  void onSendTurn() {
    sender.onTurn();
    goOn();
  }

  /** Decides what is next: to receive, to wait, or to end. */
  private void goOn() {
    if (phase != Phase.CLOSED && wait == Wait.NOTHING) {
      findMemory();
    }
    if (phase == Phase.CLOSED) {
      return;
    }
    if (conversation.isHeldBack() && wait == Wait.NOTHING && output.length() < loop.unreadLimit()) {
      if (conversation.awaitsAgreement()) {
        await(Wait.AGREEMENT);
      } else if (conversation.awaitsDisk()) {
        await(Wait.DISK);
        loop.dispatcher().resumeWhenDiskCaughtUp(this);
      } else {
        await(Wait.TURN);
        loop.dispatcher().resumeLater(this);
      }
    }
    boolean takesMore = phase == Phase.OPEN && wait != Wait.MEMORY && !conversation.isHeldBack();
    channel.receiving(takesMore || phase == Phase.LINGERING);
    timers.timeRequest(takesMore && input.isAmidRequest(), conversation.decodedRequests());
    if (!conversation.isHeldBack() && output.length() == 0) {
      endIfAsked();
    }
  }

  private void endIfAsked() {
    if (phase == Phase.PEER_ENDED) {
      close();
    } else if (phase == Phase.ENDING) {
      enter(Phase.LINGERING);
      timers.awaitEnd();
      channel.finish();
      channel.receiving(true);
    }
  }

  // ---- memory

  /** Takes the memory that it wants, or waits for it. */
  private void findMemory() {
    long wantedBytes = wantedBytes();
    if (wantedBytes == 0) {
      return;
    }
    if (!conversation.authentication().isAuthenticated()
        && wantedBytes > Limits.SMALLEST_BUFFER_BYTES) {
      drop(Level.WARNING, "it sends much and has not authenticated", "idleMs", lastMovedMs());
      return;
    }
    if (!conversation.isHeldBack() && loop.shortage().admits(wantedBytes)) {
      growInput();
    } else {
      await(Wait.MEMORY);
      loop.shortage().await(this, wantedBytes, loop.clock().elapsedMs());
    }
  }

  @Override
  public long wantedBytes() {
    if (!conversation.isHeldBack()) {
      return input.wantedBytes();
    }
    boolean waitsForRoom = output.length() == 0 && loop.unreadLimit() == 0;
    return Math.max(output.wantedBytes(), waitsForRoom ? Limits.SMALLEST_BUFFER_BYTES : 0);
  }

  @Override
  public void onMemory() {
    await(Wait.NOTHING);
    if (conversation.isHeldBack()) {
      output.admit(wantedBytes());
      resume();
    } else {
      growInput();
    }
    if (!isActive) {
      goOn();
    }
  }

  private void growInput() {
    try {
      if (input.wantedBytes() > 0) {
        input.grow();
      }
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      onOutOfMemory(e);
    }
  }

  /** The memory that it holds. Takes as long as it has buffers. */
  long heldBytes() {
    return input.heldBytes() + output.heldBytes() + conversation.heldBytes();
  }

  /** When it last sent something, or took something of what it was sent. */
  long lastMovedMs() {
    return timers.peerTurnSinceMs();
  }

  // ---- the end

  @Override
  public void onEnd() {
    if (phase == Phase.LINGERING) {
      close();
    } else if (phase == Phase.OPEN || phase == Phase.ENDING) {
      enter(Phase.PEER_ENDED);
      if (!isActive) {
        goOn();
      }
    }
  }

  @Override
  public void onBroken(Exception cause) {
    if (phase == Phase.CLOSED) {
      return;
    }
    if (cause instanceof TlsException tls) {
      loop.clientLog().tlsFailed(peer(), tls);
    } else if (cause instanceof IOException) {
      LOGGER.log(Level.DEBUG, () -> "connection lost: peer=" + peer() + ", cause=" + cause);
    } else {
      LOGGER.log(Level.ERROR, "connection failed: peer=" + peer(), cause);
    }
    close();
  }

  /** Answers what has been received, then ends. */
  void end() {
    if (phase == Phase.OPEN) {
      enter(Phase.ENDING);
    }
    if (!isActive) {
      goOn();
    }
  }

  @Override
  public boolean isClosed() {
    return phase == Phase.CLOSED;
  }

  /** Says whether replies wait to be encoded or sent. */
  boolean hasReplies() {
    return phase != Phase.CLOSED && (conversation.isHeldBack() || output.length() > 0);
  }

  /** The peer had all the time that it may have for what this connection waits for. */
  private void onPeerTimeout() {
    if (phase == Phase.LINGERING) {
      close();
    } else if (sender.isSending()) {
      drop(Level.WARNING, "it does not read its replies", "stalledMs", lastMovedMs());
    } else if (hasReplies()) {
      timers.awaitRequests(); // it is this server that makes the client wait
    } else {
      drop(Level.INFO, "it is idle", "idleMs", lastMovedMs());
    }
  }

  /** A request had the time that it may take; a large one goes on while enough of it comes. */
  private void onRequestTimeout() {
    if (!timers.extendRequest()) {
      drop(Level.WARNING, "its request comes too slowly", "requestMs", timers.requestSinceMs());
    }
  }

  /** Makes room for another client in the place that this one has had since a time. */
  void giveWay(long sinceMs) {
    drop(Level.WARNING, "another takes the place beyond max-clients", "heldMs", sinceMs);
  }

  /** Makes room for clients that wait for memory, of which this one holds most. */
  void giveMemory() {
    drop(
        Level.WARNING, "it holds most of the memory that others wait for", "idleMs", lastMovedMs());
  }

  /** There was no memory for what this client sent or asked for. */
  private void onOutOfMemory(Throwable cause) {
    if (phase != Phase.CLOSED) {
      drop(
          Level.WARNING,
          "there is no memory for it: " + cause.getMessage(),
          "idleMs",
          lastMovedMs());
    }
  }

  private void drop(Level level, String reason, String waited, long sinceMs) {
    loop.clientLog().dropped(level, reason, peer(), output.length(), waited, sinceMs);
    close();
  }

  /** Closes at once. Closing again does nothing. */
  void close() {
    if (phase == Phase.CLOSED) {
      return;
    }
    enter(Phase.CLOSED);
    conversation.close();
    sender.close();
    timers.stop();
    channel.close();
    loop.clients().remove(this);
    loop.admission().onGone(this);
    if (!isActive) {
      release();
    }
  }

  private void release() {
    output.clear();
    input.release();
  }
}
