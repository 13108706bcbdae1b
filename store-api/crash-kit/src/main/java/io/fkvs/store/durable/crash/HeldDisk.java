package io.fkvs.store.durable.crash;

import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A disk whose writes and syncs of files stop, go on, or fail when a test says so: to see who waits
 * for a disk, and what is answered before it has done its work. Closed before what uses it, it lets
 * go what it holds, so that a test that fails does not hang.
 *
 * <p>Thread rule: any thread.
 */
public class HeldDisk extends ForwardingDisk implements AutoCloseable {
  private boolean holdsWrites;
  private boolean holdsSyncs;
  private IOException failure;
  private int heldSyncs;

  /**
   * Does what another disk does, until it is told otherwise.
   *
   * @param disk the other disk
   */
  public HeldDisk(Disk disk) {
    super(disk);
  }

  /** Lets no write of a file return from now on. */
  public final synchronized void holdWrites() {
    holdsWrites = true;
  }

  /** Lets no sync of a file return from now on. */
  public final synchronized void holdSyncs() {
    holdsSyncs = true;
  }

  /** Lets everything go on. */
  public final synchronized void release() {
    holdsWrites = false;
    holdsSyncs = false;
    notifyAll();
  }

  @Override
  public void close() {
    release();
  }

  /**
   * Lets each write and sync of a file fail from now on, and those that are held.
   *
   * @param cause what they throw
   */
  public final synchronized void fail(IOException cause) {
    failure = cause;
    release();
  }

  /**
   * Waits until a sync is held or under way.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public final synchronized void awaitHeldSync() throws InterruptedException {
    while (heldSyncs == 0) {
      wait();
    }
  }

  private synchronized void onWrite() throws IOException {
    while (holdsWrites) {
      await();
    }
    checkWorking();
  }

  private synchronized void onSync() throws IOException {
    heldSyncs++;
    notifyAll();
    while (holdsSyncs) {
      await();
    }
    heldSyncs--;
    checkWorking();
  }

  private void checkWorking() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  private void await() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new IOException("interrupted while the disk is held", e);
    }
  }

  @Override
  protected final DiskFile file(String name, DiskFile file, boolean isNew) {
    return new ForwardingFile(file) {
      @Override
      public void write(ByteBuffer source, long position) throws IOException {
        onWrite();
        super.write(source, position);
      }

      @Override
      public void force() throws IOException {
        onSync();
        super.force();
      }
    };
  }
}
