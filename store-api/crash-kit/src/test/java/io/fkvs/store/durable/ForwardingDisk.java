package io.fkvs.store.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that does what another one does: for those that do something else in one place. */
class ForwardingDisk implements Disk {
  final Disk disk;

  ForwardingDisk(Disk disk) {
    this.disk = disk;
  }

  /** Puts something between a file and whoever uses it. */
  DiskFile file(String name, DiskFile file, boolean isNew) {
    return file;
  }

  @Override
  public List<String> list() throws IOException {
    return disk.list();
  }

  @Override
  public final DiskFile create(String name) throws IOException {
    return file(name, disk.create(name), true);
  }

  @Override
  public final DiskFile open(String name) throws IOException {
    return file(name, disk.open(name), false);
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

  /** A file that does what another one does. */
  static class ForwardingFile implements DiskFile {
    final DiskFile file;

    ForwardingFile(DiskFile file) {
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
      file.write(source, position);
    }

    @Override
    public void force() throws IOException {
      file.force();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
