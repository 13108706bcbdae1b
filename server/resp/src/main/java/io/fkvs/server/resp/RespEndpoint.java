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
import io.fkvs.store.durable.DurableException;
import io.fkvs.wire.Request;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** RESP in one event loop: the table of commands, and the clients. */
final class RespEndpoint implements Endpoint {
  private static final Logger LOGGER = System.getLogger(RespEndpoint.class.getName());

  /** A request may take half of the memory of clients, and its length fits a number. */
  private static final int MEMORY_PARTS = 2;

  private static final int MOST_REQUEST_BYTES = Integer.MAX_VALUE - (64 << 20);

  private final Host host;
  private final Store store;
  private final CommandTable table = new CommandTable();
  private final WatchedKeys watched = new WatchedKeys();
  private final Reply reply = new Reply();
  private final Call call;
  private final Call part;
  private final List<RespSession> sessions = new ArrayList<>();
  private final KeyBatch ahead = new KeyBatch(RespSession.MOST_ANNOUNCED_KEYS);
  private final int maxRequestBytes;
  private long sessionCount;

  RespEndpoint(Host host) {
    this.host = host;
    store = host.store();
    call = new Call(host, reply);
    part = new Call(host, reply);
    maxRequestBytes = (int) Math.min(host.pool().maxBytes() / MEMORY_PARTS, MOST_REQUEST_BYTES);
    new StringCommands(this).register(table);
    new NumberCommands(this).register(table);
    new KeyCommands(this).register(table);
    new ExpiryCommands(this).register(table);
    new ScanCommands(this).register(table);
    new ConnectionCommands(this).register(table);
    new TransactionCommands().register(table);
    new ServerCommands(this).register(table);
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

  WatchedKeys watched() {
    return watched;
  }

  Reply reply() {
    return reply;
  }

  int maxRequestBytes() {
    return maxRequestBytes;
  }

  // ---- clients

  @Override
  public Session connect(String peer, Authentication authentication) {
    sessionCount++;
    RespSession session = new RespSession(this, sessionCount, peer, authentication);
    sessions.add(session);
    return session;
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
    watched.touch(key, keyOffset, keyLength);
  }

  /** A command has changed the entry of a key, which is one of its arguments. */
  void touch(Call call, int index) {
    if (!watched.isEmpty()) {
      watched.touch(call.memory(), call.offset(index), call.length(index));
    }
  }

  // ---- requests

  /** Carries out a request that is well-formed, of a client's own or out of a transaction. */
  boolean run(RespSession session, Request request, Command command, boolean isPart) {
    Call call = isPart ? part : this.call;
    call.begin(session, request, command, isPart);
    try {
      return command.handler().run(call);
    } catch (StoreFullException e) {
      return call.fail(Errors.FULL);
    } catch (TooLargeException e) {
      return call.fail(Errors.TOO_LONG);
    } catch (OutOfBuffersException | DurableException e) {
      throw e;
    } catch (StoreException e) {
      return call.fail(Errors.INTERNAL);
    } catch (RuntimeException e) {
      LOGGER.log(Level.ERROR, "request failed: command=" + command.name, e);
      return call.fail(Errors.INTERNAL);
    }
  }

  /** The call that says why a request is refused before it is carried out. */
  Call refusal(RespSession session, Request request, Command command) {
    call.begin(session, request, command, false);
    return call;
  }

  /**
   * Reads keys ahead of a command with so many that the batch did not: to be called with each key's
   * turn.
   *
   * @param index the argument that is the next key
   */
  void readAhead(Call call, int index) {
    int step = call.command.keyStep;
    int done = (index - call.command.firstKey) / step;
    int count = (call.keysEnd() - call.command.firstKey) / step;
    if (count <= RespSession.MOST_ANNOUNCED_KEYS || done % RespSession.MOST_ANNOUNCED_KEYS != 0) {
      return;
    }
    int end = Math.min(call.keysEnd(), index + step * RespSession.MOST_ANNOUNCED_KEYS);
    for (int i = index; i < end; i += step) {
      ahead.add(call.memory(), call.offset(i), call.length(i));
    }
    store.prefetch(ahead);
    ahead.clear();
  }
}
