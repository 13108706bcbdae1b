package io.fkvs.server.loop;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.OutOfBuffersException;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.command.Input;
import io.fkvs.server.command.Protocol;
import io.fkvs.server.command.Protocols;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Channel;
import io.fkvs.wire.Request;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;

/*
 * Requests are held back while the connection, or the cycle, has had its share of replies, or while
 * the client has more unread replies than it may have. It does not receive meanwhile, so that the
 * client's own sending stops. The first case goes on in the next cycle, the second when the client
 * has read. A connection that needs more memory than is left, for the rest of a large request or for
 * a large reply, waits in Shortage and does not receive either.
 *
 * Output that is not small is sent in shares, one a cycle.
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
public final class Connection implements Channel.Handler {
  private static final Logger LOGGER = System.getLogger(Connection.class.getName());

  private final Channel channel;
  private final Dispatcher dispatcher;
  private final Clients clients;
  private final Input input;
  private final Output output;
  private final TimeoutQueue.Timer timer = new TimeoutQueue.Timer(this::onTimeout);
  private final TimeoutQueue.Timer requestTimer = new TimeoutQueue.Timer(this::onRequestTimeout);

  private long outputLimit;
  private long receivedBytes;

  /** What had been received when the request's timer was started. */
  private long receivedBytesBefore;

  private boolean isActive;
  private boolean isHeldBack;
  private boolean isResuming;
  private boolean isAwaitingMemory;
  private boolean isSending;
  private boolean isSendDeferred;
  private boolean hasPeerEnded;
  private boolean isEnding;
  private boolean isLingering;
  private boolean isClosed;

  /** The place in {@link Clients}. */
  int index;

  Connection(Channel channel, Protocols protocols, Dispatcher dispatcher, Clients clients) {
    this.channel = channel;
    this.dispatcher = dispatcher;
    this.clients = clients;
    this.input = new Input(protocols, dispatcher.pool());
    this.output = new Output(dispatcher.pool());
    clients.idle().start(timer, dispatcher.elapsedMs());
  }

  public Protocol protocol() {
    return input.protocol();
  }

  public Output output() {
    return output;
  }

  String peer() {
    return channel.peer();
  }

  // ---- requests

  @Override
  public void onReceived(MemorySegment bytes, long offset, int length) {
    dispatcher.counters().receivedBytes += length;
    receivedBytes += length;
    if (isEnding || isClosed) {
      return;
    }
    if (!isSending) {
      clients.idle().start(timer, dispatcher.elapsedMs());
    }
    if (isActive) {
      dispatcher.settle(); // the batch may refer to the bytes that are about to be moved
    }
    try {
      input.receive(bytes, offset, length);
      collect();
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      onOutOfMemory(e);
    }
  }

  /** Goes on with requests that were held back. */
  void resume() {
    isResuming = false;
    if (isClosed || !input.resume()) {
      return;
    }
    try {
      collect();
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      onOutOfMemory(e);
    }
  }

  /** Says whether this connection may have further requests answered in this cycle. */
  public boolean takesRequests() {
    return output.length() < outputLimit && !isClosed;
  }

  /** Where the request that was decoded last starts in the input. */
  long requestOffset() {
    return input.requestOffset();
  }

  /**
   * Decodes the next request and steps over it.
   *
   * @return whether it was complete
   */
  boolean decode(Request request) {
    boolean isComplete = input.decode(request, output);
    if (isComplete) {
      requestTimer.stop();
    }
    if (input.isBroken() && !isEnding) {
      dispatcher.counters().errors++;
      if (input.firstBytes().areForeign()) {
        clients.onForeign(this, input.firstBytes());
      }
      end();
    }
    return isComplete;
  }

  /** Says whether it is clear where the next request starts, before this one is carried out. */
  boolean knowsNext(Request request) {
    return input.knowsNext(request);
  }

  /** Learns that a request was refused for its form; the reply has been written. */
  public void onRefused(Request request) {
    input.onRefused(request);
    if (input.isBroken()) {
      end();
    }
  }

  /** Takes back the request at an offset and those behind it. */
  public void handBack(long offset) {
    isHeldBack = input.handBack(offset);
  }

  /** Takes back what is not decoded yet. */
  void handBackRest() {
    handBack(input.offset());
  }

  private void collect() {
    isHeldBack = false;
    if (!isActive) {
      isActive = true;
      output.wantNothing();
      outputLimit = Math.min(output.length() + Limits.REPLY_SHARE_BYTES, dispatcher.unreadLimit());
      dispatcher.activate(this);
    }
    dispatcher.collect(this);
  }

  // ---- memory

  /** The request at hand has to wait, and all behind it, until there is memory for its reply. */
  public void awaitMemory() {
    outputLimit = 0;
  }

  /** How much memory it waits for, 0 for none. */
  public long wantedBytes() {
    if (!isHeldBack) {
      return input.wantedBytes();
    }
    boolean waitsForRoom = output.length() == 0 && dispatcher.unreadLimit() == 0;
    return Math.max(output.wantedBytes(), waitsForRoom ? Limits.SMALLEST_BUFFER_BYTES : 0);
  }

  /** There is as much memory as it waited for. */
  public void onMemory() {
    isAwaitingMemory = false;
    if (isHeldBack) {
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
    return input.heldBytes() + output.heldBytes();
  }

  /** When it last sent something, or took something of what it was sent. */
  long lastMovedMs() {
    return timer.startedMs();
  }

  /** There was no memory for what this client sent or asked for, so it goes. */
  public void onOutOfMemory(Throwable cause) {
    if (!isClosed) {
      drop(
          Level.WARNING,
          "there is no memory for it: " + cause.getMessage(),
          "idleMs",
          lastMovedMs());
    }
  }

  /** Others wait for memory, and this client holds most of it. */
  void dropForOthers() {
    drop(
        Level.WARNING, "it holds most of the memory that others wait for", "idleMs", lastMovedMs());
  }

  // ---- replies

  /** Ends this connection's part in the cycle: the batch no longer refers to its input. */
  void settle() {
    isActive = false;
    output.admit(0);
    if (isClosed) {
      release();
      return;
    }
    try {
      input.keep();
    } catch (OutOfBuffersException | OutOfMemoryError e) {
      onOutOfMemory(e);
      return;
    }
    output.trim();
    send();
    goOn();
  }

  @Override
  public void onSent(int length) {
    sent(length);
    isSending = false;
    send();
    if (!isSending && !isClosed) {
      clients.idle().start(timer, dispatcher.elapsedMs());
    }
    if (!isActive) {
      goOn();
    }
  }

  /** Goes on with output of which more was there than its share. */
  void sendOn() {
    isSendDeferred = false;
    if (!isClosed && !isSending) {
      send();
      goOn();
    }
  }

  private void send() {
    int share = output.length() <= Limits.SMALL_OUTPUT_BYTES ? Integer.MAX_VALUE : sendShare();
    while (!isSending && output.length() > 0 && share > 0) {
      Buffer head = output.head();
      int length = Math.min(head.length(), share);
      dispatcher.budget().sent(length);
      int sent = channel.send(head, head.start, length);
      if (isClosed) {
        return;
      }
      if (sent < length) {
        isSending = true;
        clients.stalled().start(timer, dispatcher.elapsedMs());
      }
      sent(sent);
      share -= sent;
    }
    if (!isSending && output.length() > 0 && !isSendDeferred) {
      isSendDeferred = true;
      dispatcher.sendLater(this);
    }
  }

  /** What may be sent now of output that is not small. */
  private int sendShare() {
    return dispatcher.budget().maySend() && !isSendDeferred ? Limits.SEND_SHARE_BYTES : 0;
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
    if (!isAwaitingMemory && !isResuming) {
      findMemory();
    }
    if (isHeldBack
        && !isAwaitingMemory
        && !isResuming
        && output.length() < dispatcher.unreadLimit()) {
      isResuming = true;
      dispatcher.resumeLater(this);
    }
    boolean takesMore = !(isHeldBack || isAwaitingMemory || hasPeerEnded || isEnding);
    channel.receiving(isLingering || takesMore);
    timeRequest(takesMore);
    if (!isHeldBack && output.length() == 0) {
      endIfAsked();
    }
  }

  /** Takes the memory that it wants, or waits for it. */
  private void findMemory() {
    long wantedBytes = wantedBytes();
    if (wantedBytes == 0) {
      return;
    }
    if (!isHeldBack && dispatcher.shortage().admits(wantedBytes)) {
      growInput();
    } else {
      isAwaitingMemory = true;
      dispatcher.shortage().await(this, wantedBytes, dispatcher.elapsedMs());
    }
  }

  /** Lets the time run for a request that has begun, while it is the peer that makes it wait. */
  private void timeRequest(boolean takesMore) {
    if (!takesMore || !input.isAmidRequest()) {
      requestTimer.stop();
    } else if (!requestTimer.isRunning()) {
      startRequestTimer();
    }
  }

  private void startRequestTimer() {
    receivedBytesBefore = receivedBytes;
    clients.requests().start(requestTimer, dispatcher.elapsedMs());
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

  public boolean isClosed() {
    return isClosed;
  }

  /** Says whether replies wait to be encoded or sent. */
  boolean hasReplies() {
    return !isClosed && (isHeldBack || output.length() > 0);
  }

  /** The peer had all the time that it may have for what this connection waits for. */
  private void onTimeout() {
    if (isLingering) {
      close();
    } else if (isSending) {
      drop(Level.WARNING, "it does not read its replies", "stalledMs", timer.startedMs());
    } else if (hasReplies()) {
      clients.idle().start(timer, dispatcher.elapsedMs()); // it waits for this server
    } else {
      drop(Level.INFO, "it is idle", "idleMs", timer.startedMs());
    }
  }

  /** A request had the time that it may take; a large one goes on while enough of it comes. */
  private void onRequestTimeout() {
    long neededBytes = clients.requests().limitMs() * Limits.REQUEST_BYTES_PER_MS;
    if (receivedBytes - receivedBytesBefore >= neededBytes) {
      startRequestTimer();
    } else {
      drop(Level.WARNING, "its request comes too slowly", "requestMs", requestTimer.startedMs());
    }
  }

  /** Makes room for another in the place that it has had since a time. */
  void giveWay(long sinceMs) {
    drop(Level.WARNING, "another takes the place beyond max-clients", "heldMs", sinceMs);
  }

  private void drop(Level level, String reason, String waited, long sinceMs) {
    dispatcher.counters().droppedConnections++;
    long waitedMs = dispatcher.elapsedMs() - sinceMs;
    clients
        .dropLog()
        .log(
            level,
            () ->
                "client dropped, "
                    + reason
                    + ": peer="
                    + peer()
                    + ", unreadBytes="
                    + output.length()
                    + ", "
                    + waited
                    + "="
                    + waitedMs);
    close();
  }

  /** Closes at once. Closing again does nothing. */
  void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    timer.stop();
    requestTimer.stop();
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
      clients.lingering().start(timer, dispatcher.elapsedMs());
      channel.finish();
      channel.receiving(true);
    }
  }

  private void release() {
    output.clear();
    input.release();
  }
}
