package io.fkvs.server.loop;

import io.fkvs.server.command.Sharing;
import io.fkvs.store.HoldingStore;
import io.fkvs.store.KeyBatch;
import io.fkvs.store.Store;
import io.fkvs.store.ValueView;
import java.lang.foreign.MemorySegment;

/** One of several event loops over one store. Belongs to the thread of the loop. */
public final class SharedLoop implements Sharing {
  private final LoopGates gates;
  private final int loop;
  private final HoldingStore store;
  private int depth;

  /**
   * Creates a loop's part.
   *
   * @param gates the gates of all loops
   * @param loop the loop's number, from 0 on
   * @param store the store as the loop uses it
   */
  public SharedLoop(LoopGates gates, int loop, HoldingStore store) {
    this.gates = gates;
    this.loop = loop;
    this.store = store;
  }

  @Override
  public void enter() {
    if (!gates.isInside(loop)) {
      gates.enter(loop);
    }
  }

  @Override
  public void leave() {
    store.release();
    if (gates.isInside(loop)) {
      gates.leave(loop);
    }
  }

  @Override
  public void giveWay() {
    if (gates.isWanted()) {
      leave();
      enter();
    }
  }

  @Override
  public void release() {
    store.release();
  }

  /** Something that stands before the store answers for itself. */
  @Override
  public boolean read(
      Store keys, MemorySegment key, long keyOffset, int keyLength, ValueView view) {
    return keys == store
        ? store.read(key, keyOffset, keyLength, view)
        : keys.get(key, keyOffset, keyLength, view);
  }

  @Override
  public void hold(KeyBatch keys) {
    if (depth == 0) { // otherwise nobody else is there
      store.hold(keys);
    }
  }

  @Override
  public void beginAlone() {
    if (depth == 0) {
      enter();
      store.release();
      gates.enterAll(loop);
    }
    depth++;
  }

  @Override
  public void endAlone() {
    depth--;
    if (depth == 0) {
      store.release();
      gates.leaveAll(loop);
    }
  }

  @Override
  public void holdAll() {
    store.holdAll();
  }

  @Override
  public boolean sweeps() {
    return loop == 0;
  }

  @Override
  public boolean leaveForGood() {
    leave();
    return gates.end();
  }
}
