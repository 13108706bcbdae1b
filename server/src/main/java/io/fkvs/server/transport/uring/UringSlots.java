package io.fkvs.server.transport.uring;

import java.util.Arrays;

/**
 * The channels of {@link UringTransport} by slot. A channel has its slot until it is closed and all
 * its operations have completed. Belongs to the thread of the event loop.
 */
final class UringSlots {
  private static final int FIRST_CAPACITY = 64;

  private UringChannel[] channels = new UringChannel[FIRST_CAPACITY];
  private int[] free = new int[FIRST_CAPACITY];
  private int freeCount;
  private int used;

  /** Takes a channel in and answers its slot. */
  int add(UringChannel channel) {
    if (freeCount == 0 && used == channels.length) {
      channels = Arrays.copyOf(channels, 2 * used);
      free = Arrays.copyOf(free, 2 * used);
    }
    int slot = freeCount > 0 ? free[--freeCount] : used++;
    channels[slot] = channel;
    return slot;
  }

  UringChannel get(int slot) {
    return channels[slot];
  }

  /** An operation of the channel has completed and announces no more. */
  void completed(UringChannel channel) {
    if (channel.ended() == 0 && channel.isClosed()) {
      channels[channel.slot()] = null;
      free[freeCount++] = channel.slot();
    }
  }

  /** The channels that are open or have operations under way. */
  int count() {
    return used - freeCount;
  }

  void closeAll() {
    for (int i = 0; i < used; i++) {
      if (channels[i] != null) {
        channels[i].close();
      }
    }
  }
}
