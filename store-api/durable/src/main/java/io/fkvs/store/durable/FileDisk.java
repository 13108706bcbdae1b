package io.fkvs.store.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A directory of the file system. */
final class FileDisk implements Disk {
  /**
   * The directories that this JVM has locked. The system's lock belongs to the process, and goes
   * when the process closes any handle of the lock file: so a second caller must not even open it.
   */
  private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

  /** Lock files that another class loader of this JVM has locked; closing one would unlock it. */
  private static final Set<FileChannel> LEFT_OPEN = ConcurrentHashMap.newKeySet();

  static final String LOCK_FILE = "LOCK";

  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final Path directory;
  private final FileAttribute<?>[] attributes;

  FileDisk(Path directory) throws IOException {
    make(directory);
    this.directory = directory.toRealPath();
    boolean hasOwners = Files.getFileStore(this.directory).supportsFileAttributeView("posix");
    this.attributes =
        hasOwners
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
  }

  /** Makes a directory and those above it that are not there, each durable in the one above. */
  private static void make(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      make(parent);
    }
    Files.createDirectories(directory);
    if (parent != null) {
      sync(parent);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> file.getFileName().toString())
          .toList();
    }
  }

  @Override
  public DiskFile create(String name) throws IOException {
    return new ChannelFile(FileChannel.open(directory.resolve(name), CREATE, attributes));
  }

  @Override
  public DiskFile open(String name) throws IOException {
    return new ChannelFile(
        FileChannel.open(
            directory.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(directory.resolve(name));
  }

  @Override
  public void sync() throws IOException {
    sync(directory);
  }

  @Override
  public Closeable lock() throws IOException {
    if (!LOCKED.add(directory)) {
      throw new IOException("directory is open in this process: directory=" + directory);
    }
    try {
      FileChannel channel = lockFile();
      return () -> {
        try {
          channel.close();
        } finally {
          LOCKED.remove(directory);
        }
      };
    } catch (IOException | RuntimeException e) {
      LOCKED.remove(directory);
      throw e;
    }
  }

  private FileChannel lockFile() throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK_FILE),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            attributes);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      LEFT_OPEN.add(channel);
      throw new IOException("directory is open in this process: directory=" + directory, e);
    }
    if (lock == null) {
      channel.close();
      throw new IOException("directory is open in another process: directory=" + directory);
    }
    return channel;
  }

  @Override
  public long usableBytes() {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  private record ChannelFile(FileChannel channel) implements DiskFile {
    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void read(ByteBuffer target, long position) throws IOException {
      long next = position;
      while (target.hasRemaining()) {
        int count = channel.read(target, next);
        if (count < 0) {
          return;
        }
        next += count;
      }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      long next = position;
      while (source.hasRemaining()) {
        next += channel.write(source, next);
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
