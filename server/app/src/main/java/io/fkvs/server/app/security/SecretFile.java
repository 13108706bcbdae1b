package io.fkvs.server.app.security;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Files that hold a secret. Any thread. */
public final class SecretFile {
  private static final Logger LOGGER = System.getLogger(SecretFile.class.getName());

  private static final Set<PosixFilePermission> OF_OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private SecretFile() {}

  /**
   * Reads a password: all bytes of a file but the end of its line. Warns where others than the
   * owner may use the file.
   *
   * @param file the file
   * @return the bytes, at least one
   * @throws IllegalArgumentException if it cannot be read or is empty; the message names the file
   */
  public static byte[] password(Path file) {
    byte[] bytes = bytes(file);
    warnOfOthers(file);
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\n') {
      length--;
      if (length > 0 && bytes[length - 1] == '\r') {
        length--;
      }
    }
    if (length == 0) {
      throw new IllegalArgumentException("password file is empty: file=" + file);
    }
    return Arrays.copyOf(bytes, length);
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it cannot be read; the message names the file
   */
  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("no such file: file=" + file, e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException("file may not be read: file=" + file, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "file cannot be read: file=" + file + ", cause=" + e.getMessage(), e);
    }
  }

  /** Logs a warning where others than its owner may use a file. */
  static void warnOfOthers(Path file) {
    try {
      Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
      others.removeAll(OF_OWNER);
      if (!others.isEmpty()) {
        LOGGER.log(
            Level.WARNING,
            "others than its owner may use a file with a secret, chmod 600 keeps them out: file="
                + file);
      }
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      LOGGER.log(Level.DEBUG, "permissions of a file are unknown: file=" + file, e);
    }
  }
}
