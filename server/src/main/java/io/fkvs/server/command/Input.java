package io.fkvs.server.command;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Output;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.protocol.Session;
import io.fkvs.wire.CompactRequestSkipper;
import io.fkvs.wire.ProtocolSwitch;
import io.fkvs.wire.Request;
import java.lang.foreign.MemorySegment;

/*
 * Bytes are decoded where the transport received them. What is not decoded in the same cycle (a part
 * of a request, or requests that were held back) is copied to a buffer of the input's own; decoding
 * goes on there when more has come.
 *
 *   BEGINNING --our protocol--> REQUESTS --refused, too large--> SKIPPING
 *       |                        |   ^                            |   |
 *       +--foreign-> BROKEN <----+   +------- stepped over -------+   |
 *                       ^  malformed, no length in front              |
 *                       +---------------- malformed ------------------+
 *
 * Classic has the length of a request in front, so it never skips. Compact has not: the next request
 * can be found only behind one that is well formed. One that is too large is stepped over as it
 * comes; behind one that is malformed nothing can be read.
 */

/**
 * The bytes that one client has sent and that are not decoded yet: which protocol they are in, and
 * where the next request starts. Holds no memory while there are none. Belongs to the thread of the
 * event loop.
 */
public final class Input {
  private final BufferPool pool;
  private final Protocols protocols;
  private final RequestCounters counters;

  /** What a listener of its own speaks with the client, {@code null} on the main one. */
  private final Session session;

  private Protocol protocol;
  private CompactRequestSkipper skipper;
  private Buffer kept;
  private MemorySegment bytes;
  private long offset;
  private long limit;
  private long requestOffset;
  private int announcedLength;

  private FirstBytes firstBytes = FirstBytes.UNDECIDED;
  private Stage stage = Stage.BEGINNING;

  /** What the bytes at the offset are. */
  enum Stage {
    /** The first ones: they say which protocol is spoken. */
    BEGINNING,

    /** A request, or the begin of one. */
    REQUESTS,

    /** The rest of a request that was refused. */
    SKIPPING,

    /** Nothing that could be read. */
    BROKEN;

    /** Says whether a stage may follow this one. */
    boolean leadsTo(Stage next) {
      return switch (this) {
        case BEGINNING -> next == REQUESTS || next == BROKEN;
        case REQUESTS -> next == SKIPPING || next == BROKEN;
        case SKIPPING -> next == REQUESTS || next == BROKEN;
        case BROKEN -> false;
      };
    }
  }

  private void enter(Stage next) {
    assert stage.leadsTo(next) : "no such step: from=" + stage + ", to=" + next;
    stage = next;
  }

  /**
   * Creates an input that has received nothing.
   *
   * @param session decodes the requests of a protocol with a listener of its own; {@code null} for
   *     the protocols that share the main one
   */
  public Input(Protocols protocols, BufferPool pool, RequestCounters counters, Session session) {
    this.protocols = protocols;
    this.protocol = protocols.classic();
    this.pool = pool;
    this.counters = counters;
    this.session = session;
    if (session != null) {
      enter(Stage.REQUESTS);
    }
  }

  /** Creates an input whose client speaks a protocol that is known already. */
  public static Input of(
      Protocols protocols, int version, BufferPool pool, RequestCounters counters) {
    Input input = new Input(protocols, pool, counters, null);
    input.protocol = protocols.ofVersion(version);
    input.enter(Stage.REQUESTS);
    return input;
  }

  /** The version of the protocol that the client speaks, where it shares the main listener. */
  public int version() {
    return protocols.versionOf(protocol);
  }

  public Protocol protocol() {
    return protocol;
  }

  // ---- the bytes

  /** Takes bytes that came, where they lie until {@link #keep}. */
  public void receive(MemorySegment source, long sourceOffset, int length) {
    if (kept == null) {
      range(source, sourceOffset, sourceOffset + length);
    } else {
      append(source, sourceOffset, length);
      range(kept.memory(), kept.start, kept.end);
    }
  }

  /**
   * Goes on with what was kept.
   *
   * @return whether there is anything
   */
  public boolean resume() {
    if (kept == null) {
      return false;
    }
    range(kept.memory(), kept.start, kept.end);
    return true;
  }

  /** Keeps what is not decoded: the bytes received may be overwritten from now on. */
  public void keep() {
    int length = (int) (limit - offset);
    if (kept != null && bytes == kept.memory()) {
      kept.start = (int) offset;
      if (length > 0 && isTooLarge(kept, length)) {
        move(length);
      }
    } else if (length > 0) {
      kept = pool.takeUnasked(length);
      kept.append(bytes, offset, length);
    }
    if (length == 0) {
      release();
    }
    bytes = null;
  }

  /** Says whether a large buffer holds so little that it has to go back to the system. */
  private boolean isTooLarge(Buffer buffer, int length) {
    return buffer.capacity() > Limits.LARGEST_POOLED_BUFFER_BYTES
        && buffer.capacity() > 2L * Math.max(length, announcedCapacity());
  }

  /** Moves what was kept to another buffer. */
  private void move(int leastBytes) {
    moveTo(pool.take(leastBytes));
  }

  private void moveTo(Buffer other) {
    other.append(kept.memory(), kept.start, kept.length());
    pool.give(kept);
    kept = other;
  }

  /**
   * How much memory the request at hand needs that has not come to its end, 0 where it has it. All
   * of it is taken at once, so that nothing is copied while the request comes and nobody gets stuck
   * half way; but not before as much has come as fills the smallest buffer, so that announcing a
   * large request takes no memory from others.
   */
  public long wantedBytes() {
    int bytes = announcedCapacity();
    boolean isWanted =
        kept != null && kept.length() >= Limits.SMALLEST_BUFFER_BYTES && bytes > kept.capacity();
    return isWanted ? bytes : 0;
  }

