package io.fkvs.server.loop;

import io.fkvs.server.command.Agreement;

/**
 * What a {@link Connection} waits for before it goes on: it stands in at most one queue. It does
 * not receive while it waits for memory, or for requests that were held back. Replies that are held
 * until they are durable are no wait: they queue, and requests go on.
 */
enum Wait {
  /** For nothing of this server's: it goes on when something comes. */
  NOTHING,

  /** For its turn in the next cycle, in {@link Dispatcher}. */
  TURN,

  /** For memory, in {@link io.fkvs.server.buffer.Shortage}. */
  MEMORY,

  /** For the disk to catch up, in {@link Dispatcher}. */
  DISK,

  /** For other servers to agree to its requests, in {@link Agreement}. */
  AGREEMENT;

  /** Says whether a wait may follow this one. No connection goes from one queue to another. */
  boolean leadsTo(Wait next) {
    return (this == NOTHING) != (next == NOTHING);
  }
}
