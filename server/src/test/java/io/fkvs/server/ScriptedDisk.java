package io.fkvs.server;

import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk that keeps nothing, and that stops, goes on or fails when a test says so. Closed before
 * the server, it lets go what it holds, so that a test that fails does not hang. Any thread.
 */
final class ScriptedDisk implements Disk, AutoCloseable {
  private final Disk disk = new ForgetfulDisk();
  private boolean holdsWrites;
  private boolean holdsSyncs;
  private IOException failure;
  private int heldSyncs;

  /** Lets no write return from now on. */
  synchronized void holdWrites() {
    holdsWrites = true;
  }

  /** Lets no sync return from now on. */
  synchronized void holdSyncs() {
    holdsSyncs = true;
  }

  /** Lets everything go on. */
  synchronized void release() {
    holdsWrites = false;
    holdsSyncs = false;
    notifyAll();
  }

  @Override
  public void close() {
    release();
  }

  /** Lets each write and sync fail from now on. */
  synchronized void fail(IOException cause) {
    failure = cause;
    release();
  }

  /** Waits until a sync is held. */
  synchronized void awaitHeldSync() throws InterruptedException {
    while (heldSyncs == 0) {
      wait();
    }
  }

  private synchronized void onWrite() throws IOException {
    while (holdsWrites) {
      await();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private synchronized void onSync() throws IOException {
    heldSyncs++;
    notifyAll();
    while (holdsSyncs) {
      await();
    }
    heldSyncs--;
    if (failure != null) {
      throw failure;
    }
  }

  private void await() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return new ScriptedFile(disk.create(name));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new ScriptedFile(disk.open(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(String name) throws IOException {
    disk.delete(name);
  }

  @Override
  public void sync() throws IOException {
    disk.sync();
  }

  @Override
  public Closeable lock() throws IOException {
    return disk.lock();
  }

  @Override
  public long usableBytes() {
    return disk.usableBytes();
  }

  private final class ScriptedFile implements DiskFile {
    private final DiskFile file;

    ScriptedFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      onWrite();
      file.write(source, position);
    }

    @Override
    public void force() throws IOException {
      onSync();
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