  /** Takes {@link #wantedBytes}. */
  public void grow() {
    move((int) wantedBytes());
  }

  /** With room for what comes behind a large request, which would else have to move. */
  private int announcedCapacity() {
    return announcedLength > Limits.LARGEST_POOLED_BUFFER_BYTES
        ? announcedLength + Limits.ARRIVALS_BYTES
        : announcedLength;
  }

  /** The memory that it holds. */
  public long heldBytes() {
    return kept == null ? 0 : kept.capacity();
  }

  /** Lets go of everything. */
  public void release() {
    if (kept != null) {
      pool.give(kept);
      kept = null;
    }
    bytes = null;
  }

  private void range(MemorySegment bytes, long offset, long limit) {
    this.bytes = bytes;
    this.offset = offset;
    this.limit = limit;
    announcedLength = 0;
  }

  private void append(MemorySegment source, long sourceOffset, int length) {
    if (kept.room() < length) {
      if (kept.length() + length <= kept.capacity()) {
        kept.compact();
      } else {
        moveTo(pool.takeUnasked(kept.length() + length));
      }
    }
    kept.append(source, sourceOffset, length);
  }

  // ---- the requests

  /** Where what is not decoded yet starts. */
  long offset() {
    return offset;
  }

  /** Where the request that was decoded last starts. */
  long requestOffset() {
    return requestOffset;
  }

  /** Takes back the request at an offset and those behind it. */
  void handBack(long requestOffset) {
    if (requestOffset < offset) {
      offset = requestOffset;
      announcedLength = 0;
      if (session != null) {
        session.restart();
      }
    }
  }

  /** Says whether any bytes are not decoded. */
  public boolean hasRest() {
    return offset < limit;
  }

  /**
   * Decodes the next request and steps over it.
   *
   * @param output where the answer to a switch of protocols goes, and an error amid what is skipped
   * @return whether it was complete
   */
  boolean decode(Request request, Output output) {
    if (stage != Stage.REQUESTS && !findRequest(output)) {
      return false;
    }
    int length =
        session == null
            ? protocol.decode(bytes, offset, limit, request)
            : session.decode(bytes, offset, limit, request);
    if (length == Protocol.INCOMPLETE) {
      announcedLength = session == null ? protocol.announcedLength() : session.announcedLength();
      return false;
    }
    requestOffset = offset;
    offset += length;
    return true;
  }

  /** Goes on to where the next request starts, and answers whether that has come. */
  private boolean findRequest(Output output) {
    if (stage == Stage.BEGINNING) {
      begin(output);
    } else if (stage == Stage.SKIPPING) {
      skip(output);
    }
    return stage == Stage.REQUESTS;
  }

  /** Finds out which protocol the client speaks. */
  private void begin(Output output) {
    int version = ProtocolSwitch.decode(bytes, offset, limit);
    if (version == ProtocolSwitch.INCOMPLETE) {
      return;
    }
    if (version == ProtocolSwitch.NONE) {
      firstBytes = FirstBytes.of(bytes, offset, limit);
      if (firstBytes.areForeign()) {
        refuse(output);
      }
      if (firstBytes != FirstBytes.OWN) {
        return;
      }
    } else {
      agree(version, output);
    }
    if (protocol == protocols.classic() && !protocols.admitsClassic()) {
      firstBytes = FirstBytes.CLASSIC;
      refuse(output);
    } else {
      enter(Stage.REQUESTS);
    }
  }

  /** Answers a switch. */
  private void agree(int version, Output output) {
    offset += ProtocolSwitch.LENGTH;
    int agreed = Protocols.agreed(version);
    protocol = protocols.ofVersion(agreed);
    output.reserve(ProtocolSwitch.LENGTH);
    output.advance(ProtocolSwitch.encode(output.memory(), output.position(), agreed));
  }

  /** Answers a client that speaks another protocol, or one that cannot authenticate. */
  private void refuse(Output output) {
    counters.errors++;
    firstBytes.answer(output);
    breakOff();
  }

  private void skip(Output output) {
    offset += skipper.skip(bytes, offset, limit);
    if (skipper.isMalformed()) {
      counters.errors++;
      protocol.failed(Failure.MALFORMED, output);
      breakOff();
    } else if (skipper.isDone()) {
      enter(Stage.REQUESTS);
    }
  }

  /** Says whether it is clear where the next request starts, before this one is carried out. */
  boolean knowsNext(Request request) {
    return session == null
        ? request.isWellFormed() || protocol.isFramed()
        : session.mayDecodeBehind(request);
  }

  /** Ends what is read where the session says so. */
  void endIfSessionEnds() {
    if (session.isEnding() && stage != Stage.BROKEN) {
      breakOff();
    }
  }

  /** A request was refused for its form, and answered. */
  void onRefused(Request request) {
    if (request.isTooLarge()) {
      if (skipper == null) {
        skipper = new CompactRequestSkipper();
      }
      skipper.begin(request);
      enter(Stage.SKIPPING);
    } else if (!protocol.isFramed()) {
      breakOff();
    }
  }

  /** What follows makes no sense any more. */
  private void breakOff() {
    offset = limit;
    enter(Stage.BROKEN);
  }

  /** Says whether a request has begun to arrive that is not complete, if none is held back. */
  public boolean isAmidRequest() {
    return kept != null || stage == Stage.SKIPPING;
  }

  /** What the first bytes were, for a connection that did not begin with a switch. */
  public FirstBytes firstBytes() {
    return firstBytes;
  }

  /**
   * Says whether nothing that follows can be read, because a request was malformed or because the
   * client speaks another protocol.
   */
  public boolean isBroken() {
    return stage == Stage.BROKEN;
  }
}
