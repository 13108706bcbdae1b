package io.fkvs.load.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that is replaced as a whole: who is stopped while it is written leaves the one before. Any
 * thread, one at a time for a file.
 */
public final class WholeFile {
  private WholeFile() {}

  /**
   * Replaces a file, or makes it.
   *
   * @throws IOException if it cannot be written; what was there before is there still
   */
  public static void write(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(part, text);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
