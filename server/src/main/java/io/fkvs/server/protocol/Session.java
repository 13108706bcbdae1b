package io.fkvs.server.protocol;

import io.fkvs.server.buffer.Output;
import io.fkvs.store.KeyBatch;
import io.fkvs.wire.Request;
import java.lang.foreign.MemorySegment;

/**
 * One client of a protocol. The server decodes some of its requests, announces their keys to the
 * store together with those of other clients, and then has them carried out in their order. Belongs
 * to the thread of the event loop.
 */
public interface Session {
  /** The answer of {@link #replyBytes} where it may be anything. */
  long UNKNOWN_LENGTH = Long.MAX_VALUE;

  /** The answer of {@link #decode} while the request is not complete. */
  int INCOMPLETE = 0;

  /**
   * Decodes the request at the start of a range. The server offers the same request from its start
   * on until it is complete, each time with more bytes, or calls {@link #restart}.
   *
   * @param bytes the memory that holds what was received
   * @param offset where the request starts, in bytes
   * @param limit where the received bytes end
   * @param request the flyweight to fill; what it refers to stays until it has been carried out
   * @return the length of the request in bytes, or {@link #INCOMPLETE}
   */
  int decode(MemorySegment bytes, long offset, long limit, Request request);

  /**
   * How long the request will be, as far as known, that is not complete. The server provides so
   * much memory.
   *
   * @return bytes, 0 where nobody knows or it is short
   */
  int announcedLength();

  /** The next request that is offered is another one, or the same from its start. */
  void restart();

  /**
   * Says whether requests behind this one may be decoded before it is carried out.
   *
   * @param request a request that was decoded
   * @return false where it may be the client's last
   */
  boolean mayDecodeBehind(Request request);

  /**
   * Adds the keys that a request will look up: all of them, or none where there is no room for all.
   * Keys that the store does not take must be left out. A request with more keys than the batch
   * ever has room for announces them itself when it is carried out.
   *
   * @param request a request that was decoded
   * @param keys where to add them
   * @return whether there was room; if not, it is called again with an empty batch
   */
  boolean announce(Request request, KeyBatch keys);

  /**
   * Says how much a request may change if it is carried out now. All that clients change in one
   * cycle of the loop becomes durable in one step. A request that changes much does not begin
   * before the disk has caught up so far that it has room.
   *
   * @param request the request that is to be carried out next
   * @return how long the keys and values are that it brings along, in bytes, and 1; 0 where it
   *     changes nothing
   */
  long changedBytes(Request request);

  /**
   * Says whether what a request answers depends on what is in the store.
   *
   * @param request the request that is to be carried out next
   * @return whether it looks at entries
   */
  boolean observes(Request request);

  /**
   * How long the reply to a request that only looks at entries would be now, more or less.
   *
   * @param request the request that is to be carried out next
   * @return bytes, or {@link #UNKNOWN_LENGTH}
   */
  long replyBytes(Request request);

  /**
   * Says whether the store may need more memory if a request is carried out now.
   *
   * @param request the request that is to be carried out next
   * @return whether it may
   */
  boolean mayGrow(Request request);

  /**
   * What another session would have to be asked before it is in the same state as this one, as far
   * as it matters for a request that changes something.
   *
   * @param request the request that is to be carried out next
   * @return encoded requests, valid until a request is carried out; empty where there is nothing
   */
  MemorySegment prelude(Request request);

  /**
   * Answers a request that is not carried out, and writes its reply.
   *
   * @param request the request
   * @param output where the reply goes
   * @param refusal why
   */
  void refuse(Request request, Output output, Refusal refusal);

  /**
   * Says what a request does, for those who watch how long requests take.
   *
   * @param request a request that was decoded
   * @return its kind
   */
  RequestKind kind(Request request);

  /**
   * Carries a request out and writes its reply. It may be called again later for the same request,
   * decoded anew, where it says that there is no memory.
   *
   * @param request the request
   * @param output where the reply goes
   * @return whether it was carried out; if not, {@link Host#claim} has refused memory for the
   *     reply, and nothing must have changed
   */
  boolean execute(Request request, Output output);

  /**
   * Says whether the client gets no further replies: it asked for the end, or what it sends cannot
   * be read. The connection ends when its replies are sent.
   *
   * @return whether it ends
   */
  boolean isEnding();

  /**
   * The memory from {@link Host#pool} that the session holds beyond a request.
   *
   * @return bytes
   */
  long heldBytes();

  /** The client has gone: gives back what the session holds. */
  void close();
}
