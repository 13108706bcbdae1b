package io.fkvs.store.durable.crash;

import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DiskFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A disk that does what another one does. Extend it for one that differs in one place: that is
 * slow, that fails when a test says so, or that forgets something.
 *
 * <pre>{@code
 * class LazyDisk extends ForwardingDisk {
 *   LazyDisk(Disk disk) {
 *     super(disk);
 *   }
 *
 *   @Override
 *   protected DiskFile file(String name, DiskFile file, boolean isNew) {
 *     return new ForwardingFile(file) {
 *       @Override
 *       public void force() {}
 *     };
 *   }
 * }
 * }</pre>
 *
 * <p>Thread rule: any thread, as every {@link Disk}.
 */
public class ForwardingDisk implements Disk {
  private final Disk disk;

  /**
   * Forwards everything.
   *
   * @param disk the disk that does it
   */
  public ForwardingDisk(Disk disk) {
    this.disk = disk;
  }

  /**
   * The disk that does what this one is asked for.
   *
   * @return the disk
   */
  protected final Disk disk() {
    return disk;
  }

  /**
   * Puts something between a file and whoever uses it, each time that one is created or opened.
   *
   * @param name its name
   * @param file the file of the other disk
   * @param isNew whether it has been created
   * @return what takes its place, and closes it; the file itself unless overridden
   */
  protected DiskFile file(String name, DiskFile file, boolean isNew) {
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

  @Override
  public String toString() {
    return disk.toString();
  }

  /** A file that does what another one does. One thread at a time, as every {@link DiskFile}. */
  public static class ForwardingFile implements DiskFile {
    private final DiskFile file;

    /**
     * Forwards everything.
     *
     * @param file the file that does it
     */
    public ForwardingFile(DiskFile file) {
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
