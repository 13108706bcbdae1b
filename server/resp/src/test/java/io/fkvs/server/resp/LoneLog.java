package io.fkvs.server.resp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.fkvs.server.replication.AgreedLog;
import io.fkvs.server.replication.Follower;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** The log of a cluster of one: it agrees to everything. The loop's thread. */
final class LoneLog implements AgreedLog {
  static final int MAX_ENTRY_BYTES = 4 << 20;

  private final ArrayDeque<Consumer<Follower>> agreed = new ArrayDeque<>();
  private Runnable wakesLoop;
  private long index;

  @Override
  public boolean propose(MemorySegment entry) {
    MemorySegment copy = MemorySegment.ofArray(entry.toArray(JAVA_BYTE));
    index++;
    long at = index;
    agreed.add(follower -> follower.onEntry(at, System.currentTimeMillis(), copy));
    wakesLoop.run();
    return true;
  }

  @Override
  public boolean confirm(long ticket) {
    agreed.add(follower -> follower.onConfirmed(ticket));
    wakesLoop.run();
    return true;
  }

  @Override
  public int poll(Follower follower, int most) {
    int count = agreed.size();
    for (int i = 0; i < count; i++) {
      agreed.remove().accept(follower);
    }
    return count;
  }

  @Override
  public int maxEntryBytes() {
    return MAX_ENTRY_BYTES;
  }

  @Override
  public int leader() {
    return 0;
  }

  @Override
  public void onNews(Runnable wakes) {
    wakesLoop = wakes;
  }
}
