package io.fkvs.client;

import io.fkvs.wire.Command;
import io.fkvs.wire.Reply;
import java.lang.foreign.MemorySegment;

/** A protocol as the client speaks it: how calls are written and replies found. Any thread. */
interface Dialect {
  /** The answer of {@link #decode} while the reply is not complete. */
  int INCOMPLETE = 0;

  /** What a connection starts with, and what the server must answer to it. */
  byte[] greeting();

  /** The command that a call is in this protocol. */
  Command command(Call<?> call);

  /**
   * Computes the length of a request.
   *
   * @return bytes
   * @throws IllegalArgumentException if the protocol has no such request
   */
  long length(Call<?> call);

  /** Writes a request, and answers its length. */
  int encode(Call<?> call, MemorySegment buffer, long offset);

  /** Finds a reply, and answers its length or {@link #INCOMPLETE}. */
  int decode(MemorySegment buffer, long offset, long limit, Reply reply);

  /** What reads the replies to a call. */
  <T> Answer<T> answer(Call<T> call);
}
