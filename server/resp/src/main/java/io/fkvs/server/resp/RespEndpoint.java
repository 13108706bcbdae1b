package io.fkvs.server.resp;

import io.fkvs.server.buffer.OutOfBuffersException;
import io.fkvs.server.protocol.Authentication;
import io.fkvs.server.protocol.Endpoint;
import io.fkvs.server.protocol.Host;
import io.fkvs.server.protocol.Session;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.Store;
import io.fkvs.store.StoreException;
import io.fkvs.store.StoreFullException;
import io.fkvs.store.TooLargeException;
import io.fkvs.store.ValueView;
import io.fkvs.store.durable.DurableException;
import io.fkvs.wire.Request;
import io.fkvs.wire.RespRequestDecoder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** RESP in one event loop: the table of commands, and the clients. */
final class RespEndpoint implements Endpoint {
  private static final Logger LOGGER = System.getLogger(RespEndpoint.class.getName());

  /** A request may take half of the memory of clients, and its length fits a number. */
  private static final int MEMORY_PARTS = 2;

  private static final int MOST_REQUEST_BYTES = Integer.MAX_VALUE - (64 << 20);

  /**
   * Arguments of requests that are not complete, of all clients: 32 MiB of the heap, which four
   * requests with as many as there may be take.
   */
  private static final long MOST_PARKED_ARGUMENTS = 4L * Request.MAX_ARGUMENTS;

  private final Host host;
  private final Store store;
  private final CommandTable table = new CommandTable();

  /** Those of all loops. */
  private final WatchedKeys watched;

  /** A key that was written, as the watched ones are looked up. */
  private final WatchedKeys.Key written = new WatchedKeys.Key();

  /** The value of a key whose length is wanted. */
  private final ValueView looked = new ValueView();

  private final Reply reply = new Reply();
  private final CommandTimer timer;
  private final Call call;
  private final Call part;

  /** Of a request that is not carried out. */
  private final Call refused;

  private final List<RespSession> sessions = new ArrayList<>();
  private final KeyBatch ahead = new KeyBatch(RespSession.MOST_ANNOUNCED_KEYS);
  private final RespRequestDecoder.Room parkingRoom =
      new RespRequestDecoder.Room(MOST_PARKED_ARGUMENTS);

  private final int maxRequestBytes;
  private final int loopNumber;
  private long sessionCount;

  RespEndpoint(Host host) {
    this.host = host;
    store = host.store();
    RespEndpoint first = host.endpoints().isEmpty() ? null : all().getFirst();
    watched = first == null ? new WatchedKeys() : first.watched;
    timer = new CommandTimer(host, table.count(), first == null ? null : first.timer);
    loopNumber = host.endpoints().size();
    call = new Call(host, reply, timer);
    part = new Call(host, reply, timer);
    refused = new Call(host, reply, timer);
    maxRequestBytes = (int) Math.min(host.pool().maxBytes() / MEMORY_PARTS, MOST_REQUEST_BYTES);
    new StringCommands(this).register(table);
    new NumberCommands(this).register(table);
    new KeyCommands(this).register(table);
    new ExpiryCommands(this).register(table);
    new ScanCommands(this).register(table);
    new ConnectionCommands(this).register(table);
    new TransactionCommands().register(table);
    new ServerCommands(this).register(table);
    new MonitorCommands(this).register(table);
    new TableCommands(table).register(table);
    table.check();
  }

  Host host() {
    return host;
  }

  Store store() {
    return store;
  }

  CommandTable table() {
    return table;
  }

  CommandTimer timer() {
    return timer;
  }

  WatchedKeys watched() {
    return watched;
  }

  Reply reply() {
    return reply;
  }

  int maxRequestBytes() {
    return maxRequestBytes;
  }

  /** What the decoders of all clients may keep of requests that are not complete. */
  RespRequestDecoder.Room parkingRoom() {
    return parkingRoom;
  }

  // ---- clients

  @Override
  public Session connect(String peer, Authentication authentication) {
    long id = sessionCount * host.endpoints().size() + loopNumber + 1;
    sessionCount++;
    RespSession session = new RespSession(this, id, peer, authentication);
    sessions.add(session);
    return session;
  }

