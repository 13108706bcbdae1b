package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.transport.Transport;
import io.fkvs.server.transport.UnixSocket;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of a Unix socket: who may use it, what it may replace, when it goes. */
@EveryTransport
class UnixSocketTest {
  @Parameter private TransportChoice transport;

  private Path path;
  private Transport open;

  /** Lets a transport of the kind under test bind it. */
  private UnixSocket listen(Path place) throws IOException {
    return UnixSocket.listen(place, open::listen);
  }

  @BeforeEach
  void choosePath() throws IOException {
    path = TestServers.socketPath();
    open = Transports.open(transport, new BufferPool(Long.MAX_VALUE)).transport();
  }

  @AfterEach
  void shouldLeaveNoOtherFileBehind() throws IOException {
    open.close();
    Files.deleteIfExists(path);
    try (Stream<Path> left = Files.list(path.getParent())) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void shouldAdmitOwnerAndGroupAlone() throws IOException {
    try (UnixSocket socket = listen(path)) {
      assertEquals("rwxrwx---", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
      assertEquals(path, socket.path());
    }
  }

  @Test
  void shouldRemoveTheFileWhenClosed() throws IOException {
    listen(path).close();

    assertFalse(Files.exists(path));
  }

  @Test
  void shouldReplaceAStaleSocket() throws IOException {
    ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    dead.bind(UnixDomainSocketAddress.of(path));
    dead.close();
    assertTrue(Files.exists(path));

    try (Server server = Server.start(TestServers.config(transport).withUnixSocket(path));
        Peer peer = Peer.connect(UnixDomainSocketAddress.of(path))) {
      assertTrue(server.unixSocket().isPresent());
      byte[] ping = Frames.request(Frames.PING, "x");
      assertArrayEquals(ping, peer.exchange(ping));
    }
  }

  @Test
  void shouldRefuseWhenAServerListensAlready() throws IOException {
    try (Server first = Server.start(TestServers.config(transport).withUnixSocket(path))) {
      IOException e = assertThrows(IOException.class, () -> listen(path));

      assertEquals("a server listens on the unix socket already: path=" + path, e.getMessage());
      assertTrue(Files.exists(first.unixSocket().orElseThrow()));
    }
  }

  @Test
  void shouldRefuseAndLeaveTheFileAloneWhenItIsNoSocket() throws IOException {
    Files.writeString(path, "mine");

    IOException e = assertThrows(IOException.class, () -> listen(path));

    assertEquals("path of the unix socket exists and is no socket: path=" + path, e.getMessage());
    assertEquals("mine", Files.readString(path));
  }

  @Test
  void shouldRefuseASymbolicLink() throws IOException {
    Path target = path.resolveSibling("elsewhere");
    Files.createSymbolicLink(path, target);

    IOException e = assertThrows(IOException.class, () -> listen(path));

    assertEquals("path of the unix socket exists and is no socket: path=" + path, e.getMessage());
    assertTrue(Files.isSymbolicLink(path));
  }

  @Test
  void shouldSayWhatIsMissingWhenThereIsNoFolder() {
    Path lost = path.resolveSibling("missing").resolve("fkvs.sock");

    IOException e = assertThrows(IOException.class, () -> listen(lost));

    assertEquals(
        "cannot create a folder beside the unix socket: path=" + lost + ", cause=no such folder",
        e.getMessage());
  }

  @Test
  void shouldSayHowLongAPathMayBeWhenItIsTooLong() {
    Path tooLong = path.resolveSibling("x".repeat(200));

    IOException e = assertThrows(IOException.class, () -> listen(tooLong));

    assertEquals(
        "path of the unix socket is too long: path="
            + tooLong
            + ", bytes="
            + tooLong.toString().length()
            + ", maxBytes="
            + UnixSocket.MAX_PATH_BYTES,
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1, 103", "2, 104", "3, 105", "4, 106", "5, 106", "20, 106"})
  void shouldListenWhenThePathIsAsLongAsItMayBe(int nameLength, int maxBytes) throws IOException {
    int folderLength = maxBytes - nameLength - 1;
    int deeper = folderLength - path.getParent().toString().length() - 1;
    Path folder = Files.createDirectory(path.resolveSibling("d".repeat(deeper)));
    Path longest = folder.resolve("s".repeat(nameLength));
    assertEquals(maxBytes, longest.toString().length());
    try (Server server = Server.start(TestServers.config(transport).withUnixSocket(longest));
        Peer peer = Peer.connect(UnixDomainSocketAddress.of(longest))) {
      byte[] ping = Frames.request(Frames.PING, "x");
      assertArrayEquals(ping, peer.exchange(ping));
      assertTrue(server.unixSocket().isPresent());
    }
    Files.delete(folder);
  }

  @Test
  void shouldSayHowLongAPathMayBeWhenItsNameIsTooShortForThePrivateFolder() throws IOException {
    int deeper = UnixSocket.MAX_PATH_BYTES - path.getParent().toString().length() - 3;
    Path folder = Files.createDirectory(path.resolveSibling("d".repeat(deeper)));
    Path tooLong = folder.resolve("s");

    IOException e = assertThrows(IOException.class, () -> listen(tooLong));

    assertEquals(
        "path of the unix socket is too long: path=" + tooLong + ", bytes=106, maxBytes=103",
        e.getMessage());
    Files.delete(folder);
  }

  @Test
  void shouldLeaveTheFileAloneWhenAnotherHasTakenItsPlace() throws IOException {
    UnixSocket first = listen(path);
    Files.delete(path);
    Files.writeString(path, "mine");
    first.close();

    assertEquals("mine", Files.readString(path));
  }
}
