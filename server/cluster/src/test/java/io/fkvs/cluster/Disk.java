package io.fkvs.cluster;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small disk of a member's own, which can be full: a file system in a file.
 *
 * <p>Needs Linux, {@code mkfs.ext4}, {@code fallocate} and the right to mount.
 */
final class Disk implements AutoCloseable {
  /** In bytes: more than the log until a snapshot is due, twice. */
  private static final long SIZE = 512L << 20;

  private final Path folder;

  private Disk(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes some.
   *
   * @param directory where they are mounted, and their files
   * @throws IOException if this system does not let it, with the reason; none is left then
   */
  static List<Disk> make(Path directory, int count) throws IOException {
    List<Disk> disks = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        disks.add(make(directory.resolve("disk-" + i)));
      }
      return disks;
    } catch (IOException e) {
      disks.forEach(Disk::close);
      throw e;
    }
  }

  private static Disk make(Path folder) throws IOException {
    Path image = folder.resolveSibling(folder.getFileName() + ".ext4");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    Files.createDirectory(folder);
    Commands.run("mkfs.ext4 -q -m 0", image.toString());
    Commands.run("mount -o loop", image.toString(), folder.toString());
    return new Disk(folder);
  }

  /** Where it is. */
  Path folder() {
    return folder;
  }

  /** Takes all the room that is left. */
  void fill() {
    try {
      long most = Files.getFileStore(folder).getUsableSpace() - (1 << 20);
      if (most > 0) {
        Commands.run("fallocate -l " + most, ballast().toString());
      }
      try (OutputStream rest = Files.newOutputStream(ballast(), CREATE, APPEND)) {
        writeWhileThereIsRoom(rest, new byte[1 << 12]);
        writeWhileThereIsRoom(rest, new byte[1]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeWhileThereIsRoom(OutputStream out, byte[] bytes) {
    try {
      while (true) {
        out.write(bytes);
      }
    } catch (IOException e) {
      // There is none.
    }
  }

  /** Gives the room back that {@link #fill} took. */
  void free() {
    try {
      Files.delete(ballast());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path ballast() {
    return folder.resolve("ballast");
  }

  /** Takes it away, also from who still uses it. What is on it stays in its file. */
  @Override
  public void close() {
    Commands.succeeds("umount -l", folder.toString());
  }
}
