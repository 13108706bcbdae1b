package io.fkvs.server.resp;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.protocol.Host;
import io.fkvs.wire.Request;
import io.fkvs.wire.RespRequestDecoder;
import io.fkvs.wire.RespRequestEncoder;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/*
 * Requests that are queued are written again, one behind another, to a buffer of the transaction's
 * own, and decoded from there when it is carried out. No event loop does anything else meanwhile, so
 * nobody sees the middle of it.
 */

/** What a client has asked for between MULTI and EXEC, and the keys that it watches. */
final class Transaction {
  private final RespEndpoint endpoint;
  private final RespSession session;

  /** The keys that are watched, and whether they were there. */
  private final Map<WatchedKeys.Key, Boolean> watches = new HashMap<>();

  private boolean isOpen;
  private boolean isSpoilt;
  private boolean hasChanged;

  /** Whether any request in the queue may change an entry. */
  private boolean writes;

  private Buffer queue;
  private int count;

  Transaction(RespEndpoint endpoint, RespSession session) {
    this.endpoint = endpoint;
    this.session = session;
  }

  boolean isOpen() {
    return isOpen;
  }

  void open() {
    isOpen = true;
  }

  /** A request that belongs to it was refused: it will be, as a whole. */
  void spoil() {
    isSpoilt |= isOpen;
  }

  boolean isSpoilt() {
    return isSpoilt;
  }

  /** Refuses a request that may belong to it. */
  boolean refuse(Call call, String error) {
    spoil();
    return call.fail(error);
  }

  int count() {
    return count;
  }

  /** How much a request may change if it is carried out now, and 1; 0 where it does not. */
  long changedBytes(Command command, Request request) {
    if (isOpen) {
      return writes && command.name.equals("exec") ? 1L + queue.length() : 0;
    }
    return command.writes ? 1L + request.argumentBytes() : 0;
  }

  /** The memory that the queue takes. */
  long heldBytes() {
    return queue == null ? 0 : queue.capacity();
  }

  // ---- the queue

  /** Keeps a request until the transaction is carried out. */
  boolean queue(Call call) {
    long bytes = RespRequestEncoder.maxLength(call.count(), call.request.argumentBytes());
    if (!grow(bytes)) {
      spoil();
      return call.fail(Errors.NO_CLIENT_MEMORY);
    }
    MemorySegment memory = queue.memory();
    queue.end += RespRequestEncoder.header(memory, queue.end, call.count());
    for (int i = 0; i < call.count(); i++) {
      queue.end +=
          RespRequestEncoder.argument(
              memory, queue.end, call.memory(), call.offset(i), call.length(i));
    }
    count++;
    writes |= call.command.writes;
    call.reply.queued();
    return true;
  }

  /** Makes room in the queue; answers whether there is memory. */
  private boolean grow(long bytes) {
    if (queue != null && queue.room() >= bytes) {
      return true;
    }
    Host host = endpoint.host();
    long wanted = queue == null ? bytes : Math.max(2L * queue.capacity(), queue.length() + bytes);
    if (wanted > endpoint.maxRequestBytes() || !host.pool().admits(wanted)) {
      return false;
    }
    Buffer larger = host.pool().take((int) wanted);
    if (queue != null) {
      larger.append(queue.memory(), queue.start, queue.length());
      host.pool().give(queue);
    }
    queue = larger;
    return true;
  }

  /** Carries out what is queued, one request after another. */
  void run(Reply reply) {
    RespRequestDecoder decoder = new RespRequestDecoder(Integer.MAX_VALUE, Integer.MAX_VALUE);
    Request request = new Request();
    reply.array(count);
    endpoint.host().holdAll(); // so that a crash leaves all of it or nothing
    long offset = 0;
    for (int i = 0; i < count; i++) {
      offset += decoder.decode(queue.memory(), offset, queue.end, request);
      Command command = command(request);
      endpoint.run(session, request, command, true);
    }
  }

  private Command command(Request request) {
    MemorySegment memory = request.buffer();
    Command command =
        endpoint.table().find(memory, request.argumentOffset(0), request.argumentLength(0));
    return command.isContainer()
        ? command.subcommand(memory, request.argumentOffset(1), request.argumentLength(1))
        : command;
  }

  /** Forgets what is queued, and that there was a transaction. */
  void close() {
    isOpen = false;
    isSpoilt = false;
    writes = false;
    count = 0;
    if (queue != null) {
      endpoint.host().pool().give(queue);
      queue = null;
    }
  }

  /** As new. */
  void reset() {
    close();
    unwatch();
  }

  // ---- watched keys

  /**
   * Lets the next transaction fail if a key changes before.
   *
   * @return whether there is memory to watch it
   */
  boolean watch(Call call, int index) {
    WatchedKeys watched = endpoint.watched();
    WatchedKeys.Key sought = watched.sought(call.memory(), call.offset(index), call.length(index));
    if (watches.containsKey(sought)) {
      return true;
    }
    WatchedKeys.Key key = watched.add(sought, this);
    if (key == null) {
      return false;
    }
    watches.put(key, key.isIn(endpoint.store()));
    return true;
  }

  void unwatch() {
    if (!watches.isEmpty()) {
      endpoint.host().beginAlone();
      try {
        watches.keySet().forEach(key -> endpoint.watched().remove(key, this));
      } finally {
        endpoint.host().endAlone();
      }
      watches.clear();
    }
    hasChanged = false;
  }

  boolean isWatching() {
    return !watches.isEmpty();
  }

  int watchCount() {
    return watches.size();
  }

  void onChanged() {
    hasChanged = true;
  }

  /** Says whether a watched key has changed, or has expired. */
  boolean hasLostTheRace() {
    return hasChanged
        || watches.entrySet().stream()
            .anyMatch(watch -> watch.getValue() && !watch.getKey().isIn(endpoint.store()));
  }
}
