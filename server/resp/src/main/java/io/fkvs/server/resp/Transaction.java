package io.fkvs.server.resp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.wire.Request;
import io.fkvs.wire.RespRequestDecoder;
import io.fkvs.wire.RespRequestEncoder;
import java.io.ByteArrayOutputStream;
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
  private static final byte[] MULTI = "*1\r\n$5\r\nMULTI\r\n".getBytes(US_ASCII);

  /** No command of a client's: EXPECT key digest. */
  private static final byte[] EXPECT = "EXPECT".getBytes(US_ASCII);

  private final RespEndpoint endpoint;
  private final RespSession session;
  private final BufferPool pool;
  private final boolean isReplicated;

  /** The keys that are watched, and the digest of what they had. */
  private final Map<WatchedKeys.Key, Long> watches = new HashMap<>();

  private boolean isOpen;
  private boolean isSpoilt;
  private boolean hasChanged;

  /** Whether a key that is watched was found to be another one than when that began. */
  private boolean isLost;

  /** Whether any request in the queue may change an entry. */
  private boolean writes;

  private boolean mayGrow;

  private Buffer queue;
  private int count;

  /**
   * Creates the transaction of a session.
   *
   * @param pool lends the memory for what is queued
   */
  Transaction(RespEndpoint endpoint, RespSession session, BufferPool pool) {
    this.endpoint = endpoint;
    this.session = session;
    this.pool = pool;
    isReplicated = endpoint.host().isReplicated();
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
      return writes && !isSpoilt && command.isExec && !loses() ? 1L + queue.length() : 0;
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
    if (!grow(bytes + MULTI.length)) {
      spoil();
      return call.fail(Errors.NO_CLIENT_MEMORY);
    }
    MemorySegment memory = queue.memory();
    if (count == 0) {
      queue.append(MemorySegment.ofArray(MULTI), 0, MULTI.length);
    }
    queue.end += RespRequestEncoder.header(memory, queue.end, call.count());
    for (int i = 0; i < call.count(); i++) {
      queue.end +=
          RespRequestEncoder.argument(
              memory, queue.end, call.memory(), call.offset(i), call.length(i));
    }
    count++;
    writes |= call.command.writes;
    mayGrow |= call.command.mayGrow;
    call.reply.queued();
    return true;
  }

  /** Makes room in the queue; answers whether there is memory. */
  private boolean grow(long bytes) {
    if (queue != null && queue.room() >= bytes) {
      return true;
    }
    long wanted = queue == null ? bytes : Math.max(2L * queue.capacity(), queue.length() + bytes);
    if (wanted > Math.min(endpoint.maxRequestBytes(), pool.maxBytes() / 2)
        || !pool.admits(wanted)) {
      return false;
    }
    Buffer larger = pool.take((int) wanted);
    if (queue != null) {
      larger.append(queue.memory(), queue.start, queue.length());
      pool.give(queue);
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
    long offset = MULTI.length;
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
    mayGrow = false;
    count = 0;
    if (queue != null) {
      pool.give(queue);
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
    watches.put(key, key.digest(endpoint.store()));
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
    isLost = false;
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
    if (isReplicated) {
      return isLost || watches.entrySet().stream().anyMatch(this::differs);
    }
    return hasChanged
        || watches.entrySet().stream()
            .anyMatch(
                watch ->
                    watch.getValue() != WatchedKeys.Key.ABSENT
                        && !watch.getKey().isIn(endpoint.store()));
  }

  private boolean differs(Map.Entry<WatchedKeys.Key, Long> watch) {
    return watch.getKey().digest(endpoint.store()) != watch.getValue();
  }

  // ---- in a cluster

  /** Whether the store may need more memory when it is carried out. */
  boolean mayGrow() {
    return isOpen && mayGrow;
  }

  /** Whether it is lost already, so that others need not be asked. */
  private boolean loses() {
    isLost |= isReplicated && (hasChanged || hasLostTheRace());
    return isLost;
  }

  /**
   * What another session has to be told before EXEC: what watched keys have to be like, and what is
   * queued.
   */
  MemorySegment prelude() {
    MemorySegment queued = queue.memory().asSlice(queue.start, queue.length());
    if (watches.isEmpty()) {
      return queued;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    watches.forEach((key, digest) -> bytes.writeBytes(expectation(key.bytes(), digest)));
    bytes.writeBytes(queued.toArray(JAVA_BYTE));
    return MemorySegment.ofArray(bytes.toByteArray());
  }

  private static byte[] expectation(byte[] key, long digest) {
    byte[] number = Long.toHexString(digest).getBytes(US_ASCII);
    MemorySegment request =
        MemorySegment.ofArray(
            new byte
                [(int)
                    RespRequestEncoder.maxLength(3, EXPECT.length + key.length + number.length)]);
    long end = RespRequestEncoder.header(request, 0, 3);
    for (byte[] argument : new byte[][] {EXPECT, key, number}) {
      end +=
          RespRequestEncoder.argument(
              request, end, MemorySegment.ofArray(argument), 0, argument.length);
    }
    return request.asSlice(0, end).toArray(JAVA_BYTE);
  }

  /** Takes a request that says what a watched key has to be like; answers whether it is one. */
  boolean takes(Request request) {
    if (request.argumentCount() != 3 || !isExpectation(request)) {
      return false;
    }
    MemorySegment memory = request.buffer();
    byte[] digest = new byte[request.argumentLength(2)];
    MemorySegment.copy(
        memory, JAVA_BYTE, request.argumentOffset(2), digest, 0, request.argumentLength(2));
    WatchedKeys.Key key =
        endpoint.watched().sought(memory, request.argumentOffset(1), request.argumentLength(1));
    isLost |=
        key.digest(endpoint.store()) != Long.parseUnsignedLong(new String(digest, US_ASCII), 16);
    return true;
  }

  private static boolean isExpectation(Request request) {
    long at = request.argumentOffset(0);
    int length = request.argumentLength(0);
    return MemorySegment.mismatch(
            request.buffer(), at, at + length, MemorySegment.ofArray(EXPECT), 0, EXPECT.length)
        < 0;
  }
}
