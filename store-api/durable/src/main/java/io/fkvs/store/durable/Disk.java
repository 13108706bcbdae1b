package io.fkvs.store.durable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One directory, as the log uses it: every operation on files that durability rests on, so that
 * another disk can take its place, such as one that a test lets crash.
 *
 * <p>What has been written to a file is durable when {@link DiskFile#force} has returned. What has
 * been created, renamed or deleted is durable when {@link #sync} has returned. Until then a crash
 * may keep any part of it.
 *
 * <p>Thread rule: any thread. Two threads never name the same file at the same time.
 */
public interface Disk {
  /**
   * The disk of a directory of the file system, which is made if it is not there. Files are
   * readable and writable by their owner alone where the file system knows owners.
   *
   * @param directory the directory
   * @return the disk
   * @throws IOException if the directory cannot be made or is none
   */
  static Disk of(Path directory) throws IOException {
    return new FileDisk(directory);
  }

  /**
   * Names the files.
   *
   * @return their names, in no order
   * @throws IOException if they cannot be listed
   */
  List<String> list() throws IOException;

  /**
   * Makes an empty file, to be read and written.
   *
   * @param name its name
   * @return the file, for the caller to close
   * @throws IOException if it is there already or cannot be made
   */
  DiskFile create(String name) throws IOException;

  /**
   * Opens a file that is there, to be read and written.
   *
   * @param name its name
   * @return the file, for the caller to close
   * @throws IOException if it is not there or cannot be opened
   */
  DiskFile open(String name) throws IOException;

  /**
   * Gives a file another name in one step. A file that has that name is replaced.
   *
   * @param from its name
   * @param to its new name
   * @throws IOException if it cannot be done
   */
  void rename(String from, String to) throws IOException;

  /**
   * Removes a file.
   *
   * @param name its name
   * @throws IOException if it is not there or cannot be removed
   */
  void delete(String name) throws IOException;

  /**
   * Makes durable what was created, renamed and deleted. Returns when it is.
   *
   * @throws IOException if that has failed; nothing is known then, and trying again proves nothing
   */
  void sync() throws IOException;

  /**
   * Locks the directory against every other process, and every other caller in this one.
   *
   * @return the lock, which is given up when it is closed or the process ends
   * @throws IOException if somebody else has it
   */
  Closeable lock() throws IOException;

  /**
   * How much room is left, to tell a full disk from a broken one.
   *
   * @return bytes, {@link Long#MAX_VALUE} where that is not known
   */
  long usableBytes();
}
