package io.fkvs.server.gateway;

import io.fkvs.server.command.Agreement;
import io.fkvs.server.command.Agreement.Verdict;
import io.fkvs.server.command.Conversation;
import io.fkvs.server.command.RequestBatch;
import io.fkvs.wire.ProtocolSwitch;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;

/**
 * Carries out requests of clients that are not this server's, or have gone: as one client for each
 * protocol, whose replies nobody reads.
 */
final class Strangers {
  private final RequestBatch batch;
  private final IntFunction<Conversation> newStranger;
  private final Conversation[] strangers = new Conversation[ProtocolSwitch.COMPACT_VERSION + 1];

  Strangers(RequestBatch batch, IntFunction<Conversation> newStranger) {
    this.batch = batch;
    this.newStranger = newStranger;
  }

  /** The number of the protocol that a client speaks, in an entry. */
  static int protocolOf(Conversation client) {
    return client.session() != null ? Agreement.GUEST : client.input().version();
  }

  /**
   * Carries out the requests in a range, all of them.
   *
   * @throws IllegalStateException if they are not whole requests of the protocol
   */
  void carryOut(int protocol, MemorySegment bytes, long offset, int length) {
    if (length == 0) {
      return;
    }
    Conversation stranger = stranger(protocol);
    stranger.decide(Integer.MAX_VALUE, Verdict.CARRY_OUT, true);
    stranger.input().receive(bytes, offset, length);
    batch.collect(stranger);
    batch.execute();
    if (stranger.input().isAmidRequest() || stranger.isHeldBack() || stranger.input().hasRest()) {
      throw new IllegalStateException("requests are not whole: protocol=" + protocol);
    }
    stranger.input().keep();
  }

  private Conversation stranger(int protocol) {
    if (protocol < 0 || protocol >= strangers.length) {
      throw new IllegalStateException("no such protocol: number=" + protocol);
    }
    if (strangers[protocol] == null) {
      strangers[protocol] = newStranger.apply(protocol);
    }
    return strangers[protocol];
  }
}
