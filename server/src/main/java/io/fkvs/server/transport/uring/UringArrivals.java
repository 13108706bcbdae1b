package io.fkvs.server.transport.uring;

import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.limits.Limits;
import io.fkvs.uring.BufferRing;
import io.fkvs.uring.Completions;
import io.fkvs.uring.RefusedException;
import io.fkvs.uring.Ring;

/*
 * The bytes of all channels come into one memory, one after another (see BufferRing). It is given
 * back at the next poll. Where it is used up, receives end with ENOBUFS and are armed again for the
 * next poll: what one cycle may receive is bounded, and the rest stays with the system.
 *
 * The system completes a receive for each buffer that it comes to; the parts that lie side by side
 * are told of as one, so that no request falls apart at a border.
 */

/**
 * What the channels of {@link UringTransport} receive, told of in pieces as large as they came.
 * Belongs to the thread of the event loop.
 */
final class UringArrivals {
  private final UringTransport transport;
  private final BufferPool pool;
  private final BufferRing buffers;
  private Buffer memory;

  /** Whose bytes, in one piece, have not been told of yet. */
  private UringChannel receiver;

  private UringChannel lastReceiver;
  private int offset;
  private int length;

  /**
   * Registers the buffers.
   *
   * @param transport whom to tell that there are events
   * @param pool lends the memory
   * @throws RefusedException if the system has no such buffers
   */
  UringArrivals(UringTransport transport, Ring ring, BufferPool pool) throws RefusedException {
    this.transport = transport;
    this.pool = pool;
    buffers =
        new BufferRing(
            ring, Limits.ARRIVALS_BYTES / Limits.URING_BUFFER_BYTES, Limits.URING_BUFFER_BYTES);
  }

  /** Lets the system receive. */
  void begin() {
    memory = pool.take(Limits.ARRIVALS_BYTES);
    buffers.provide(memory.memory());
  }

  /** Lets the system overwrite what was told of. */
  void giveBack() {
    buffers.giveBack();
    lastReceiver = null;
  }

  /** Takes the bytes that came with a completion of a channel's receive, where there are any. */
  void onCompleted(UringChannel channel, Completions completion) {
    if (!completion.hasBuffer()) {
      return;
    }
    int received = Math.max(completion.result(), 0);
    int start = buffers.received(completion.buffer(), received, completion.keepsBuffer());
    if (channel.isClosed()) {
      return;
    }
    if (receiver == channel && start == offset + length) {
      length += received;
      return;
    }
    deliver();
    receiver = channel;
    offset = start;
    length = received;
  }

  /** Tells of what has not been told of yet. */
  void deliver() {
    if (receiver == null) {
      return;
    }
    UringChannel channel = receiver;
    receiver = null;
    if (!channel.isClosed()) {
      // at the end of the memory, what came at once falls apart
      transport.onEvents(channel == lastReceiver ? 0 : 1);
      lastReceiver = channel;
      channel.onReceived(memory.memory(), offset, length);
    }
  }

  /** Tells of what a channel received before something else is told of it. */
  void deliver(UringChannel channel) {
    if (receiver == channel) {
      deliver();
    }
  }

  /** Gives everything back, after the ring was closed. */
  void close() {
    buffers.close();
    if (memory != null) {
      pool.give(memory);
    }
  }
}
