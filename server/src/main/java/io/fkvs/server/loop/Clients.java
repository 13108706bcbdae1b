package io.fkvs.server.loop;

import io.fkvs.server.command.Counters;
import io.fkvs.server.command.FirstBytes;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Channel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The clients connected, at most so many, and how long they may keep the server waiting: each waits
 * for its peer to send, to read or to close, never for two of them; and for the rest of a request.
 * Belongs to the thread of the event loop.
 */
public final class Clients {
  private static final Logger LOGGER = System.getLogger(Clients.class.getName());

  private final boolean areLogged;
  private final Predicate<String> isAwaited;
  private final int maxClients;
  private final Counters counters;
  private final CycleClock clock;
  private final List<Connection> connections = new ArrayList<>();
  private final TimeoutQueue idle;
  private final TimeoutQueue stalled = new TimeoutQueue(Limits.STALLED_MS);
  private final TimeoutQueue lingering = new TimeoutQueue(Limits.LINGER_MS);
  private final TimeoutQueue requests;
  private final LimitedLog refusalLog;

  /** The client that is there beyond the most, and since when, while there are so many. */
  private Connection spare;

  private long spareSinceMs;
  private final LimitedLog dropLog;
  private final LimitedLog foreignLog;

  /**
   * Creates an empty set.
   *
   * @param maxClients the most clients
   * @param idleMs how long a client may send nothing, {@link TimeoutQueue#NEVER} for ever
   * @param requestMs how long a request may take to arrive, {@link TimeoutQueue#NEVER} for ever
   * @param counters where to count
   * @param clock the time of the event loop
   */
  public Clients(int maxClients, long idleMs, long requestMs, Counters counters, CycleClock clock) {
    this(maxClients, idleMs, requestMs, counters, clock, true, peer -> true);
  }

  private Clients(
      int maxClients,
      long idleMs,
      long requestMs,
      Counters counters,
      CycleClock clock,
      boolean areLogged,
      Predicate<String> isAwaited) {
    this.areLogged = areLogged;
    this.isAwaited = isAwaited;
    this.maxClients = maxClients;
    this.idle = new TimeoutQueue(idleMs);
    this.requests = new TimeoutQueue(requestMs);
    this.counters = counters;
    this.clock = clock;
    this.refusalLog = new LimitedLog(LOGGER, clock);
    this.dropLog = new LimitedLog(LOGGER, clock);
    this.foreignLog = new LimitedLog(LOGGER, clock);
  }

  /**
   * An empty set for clients that are none: they come, stay and go without a word in the log.
   *
   * @param isAwaited says of a peer whether it is one of them; others are not admitted
   */
  public static Clients ofRehearsal(
      int count, Predicate<String> isAwaited, Counters counters, CycleClock clock) {
    return new Clients(
        count, TimeoutQueue.NEVER, TimeoutQueue.NEVER, counters, clock, false, isAwaited);
  }

  public int count() {
    return connections.size();
  }

  public int maxClients() {
    return maxClients;
  }

  /**
   * Lets a client in that is awaited, if one more fits; where it does not, counts it and logs it,
   * unless there are many. One place more is kept for this machine, so that somebody can look when
   * the server is full; who comes there makes the one before go who had a moment in it.
   *
   * @return whether it may come in
   */
  boolean admit(Channel channel) {
    if (!isAwaited.test(channel.peer())) {
      return false;
    }
    if (connections.size() < maxClients) {
      return true;
    }
    if (channel.isLocal() && freeSpare()) {
      return true;
    }
    counters.refusedConnections++;
    refusalLog.log(
        Level.WARNING,
        () ->
            "client refused, too many are connected: peer="
                + channel.peer()
                + ", maxClients="
                + maxClients
                + ", refusedSoFar="
                + counters.refusedConnections);
    return false;
  }

  private boolean freeSpare() {
    if (connections.size() > maxClients
        && clock.elapsedMs() - spareSinceMs >= Limits.SPARE_PLACE_MS) {
      spare.giveWay(spareSinceMs);
    }
    return connections.size() == maxClients;
  }

  /** Learns that a client speaks another protocol and is sent away. */
  void onForeign(Connection connection, FirstBytes protocol) {
    counters.foreignConnections++;
    foreignLog.log(
        Level.WARNING,
        () ->
            "client refused, it speaks another protocol: peer="
                + connection.peer()
                + ", protocol="
                + protocol);
  }

  void add(Connection connection) {
    counters.connections++;
    connection.index = connections.size();
    connections.add(connection);
    if (connections.size() > maxClients) {
      spare = connection;
      spareSinceMs = clock.elapsedMs();
    }
    log("client connected", connection);
  }

  void remove(Connection connection) {
    Connection last = connections.removeLast();
    if (last != connection) {
      connections.set(connection.index, last);
      last.index = connection.index;
    }
    log("client gone", connection);
  }

  private void log(String event, Connection connection) {
    if (areLogged) {
      LOGGER.log(Level.DEBUG, () -> event + ": peer=" + connection.peer());
    }
  }

  /** Where the timers of those run who may send more. */
  TimeoutQueue idle() {
    return idle;
  }

  /** Where the timers of those run who leave replies unread. */
  TimeoutQueue stalled() {
    return stalled;
  }

  /** Where the timers of those run who have sent a part of a request. */
  TimeoutQueue requests() {
    return requests;
  }

  /** Where to log that a client was dropped. */
  LimitedLog dropLog() {
    return dropLog;
  }

  /** Where the timers of those run who were told to end. */
  TimeoutQueue lingering() {
    return lingering;
  }

  /**
   * Ends the wait for those clients that had all the time they may have. Touches no other.
   *
   * @return how many
   */
  int expire() {
    long nowMs = clock.elapsedMs();
    return idle.expire(nowMs)
        + requests.expire(nowMs)
        + stalled.expire(nowMs)
        + lingering.expire(nowMs);
  }

  /**
   * Drops the client that holds most memory, and of equals the one that has not moved for longest.
   */
  public void dropLargest() {
    Connection largest = null;
    long largestBytes = 0;
    for (int i = 0; i < connections.size(); i++) {
      Connection connection = connections.get(i);
      long bytes = connection.heldBytes();
      if (bytes > largestBytes
          || (bytes == largestBytes
              && largest != null
              && connection.lastMovedMs() < largest.lastMovedMs())) {
        largest = connection;
        largestBytes = bytes;
      }
    }
    if (largest != null) {
      largest.dropForOthers();
    }
  }

  /** Tells every connection to answer what it received and to end. */
  void end() {
    for (int i = connections.size() - 1; i >= 0; i--) {
      connections.get(i).end();
    }
  }

  /** Says whether any client has replies to come. */
  boolean haveReplies() {
    for (int i = 0; i < connections.size(); i++) {
      if (connections.get(i).hasReplies()) {
        return true;
      }
    }
    return false;
  }

  void close() {
    for (int i = connections.size() - 1; i >= 0; i--) {
      connections.get(i).close();
    }
  }
}
