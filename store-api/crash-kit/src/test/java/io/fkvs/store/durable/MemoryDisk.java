package io.fkvs.store.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A disk in memory that never fails and costs little, for tests that open thousands of stores. */
final class MemoryDisk implements Disk {
  private final Map<String, Memory> files = new TreeMap<>();
  private boolean isLocked;

  @Override
  public synchronized List<String> list() {
    return List.copyOf(files.keySet());
  }

  @Override
  public synchronized DiskFile create(String name) throws IOException {
    if (files.containsKey(name)) {
      throw new IOException("file exists already: name=" + name);
    }
    Memory file = new Memory();
    files.put(name, file);
    return file;
  }

  @Override
  public synchronized DiskFile open(String name) throws IOException {
    Memory file = files.get(name);
    if (file == null) {
      throw new IOException("no such file: name=" + name);
    }
    return file;
  }

  @Override
  public synchronized void rename(String from, String to) {
    files.put(to, files.remove(from));
  }

  @Override
  public synchronized void delete(String name) {
    files.remove(name);
  }

  @Override
  public void sync() {}

  @Override
  public synchronized Closeable lock() throws IOException {
    if (isLocked) {
      throw new IOException("directory is open in this process: directory=" + this);
    }
    isLocked = true;
    return this::unlock;
  }

  private synchronized void unlock() {
    isLocked = false;
  }

  @Override
  public long usableBytes() {
    return Long.MAX_VALUE;
  }

  private static final class Memory implements DiskFile {
    private byte[] content = new byte[1_024];
    private int size;

    @Override
    public synchronized long size() {
      return size;
    }

    @Override
    public synchronized void read(ByteBuffer target, long position) {
      int length = (int) Math.min(target.remaining(), size - position);
      if (length > 0) {
        target.put(content, (int) position, length);
      }
    }

    @Override
    public synchronized void write(ByteBuffer source, long position) {
      int end = (int) position + source.remaining();
      if (end > content.length) {
        content = Arrays.copyOf(content, Math.max(end, 2 * content.length));
      }
      source.get(content, (int) position, source.remaining());
      size = Math.max(size, end);
    }

    @Override
    public void force() {}

    @Override
    public void close() {}
  }
}
