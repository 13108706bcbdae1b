package io.fkvs.server;

import io.fkvs.wire.Request;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;

/*
 * What arrives is decoded where the transport received it. Only the rest that is not decoded in the
 * same cycle, a part of a request or requests held back, is copied to a buffer of the connection's
 * own, and decoding goes on there when more has come. A quiet connection holds no buffer.
 *
 * Requests are held back while the connection has had its share of replies in this cycle, or more
 * unread replies than it may have. It does not receive meanwhile, so that the client's own sending
 * stops. The first case goes on in the next cycle, the second when the client has read.
 *
 *   open --peer ends--> answers the rest, sends, closes
 *   open --end()------> answers the rest, sends, finishes; ignores what comes; closes when the
 *                       peer does, or later (closing at once with bytes unread would make the
 *                       system throw away replies that the client has not read)
 */

/**
 * One client: its bytes in, its replies out, and the pressure between the two. Knows neither
 * sockets nor commands. Belongs to the thread of the event loop.
 */
final class Connection implements Channel.Handler {
  private static final Logger LOGGER = System.getLogger(Connection.class.getName());

  private final Channel channel;
  private final Protocol protocol;
  private final Dispatcher dispatcher;
  private final Clients clients;
  private final Output output;

  private Buffer kept;
  private MemorySegment input;
  private long inputOffset;
  private long inputLimit;

  private long outputLimit;
  private long sendingSinceMs;
  private long lingeringSinceMs;

  private boolean isActive;
  private boolean isHeldBack;
  private boolean isResuming;
  private boolean isSending;
  private boolean hasPeerEnded;
  private boolean isEnding;
  private boolean isLingering;
  private boolean isClosed;

  /** The place in {@link Clients}. */
  int index;

  Connection(Channel channel, Protocol protocol, Dispatcher dispatcher, Clients clients) {
    this.channel = channel;
    this.protocol = protocol;
    this.dispatcher = dispatcher;
    this.clients = clients;
    this.output = new Output(dispatcher.pool());
  }

  Protocol protocol() {
    return protocol;
  }

  Output output() {
    return output;
  }

  String peer() {
    return channel.peer();
  }

  // ---- requests

  @Override
  public void onReceived(MemorySegment bytes, long offset, int length) {
    dispatcher.counters().receivedBytes += length;
    if (isEnding || isClosed) {
      return;
    }
    if (isActive) {
      dispatcher.settle(); // the batch may refer to the bytes that are about to be moved
    }
    if (kept == null) {
      input(bytes, offset, offset + length);
    } else {
      keep(bytes, offset, length);
      input(kept.memory(), kept.start, kept.end);
    }
    collect();
  }

  /** Goes on with requests that were held back. */
  void resume() {
    isResuming = false;
    if (isClosed || kept == null) {
      return;
    }
    input(kept.memory(), kept.start, kept.end);
    collect();
  }

  /** Says whether this connection may have further requests answered in this cycle. */
  boolean takesRequests() {
    return output.length() < outputLimit && !isClosed;
  }

  /** Where the next request starts in the input. */
  long inputOffset() {
    return inputOffset;
  }

  /**
   * Decodes the next request and steps over it.
   *
   * @return whether it was complete
   */
  boolean decode(Request request) {
    int length = protocol.decode(input, inputOffset, inputLimit, request);
    inputOffset += length;
    return length != Protocol.INCOMPLETE;
  }

  /** Takes back the request at an offset and those behind it. */
  void handBack(long offset) {
    inputOffset = Math.min(inputOffset, offset);
    isHeldBack = inputOffset < inputLimit;
  }

  private void collect() {
    isHeldBack = false;
    if (!isActive) {
      isActive = true;
      outputLimit = Math.min(output.length() + Limits.REPLY_SHARE_BYTES, dispatcher.unreadLimit());
      dispatcher.activate(this);
    }
    dispatcher.collect(this);
  }

  private void input(MemorySegment bytes, long offset, long limit) {
    input = bytes;
    inputOffset = offset;
    inputLimit = limit;
  }

