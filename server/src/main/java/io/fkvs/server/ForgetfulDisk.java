package io.fkvs.server;

import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DiskFile;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk that keeps nothing: what a server rehearses on that keeps its data on a real one. Any
 * thread.
 */
final class ForgetfulDisk implements Disk {
  @Override
  public List<String> list() {
    return List.of();
  }

  @Override
  public DiskFile create(String name) {
    return new ForgetfulFile();
  }

  @Override
  public DiskFile open(String name) {
    return new ForgetfulFile();
  }

  @Override
  public void rename(String from, String to) {}

  @Override
  public void delete(String name) {}

  @Override
  public void sync() {}

  @Override
  public Closeable lock() {
    return () -> {};
  }

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  private static final class ForgetfulFile implements DiskFile {
    @Override
    public long size() {
      return 0;
    }

    @Override
    public void read(ByteBuffer target, long position) {}

    @Override
    public void write(ByteBuffer source, long position) {
      source.position(source.limit());
    }

    @Override
    public void force() {}

    @Override
    public void close() {}
  }
}
