package io.fkvs.store.durable.crash;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DurableStore;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/** A durable store, in terms of what both kinds can do; one of them has groups besides. */
final class OpenedStore implements Opened {
  private final KeyValueStore store;

  /** The store with groups, or null. */
  private final DurableStore grouped;

  private final Runnable syncing;
  private final LongSupplier sequence;
  private final LongSupplier durableSequence;
  private final Runnable compacting;
  private final BiConsumer<Disk, String> snapshots;

  OpenedStore(
      KeyValueStore store,
      DurableStore grouped,
      Runnable syncing,
      LongSupplier sequence,
      LongSupplier durableSequence,
      Runnable compacting,
      BiConsumer<Disk, String> snapshots) {
    this.store = store;
    this.grouped = grouped;
    this.syncing = syncing;
    this.sequence = sequence;
    this.durableSequence = durableSequence;
    this.compacting = compacting;
    this.snapshots = snapshots;
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public void sync() {
    syncing.run();
  }

  @Override
  public long sequence() {
    return sequence.getAsLong();
  }

  @Override
  public long durableSequence() {
    return durableSequence.getAsLong();
  }

  @Override
  public void compact() {
    compacting.run();
  }

  @Override
  public void work(int entries) {
    if (grouped != null) {
      grouped.work(entries);
    }
  }

  @Override
  public void snapshot(Disk disk, String name) {
    snapshots.accept(disk, name);
  }

  @Override
  public boolean beginGroup() {
    if (grouped != null) {
      grouped.beginGroup();
    }
    return grouped != null;
  }

  @Override
  public void endGroup() {
    if (grouped != null) {
      grouped.endGroup();
    }
  }
}