  @Override
  public Session stranger(Authentication authentication) {
    return new RespSession(this, authentication);
  }

  /** The endpoints of all loops, this one among them; for who is alone. */
  List<RespEndpoint> all() {
    return host.endpoints().stream().map(RespEndpoint.class::cast).toList();
  }

  void remove(RespSession session) {
    sessions.remove(session);
  }

  List<RespSession> sessions() {
    return sessions;
  }

  // ---- changes

  @Override
  public boolean isWatching() {
    return !watched.isEmpty();
  }

  @Override
  public void onWritten(MemorySegment key, long keyOffset, int keyLength) {
    written.at(key, keyOffset, keyLength);
    watched.touch(written);
  }

  /** A command has changed the entry of a key, which is one of its arguments. */
  void touch(Call call, int index) {
    if (!watched.isEmpty()) {
      onWritten(call.memory(), call.offset(index), call.length(index));
    }
  }

  // ---- requests

  /** How long the value of a request's first key is, 0 where there is none. */
  int valueLength(Request request) {
    boolean isThere =
        request.argumentLength(1) <= Store.MAX_KEY_BYTES
            && store.get(
                request.buffer(), request.argumentOffset(1), request.argumentLength(1), looked);
    return isThere ? looked.length() : 0;
  }

  @Override
  public void beginBatch() {
    timer.beginBatch();
  }

  @Override
  public void endBatch() {
    timer.endBatch(call);
  }

  @Override
  public Map<String, Long> requestCounts() {
    return table.calls();
  }

  /** Carries out a request that is well-formed, of a client's own or out of a transaction. */
  boolean run(RespSession session, Request request, Command command, boolean isPart) {
    Call call = isPart ? part : this.call;
    call.begin(session, request, command, isPart);
    timer.begin(call);
    boolean isDone = command.isAlone ? runAlone(call) : run(call);
    if (isDone) {
      timer.end(call);
    }
    return isDone;
  }

  private boolean runAlone(Call call) {
    host.beginAlone();
    try {
      return run(call);
    } finally {
      host.endAlone();
    }
  }

  private static boolean run(Call call) {
    try {
      return call.command.handler().run(call);
    } catch (StoreFullException e) {
      return call.fail(Errors.FULL);
    } catch (TooLargeException e) {
      return call.fail(Errors.TOO_LONG);
    } catch (OutOfBuffersException | DurableException e) {
      throw e;
    } catch (StoreException e) {
      return call.fail(Errors.INTERNAL);
    } catch (RuntimeException e) {
      LOGGER.log(Level.ERROR, "request failed: command=" + call.command.name, e);
      return call.fail(Errors.INTERNAL);
    }
  }

  /** The call that says why a request is refused before it is carried out. */
  Call refusal(RespSession session, Request request, Command command) {
    refused.begin(session, request, command, false);
    return refused;
  }

  /**
   * Keeps all keys of a request to this loop, where there are several, so that what is done to them
   * one by one is one step.
   */
  void hold(Call call) {
    int first = call.command.firstKey;
    int step = call.command.keyStep;
    int end = call.keysEnd();
    if (end - first <= step || host.endpoints().size() == 1) {
      return;
    }
    for (int i = first; i < end; i += step) {
      if (ahead.isFull()) {
        ahead.clear();
        host.holdAll();
        return;
      }
      ahead.add(call.memory(), call.offset(i), call.length(i));
    }
    host.hold(ahead);
    ahead.clear();
  }

  /**
   * Reads keys ahead of a command with so many that the batch did not: to be called with each key's
   * turn.
   *
   * @param index the argument that is the next key
   */
  void readAhead(Call call, int index) {
    int first = call.command.firstKey;
    int step = call.command.keyStep;
    int stride = step * RespSession.MOST_ANNOUNCED_KEYS;
    if (call.keysEnd() - first <= stride || (index - first) % stride != 0) {
      return;
    }
    int end = Math.min(call.keysEnd(), index + stride);
    for (int i = index; i < end; i += step) {
      ahead.add(call.memory(), call.offset(i), call.length(i));
    }
    store.prefetch(ahead);
    ahead.clear();
  }
}
