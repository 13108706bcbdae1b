package io.fkvs.server.transport;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file of a Unix socket on which a transport listens.
 *
 * <p>The file has mode 0770 from the moment that it can be reached. The system creates a socket's
 * file as the process' umask says, which Java cannot set. So it is created inside a new folder
 * beside its place, which only the owner may enter, gets its mode there, and is then renamed to its
 * place. The rename also replaces a stale file in one step.
 */
public final class UnixSocket implements AutoCloseable {
  /** The longest path that the JDK takes: two bytes less than Linux' {@code sockaddr_un} has. */
  public static final int MAX_PATH_BYTES = 106;

  /** The name of the socket's file inside its private folder: short, because paths are limited. */
  private static final String PRIVATE_NAME = "s";

  private static final int PRIVATE_FOLDERS = 1000;
  private static final int FILE_TYPE_MASK = 0170000;
  private static final int FILE_TYPE_SOCKET = 0140000;
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /** Makes the socket, and its file where the address says. */
  public interface Binder {
    void bind(SocketAddress address) throws IOException;
  }

  private final Path path;
  private final Object fileKey;

  private UnixSocket(Path path, Object fileKey) {
    this.path = path;
    this.fileKey = fileKey;
  }

  /**
   * Finds out what would keep it from listening.
   *
   * @throws IOException as {@link #listen} would throw
   */
  public static void check(Path path) throws IOException {
    Path place = path.toAbsolutePath();
    checkLength(place, place);
    checkFree(place);
    Files.delete(createPrivateFolder(place));
  }

  /**
   * Listens.
   *
   * @param binder does so; who closes the socket is its affair
   * @throws IOException if the path is too long, is no socket, or a server listens there; the
   *     message names the path
   */
  public static UnixSocket listen(Path path, Binder binder) throws IOException {
    Path place = path.toAbsolutePath();
    checkLength(place, place);
    checkFree(place);
    return new UnixSocket(place, bind(binder, place));
  }

  /** Binds and answers the key of the file. */
  private static Object bind(Binder binder, Path place) throws IOException {
    Path folder = createPrivateFolder(place);
    Path created = folder.resolve(PRIVATE_NAME);
    try {
      checkLength(created, place);
      binder.bind(UnixDomainSocketAddress.of(created));
      Files.setPosixFilePermissions(created, PosixFilePermissions.fromString("rwxrwx---"));
      Object fileKey = attributes(created).fileKey();
      Files.move(created, place, StandardCopyOption.ATOMIC_MOVE);
      return fileKey;
    } finally {
      Files.deleteIfExists(created);
      Files.delete(folder);
    }
  }

  public Path path() {
    return path;
  }

  /** Removes the file, unless another has taken its place. */
  @Override
  public void close() {
    try {
      if (attributes(path).fileKey().equals(fileKey)) {
        Files.delete(path);
      }
    } catch (IOException e) { // it has gone already
      return;
    }
  }

  private static void checkLength(Path path, Path place) throws IOException {
    int placeBytes = lengthBytes(place);
    int addedBytes = Math.max(0, lengthBytes(path) - placeBytes);
    if (placeBytes + addedBytes > MAX_PATH_BYTES) {
      throw new IOException(
          "path of the unix socket is too long: path="
              + place
              + ", bytes="
              + placeBytes
              + ", maxBytes="
              + (MAX_PATH_BYTES - addedBytes));
    }
  }

  private static int lengthBytes(Path path) {
    return path.toString().getBytes(Charset.defaultCharset()).length;
  }

  private static void checkFree(Path path) throws IOException {
    int mode;
    try {
      mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return;
    }
    if ((mode & FILE_TYPE_MASK) != FILE_TYPE_SOCKET) {
      throw new IOException("path of the unix socket exists and is no socket: path=" + path);
    }
    if (!isStale(path)) {
      throw new IOException("a server listens on the unix socket already: path=" + path);
    }
  }

  /** A socket that refuses is one whose server has gone; any other answer comes from a live one. */
  private static boolean isStale(Path path) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
      return false;
    } catch (ConnectException e) {
      return true;
    }
  }

  private static Path createPrivateFolder(Path place) throws IOException {
    for (int i = 0; i < PRIVATE_FOLDERS; i++) {
      try {
        return Files.createDirectory(place.resolveSibling("." + i), OWNER_ONLY);
      } catch (FileAlreadyExistsException e) {
        continue; // of another server that starts just now, or was killed while it did
      } catch (NoSuchFileException e) {
        throw noFolder(place, "no such folder");
      } catch (IOException e) {
        throw noFolder(place, e.toString());
      }
    }
    throw noFolder(place, "all names are taken");
  }

  private static IOException noFolder(Path place, String cause) {
    return new IOException(
        "cannot create a folder beside the unix socket: path=" + place + ", cause=" + cause);
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }
}