  private void keep(MemorySegment bytes, long offset, int length) {
    if (kept.room() < length) {
      if (kept.length() + length <= kept.capacity()) {
        kept.compact();
      } else {
        Buffer larger = dispatcher.pool().take(kept.length() + length);
        larger.append(kept.memory(), kept.start, kept.length());
        dispatcher.pool().give(kept);
        kept = larger;
      }
    }
    kept.append(bytes, offset, length);
  }

  // ---- replies

  /** Ends this connection's part in the cycle: the batch no longer refers to its input. */
  void settle() {
    isActive = false;
    if (isClosed) {
      release();
      return;
    }
    keepRest();
    output.trim();
    send();
    goOn();
  }

  @Override
  public void onSent(int length) {
    sent(length);
    isSending = false;
    send();
    if (!isActive) {
      goOn();
    }
  }

  private void send() {
    while (!isSending && output.length() > 0) {
      Buffer head = output.head();
      int length = head.length();
      int sent = channel.send(head, head.start, length);
      if (isClosed) {
        return;
      }
      if (sent < length) {
        isSending = true;
        sendingSinceMs = dispatcher.nowMs();
      }
      sent(sent);
    }
  }

  private void sent(int length) {
    if (length > 0) {
      dispatcher.counters().sentBytes += length;
      output.sent(length);
    }
  }

  private void goOn() {
    if (isClosed) {
      return;
    }
    if (isHeldBack && !isResuming && output.length() < dispatcher.unreadLimit()) {
      isResuming = true;
      dispatcher.resumeLater(this);
    }
    channel.receiving(isLingering || !(isHeldBack || hasPeerEnded || isEnding));
    if (!isHeldBack && output.length() == 0) {
      endIfAsked();
    }
  }

  private void keepRest() {
    int length = (int) (inputLimit - inputOffset);
    if (kept != null && input == kept.memory()) {
      kept.start = (int) inputOffset;
    } else if (length > 0) {
      kept = dispatcher.pool().take(length);
      kept.append(input, inputOffset, length);
    }
    if (length == 0 && kept != null) {
      dispatcher.pool().give(kept);
      kept = null;
    }
    input = null;
  }

  // ---- the end

  @Override
  public void onEnd() {
    hasPeerEnded = true;
    if (isLingering) {
      close();
    } else if (!isActive) {
      goOn();
    }
  }

  @Override
  public void onBroken(Exception cause) {
    if (isClosed) {
      return;
    }
    if (cause instanceof IOException) {
      LOGGER.log(Level.DEBUG, () -> "connection lost: peer=" + peer() + ", cause=" + cause);
    } else {
      LOGGER.log(Level.ERROR, "connection failed: peer=" + peer(), cause);
    }
    close();
  }

  /** Answers what has been received, then ends. */
  void end() {
    isEnding = true;
    if (!isActive) {
      goOn();
    }
  }

  /** Says whether replies wait to be encoded or sent. */
  boolean hasReplies() {
    return !isClosed && (isHeldBack || output.length() > 0);
  }

  /** Looks at the limits of time. */
  void tick(long nowMs) {
    if (isSending && nowMs - sendingSinceMs >= Limits.STALLED_MS) {
      dispatcher.counters().droppedConnections++;
      LOGGER.log(
          Level.WARNING,
          "client dropped, it does not read its replies: peer="
              + peer()
              + ", unreadBytes="
              + output.length()
              + ", stalledMs="
              + (nowMs - sendingSinceMs));
      close();
    } else if (isLingering && nowMs - lingeringSinceMs >= Limits.LINGER_MS) {
      close();
    }
  }

  /** Closes at once. Closing again does nothing. */
  void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    channel.close();
    clients.remove(this);
    if (!isActive) {
      release();
    }
  }

  private void endIfAsked() {
    if (hasPeerEnded) {
      close();
    } else if (isEnding && !isLingering) {
      isLingering = true;
      lingeringSinceMs = dispatcher.nowMs();
      channel.finish();
      channel.receiving(true);
    }
  }

  private void release() {
    output.clear();
    if (kept != null) {
      dispatcher.pool().give(kept);
      kept = null;
    }
    input = null;
  }
}
