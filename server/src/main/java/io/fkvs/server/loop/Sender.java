package io.fkvs.server.loop;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Channel;

/*
 *   IDLE --the channel takes a part--> SENDING --the channel took more--> IDLE
 *
 * Output that is not small is sent in shares, one a cycle, so that one large value does not keep
 * other clients waiting. Both states may lead to CLOSED.
 */

/**
 * The output side of a {@link Connection}: hands its replies to the channel, a range at a time.
 * Belongs to the thread of the event loop.
 */
final class Sender {
  /** What the channel does with the replies. */
  enum State {
    /** Nothing: all that was handed over has been taken. */
    IDLE,

    /** It holds a range of which it has taken a part, so nothing else may be sent. */
    SENDING,

    /** It is closed. */
    CLOSED;

    /** Says whether a state may follow this one. */
    boolean leadsTo(State next) {
      return switch (this) {
        case IDLE -> next == SENDING || next == CLOSED;
        case SENDING -> next == IDLE || next == CLOSED;
        case CLOSED -> false;
      };
    }
  }

  private final Connection connection;
  private final Channel channel;
  private final Output output;
  private final LoopContext loop;
  private final ClientTimers timers;
  private State state = State.IDLE;

  /** The replies that may not leave yet; {@code null} where all may at once. */
  private final HeldReplies held;

  /** Whether the dispatcher will let it go on in the next cycle. */
  private boolean isDeferred;

  Sender(
      Connection connection,
      Channel channel,
      Output output,
      LoopContext loop,
      ClientTimers timers) {
    this.connection = connection;
    this.channel = channel;
    this.output = output;
    this.loop = loop;
    this.timers = timers;
    held = loop.effects().holdReplies() ? new HeldReplies() : null;
  }

  private void enter(State next) {
    assert state.leadsTo(next) : "no such step: from=" + state + ", to=" + next;
    state = next;
  }

  /** Says whether the channel has yet to take bytes that it was given. */
  boolean isSending() {
    return state == State.SENDING;
  }

  /**
   * Holds the replies since the last call until a step is durable.
   *
   * @return whether any must wait
   */
  boolean hold(long step, long durableStep) {
    if (held == null) {
      return false;
    }
    held.hold(output.length(), step);
    return release(durableStep);
  }

  /** Lets go of replies whose step is durable; answers whether others have to wait on. */
  boolean release(long durableStep) {
    held.release(durableStep);
    return !held.isEmpty();
  }

  private long readyBytes() {
    return held == null ? output.length() : held.readyBytes();
  }

  /**
   * Sends what may be sent in this cycle; nothing while the channel has yet to take bytes. The
   * connection may be closed afterwards.
   */
  void send() {
    int share = readyBytes() <= Limits.SMALL_OUTPUT_BYTES ? Integer.MAX_VALUE : largeShare();
    while (state == State.IDLE && readyBytes() > 0 && share > 0) {
      Buffer head = output.head();
      int length = (int) Math.min(Math.min(head.length(), share), readyBytes());
      loop.sendBudget().spend(length);
      int taken = channel.send(head, head.start, length);
      if (state == State.CLOSED) { // the channel broke
        return;
      }
      if (taken < length) {
        enter(State.SENDING);
        timers.awaitReader();
      }
      take(taken);
      share -= taken;
    }
    if (state == State.IDLE && readyBytes() > 0 && !isDeferred) {
      isDeferred = true;
      loop.dispatcher().sendLater(connection);
    }
  }

  /** What may be sent now of output that is not small. */
  private int largeShare() {
    return loop.sendBudget().isSpent() || isDeferred ? 0 : Limits.SEND_SHARE_BYTES;
  }

  /** The channel took more of the range that it was given. */
  void onSent(int length) {
    take(length);
    enter(State.IDLE);
    send();
  }

  private void take(int length) {
    if (length > 0) {
      loop.counters().sentBytes += length;
      if (held != null) {
        held.sent(length);
      }
      output.sent(length);
    }
  }

  /** The turn has come of output of which there was more than a share. */
  void onTurn() {
    isDeferred = false;
    send();
  }

  /** The channel is closed. */
  void close() {
    enter(State.CLOSED);
  }
}
