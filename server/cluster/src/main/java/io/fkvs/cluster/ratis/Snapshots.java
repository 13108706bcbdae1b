package io.fkvs.cluster.ratis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.FileUtils;

/**
 * The files of a member's snapshots. A file is written under a name that does not count, and gets
 * its right name when all of it is on the disk. Files that a newer one replaces are deleted; who
 * reads one at that time reads on, since the file system keeps it until it is closed.
 */
final class Snapshots implements StateMachineStorage {
  private static final Pattern NAME = Pattern.compile("snapshot\\.(\\d+)_(\\d+)");

  private static final String WRITTEN = "snapshot.new";

  private Path directory;
  private Path temporary;
  private volatile SingleFileSnapshotInfo latest;

  @Override
  public void init(RaftStorage storage) throws IOException {
    directory = storage.getStorageDir().getStateMachineDir().toPath();
    temporary = storage.getStorageDir().getTmpDir().toPath();
    Files.createDirectories(directory);
    // What was being written or received when the process ended.
    FileUtils.deleteFully(temporary);
    Files.createDirectories(temporary);
    load();
  }

  /** Looks which snapshot is the latest, after Ratis has put another one into the directory. */
  void load() throws IOException {
    latest =
        list().stream().max(Comparator.comparing(SingleFileSnapshotInfo::getIndex)).orElse(null);
    if (latest != null) {
      sync(file(latest), StandardOpenOption.WRITE);
      sync(directory, StandardOpenOption.READ);
      sync(directory.getParent(), StandardOpenOption.READ);
    }
  }

  @Override
  public SingleFileSnapshotInfo getLatestSnapshot() {
    return latest;
  }

  /** Where a snapshot is to be written. */
  Path begin() {
    Path file = temporary.resolve(WRITTEN);
    delete(file);
    return file;
  }

  /**
   * Makes the file that {@link #begin} named and that is on the disk the latest snapshot.
   *
   * @param last the last entry in it, a later one than that of the latest so far
   */
  void publish(Path file, TermIndex last) throws IOException {
    String name = "snapshot." + last.getTerm() + "_" + last.getIndex();
    Files.move(file, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    load();
    deleteAllBut(file(latest));
  }

  private void deleteAllBut(Path kept) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(file -> !file.equals(kept)).forEach(Snapshots::delete);
    }
  }

  @Override
  public void format() {}

  @Override
  public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) {
    // publish() has done it.
  }

  static Path file(SingleFileSnapshotInfo snapshot) {
    return snapshot.getFile().getPath();
  }

  private List<SingleFileSnapshotInfo> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Snapshots::info).flatMap(Optional::stream).toList();
    }
  }

  /** The snapshot in a file. Its digest is computed when it is sent. */
  private static Optional<SingleFileSnapshotInfo> info(Path file) {
    Matcher name = NAME.matcher(name(file));
    if (!name.matches()) {
      return Optional.empty();
    }
    long term = Long.parseLong(name.group(1));
    long index = Long.parseLong(name.group(2));
    return Optional.of(new SingleFileSnapshotInfo(new FileInfo(file, null), term, index));
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static void sync(Path file, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(file, option)) {
      channel.force(true);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
