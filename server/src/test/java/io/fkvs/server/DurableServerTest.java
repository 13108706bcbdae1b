package io.fkvs.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.durable.DiskFullException;
import io.fkvs.store.durable.DurableDirectory;
import io.fkvs.store.durable.DurableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server with a data directory promises. */
@EveryTransport
class DurableServerTest {
  @Parameter private TransportChoice transport;

  private static final byte[] SET = Frames.request(Frames.SET, "k", "v");
  private static final byte[] GET = Frames.request(Frames.GET, "k");
  private static final byte[] VALUE = Frames.value("v");
  private static final int MANY = 20_000;

  @TempDir private Path folder;

  private ServerConfig config(SyncChoice sync) {
    return TestServers.config(transport).withSync(sync);
  }

  private ServerConfig kept(SyncChoice sync) {
    return config(sync).withDataDirectory(folder.resolve("data"));
  }

  private static byte[] increments(int first, int last) {
    byte[][] replies = new byte[last - first + 1][];
    for (int i = first; i <= last; i++) {
      replies[i - first] = Frames.value(String.valueOf(i));
    }
    return Frames.concat(replies);
  }

  private static void assertCounts(Peer peer, int from, int to) throws IOException {
    byte[] expected = increments(from + 1, to);
    byte[] requests = Frames.repeat(Frames.request(Frames.INCR, "n"), to - from);
    assertArrayEquals(expected, peer.exchange(requests, expected.length));
  }

  // ---- what comes back

  @ParameterizedTest
  @EnumSource(SyncChoice.class)
  void shouldHaveEverythingAfterARestart(SyncChoice sync) throws IOException {
    try (Server server = Server.start(kept(sync));
        Peer peer = Peer.connect(server.address())) {
      assertCounts(peer, 0, MANY);
      assertArrayEquals(VALUE, peer.exchange(SET));
    }
    try (Server server = Server.start(kept(sync));
        Peer peer = Peer.connect(server.address())) {
      assertArrayEquals(VALUE, peer.exchange(GET));
      assertCounts(peer, MANY, MANY + 1);
      assertEquals(2, Info.number(Info.of(peer), "loaded_keys"));
    }
  }

  @Test
  void shouldWriteABaseWhileItServes() throws IOException {
    ServerConfig small =
        kept(SyncChoice.EVERY_SECOND).withDurability(each -> each.withCompaction(1, 100_000));
    int count = 0;
    int baseBytes;
    long beforeMs = System.currentTimeMillis();
    try (Server server = Server.start(small);
        Peer peer = Peer.connect(server.address())) {
      while (Info.text(Info.of(peer), "base_time").equals("never")) {
        assertCounts(peer, count, count + 1_000);
        count += 1_000;
      }
      String info = Info.of(peer);
      while (Info.text(info, "base_under_way").equals("true")) {
        info = Info.of(peer);
      }
      baseBytes = Info.number(info, "base_bytes");
      assertBetween(beforeMs, Info.text(info, "base_time"));
      // the base was begun behind 100,000 bytes at least, and these are gone; a frame has under 50
      assertTrue(Info.number(info, "log_bytes") < count * 50 - 100_000, info);
    }
    DurableDirectory.Part base = DurableDirectory.describe(folder.resolve("data")).getFirst();
    assertTrue(base.name().startsWith("base-"), base.name());
    assertEquals(base.bytes(), baseBytes);
    try (Server server = Server.start(small);
        Peer peer = Peer.connect(server.address())) {
      assertCounts(peer, count, count + 1);
    }
  }

  private static void assertBetween(long beforeMs, String time) {
    long ms = Instant.parse(time).toEpochMilli();
    assertTrue(ms >= beforeMs && ms <= System.currentTimeMillis(), time);
  }

  // ---- what it says of itself

  @Test
  void shouldTellWhatIsNotWrittenYet() throws IOException {
    ScriptedDisk disk = new ScriptedDisk();
    try (TestLoop loop = new TestLoop(config(SyncChoice.NEVER).withDisk(disk));
        ScriptedDisk _ = disk;
        Peer peer = loop.connect()) {
      String info = info(loop, peer);
      for (String name :
          List.of("frames", "durable_frames", "backlog_bytes", "log_bytes", "base_bytes")) {
        assertEquals(0, Info.number(info, name), name);
      }
      for (String name : List.of("last_sync_time", "base_time")) {
        assertEquals("never", Info.text(info, name), name);
      }
      assertEquals("no", Info.text(info, "sync"));
      assertEquals("false", Info.text(info, "base_under_way"));
      assertEquals(0, Info.number(info, "disk_errors"));

      disk.holdWrites();
      peer.send(Frames.request(Frames.SET, Frames.ascii("k"), new byte[5_000]));
      awaitReply(loop, peer);
      peer.receive(Frames.value(new byte[5_000]).length);
      info = info(loop, peer);
      assertEquals(1, Info.number(info, "frames"));
      assertEquals(0, Info.number(info, "durable_frames"));
      int logBytes = Info.number(info, "log_bytes");
      assertTrue(logBytes > 5_000 && logBytes < 5_100, info);
      int backlogBytes = Info.number(info, "backlog_bytes");
      assertTrue(backlogBytes >= 5_000 && backlogBytes <= 1 << 20, info);

      disk.release();
      while (Info.number(info, "backlog_bytes") > 0) {
        info = info(loop, peer);
      }
      assertEquals(0, Info.number(info, "durable_frames"));
    }
  }

  @Test
  void shouldTellWhatIsDurable() throws IOException {
    long beforeMs = System.currentTimeMillis();
    try (TestLoop loop = new TestLoop(config(SyncChoice.ALWAYS).withDisk(new ScriptedDisk()));
        Peer peer = loop.connect()) {
      for (int i = 1; i <= 3; i++) {
        peer.send(SET);
        awaitReply(loop, peer);
        assertArrayEquals(VALUE, peer.receive(VALUE.length));
        String info = info(loop, peer);
        assertEquals(i, Info.number(info, "frames"));
        assertEquals(i, Info.number(info, "durable_frames"));
        assertBetween(beforeMs, Info.text(info, "last_sync_time"));
        assertTrue(Info.number(info, "last_sync_us") >= 0, info);
      }
    }
  }

  private static String info(TestLoop loop, Peer peer) throws IOException {
    peer.send(Frames.frame(new byte[] {Frames.INFO}));
    awaitReply(loop, peer);
    return Frames.payload(peer.receiveFrame());
  }

  // ---- replies that wait

  /** Runs cycles until a reply has come. */
  private static void awaitReply(TestLoop loop, Peer peer) throws IOException {
    while (!peer.hasReply()) {
      loop.server().eventLoop().doWork();
    }
  }

  @Test
  void shouldNotAnswerBeforeTheEffectIsDurable() throws Exception {
    ScriptedDisk disk = new ScriptedDisk();
    try (TestLoop loop = new TestLoop(config(SyncChoice.ALWAYS).withDisk(disk));
        ScriptedDisk _ = disk;
        Peer writer = loop.connect();
        Peer reader = loop.connect()) {
      disk.holdSyncs();
      writer.send(SET);
      loop.cycle();
      disk.awaitHeldSync();
      reader.send(GET);
      loop.cycle();
      writer.send(Frames.request(Frames.INCR, "n"));
      loop.cycle();

      assertFalse(writer.hasReply());
      assertFalse(reader.hasReply());

      disk.release();
      awaitReply(loop, writer);
      assertArrayEquals(VALUE, writer.receive(VALUE.length));
      awaitReply(loop, reader);
      assertArrayEquals(VALUE, reader.receive(VALUE.length));
      awaitReply(loop, writer);
      assertArrayEquals(Frames.value("1"), writer.receive(Frames.value("1").length));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EVERY_SECOND", "NEVER"})
  void shouldNotWaitForTheDiskWhereTheReplyNeedNot(SyncChoice sync) throws IOException {
    ScriptedDisk disk = new ScriptedDisk();
    try (TestLoop loop = new TestLoop(config(sync).withDisk(disk));
        ScriptedDisk _ = disk;
        Peer peer = loop.connect()) {
      disk.holdSyncs();
      disk.holdWrites();
      peer.send(SET);
      loop.cycle();

      assertArrayEquals(VALUE, peer.receive(VALUE.length));
      disk.release();
    }
  }

  @Test
  void shouldAnswerEachOfManyClientsInOrder() throws IOException {
    try (Server server = Server.start(config(SyncChoice.ALWAYS).withDisk(new ForgetfulDisk()));
        Peer one = Peer.connect(server.address());
        Peer other = Peer.connect(server.address())) {
      byte[] expected = Frames.repeat(VALUE, MANY);
      other.offer(Frames.repeat(SET, 100));
      assertCounts(one, 0, MANY);
      assertArrayEquals(
          Arrays.copyOf(expected, 100 * VALUE.length), other.receive(100 * VALUE.length));
      assertArrayEquals(expected, other.exchange(Frames.repeat(SET, MANY), expected.length));
    }
  }

  /** More than the backlog takes: those who change something wait, others do not. */
  @Test
  void shouldServeWhatItCanWhileTheDiskIsBehind() throws Exception {
    ScriptedDisk disk = new ScriptedDisk();
    byte[] value = new byte[60_000];
    int count = 2_000; // 114 MiB, of 64 that the backlog takes
    int replyBytes = count * Frames.value(value).length;
    try (Server server = Server.start(config(SyncChoice.NEVER).withDisk(disk));
        ScriptedDisk _ = disk;
        Peer writer = Peer.connect(server.address());
        Peer reader = Peer.connect(server.address())) {
      assertArrayEquals(VALUE, reader.exchange(SET));
      disk.holdWrites();
      byte[] request = Frames.request(Frames.SET, Frames.ascii("large"), value);
      byte[] requests = Frames.repeat(request, count);
      byte[][] replies = new byte[1][];
      Thread sender =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      replies[0] = writer.exchange(requests, replyBytes);
                    } catch (IOException e) {
                      replies[0] = new byte[0];
                    }
                  });
      int backlog = 0;
      int served = -1;
      while (backlog < 30 << 20 || served < Info.number(Info.of(reader), "total_requests") - 1) {
        String info = Info.of(reader);
        backlog = Info.number(info, "backlog_bytes");
        served = Info.number(info, "total_requests");
      }

      assertArrayEquals(VALUE, reader.exchange(GET));
      assertTrue(Info.number(Info.of(reader), "backlog_bytes") <= 64 << 20);
      disk.release();
      sender.join();
      assertEquals(replyBytes, replies[0].length);
    }
  }

  // ---- failures

  static Stream<Arguments> failures() {
    return Stream.of(SyncChoice.values())
        .filter(sync -> sync != SyncChoice.NEVER)
        .flatMap(
            sync ->
                Stream.of(
                    Arguments.of(sync, "Input/output error", DurableException.class),
                    Arguments.of(sync, "No space left on device", DiskFullException.class)));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldStopAndSayWhyWhenTheDiskFails(
      SyncChoice sync, String message, Class<? extends Throwable> expected) throws Exception {
    ScriptedDisk disk = new ScriptedDisk();
    try (Server server = Server.start(config(sync).withDisk(disk));
        Peer peer = Peer.connect(server.address())) {
      assertArrayEquals(VALUE, peer.exchange(SET));
      disk.fail(new IOException(message));
      peer.send(Frames.request(Frames.INCR, "n"));

      assertFalse(server.awaitStop());
      assertEquals(expected, server.failure().orElseThrow().getClass());
      if (sync == SyncChoice.ALWAYS) {
        assertEquals(0, peer.receiveToEnd().length);
      }
    }
  }

  /** Not even what needs no entry; what a client reads then may be lost already. */
  @Test
  void shouldAnswerNothingMoreWhenNothingCanBeMadeDurable() throws Exception {
    ScriptedDisk disk = new ScriptedDisk();
    CountDownLatch failed = new CountDownLatch(1);
    Handler handler = onMessage("nothing can be made durable any more", failed::countDown);
    Logger logger = Logger.getLogger(Server.class.getName());
    logger.addHandler(handler);
    try (TestLoop loop = new TestLoop(config(SyncChoice.EVERY_SECOND).withDisk(disk));
        Peer peer = loop.connect()) {
      disk.fail(new IOException("Input/output error"));
      loop.server().eventLoop().context().store().put("k", "v");
      failed.await();
      peer.send(Frames.request(Frames.PING, "x"));
      assertThrows(AgentTerminationException.class, () -> loop.server().eventLoop().doWork());

      assertFalse(peer.hasReply());
    } finally {
      logger.removeHandler(handler);
    }
  }

  private static Handler onMessage(String start, Runnable call) {
    return new Handler() {
      @Override
      public void publish(LogRecord entry) {
        if (entry.getMessage().startsWith(start)) {
          call.run();
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void shouldFailToStopWhenTheLastSyncFails() throws Exception {
    ScriptedDisk disk = new ScriptedDisk();
    Server server = Server.start(config(SyncChoice.NEVER).withDisk(disk));
    try (Peer peer = Peer.connect(server.address())) {
      assertArrayEquals(VALUE, peer.exchange(SET));
      disk.fail(new IOException("Input/output error"));
    }
    server.close();

    assertFalse(server.awaitStop());
    assertInstanceOf(DurableException.class, server.failure().orElseThrow());
  }

  // ---- directories that do not do

  @Test
  void shouldRefuseADirectoryThatIsInUse() throws IOException {
    try (Server server = Server.start(kept(SyncChoice.NEVER))) {
      assertTrue(server.failure().isEmpty());
      String message = refusal(kept(SyncChoice.NEVER));
      assertTrue(message.contains("directory is open in this process"), message);
    }
  }

  @Test
  void shouldRefuseAFileInPlaceOfADirectory() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");

    String message = refusal(config(SyncChoice.NEVER).withDataDirectory(file));
    assertTrue(message.contains("data directory cannot be used: directory=" + file), message);
  }

  @Test
  void shouldRefuseMoreThanItsMemoryHolds() throws IOException {
    try (Server server = Server.start(kept(SyncChoice.NEVER));
        Peer peer = Peer.connect(server.address())) {
      byte[] value = new byte[60_000];
      for (int i = 0; i < 200; i++) {
        peer.exchange(Frames.request(Frames.SET, Frames.ascii("k" + i), value));
      }
    }
    String message = refusal(kept(SyncChoice.NEVER).withMaxMemoryBytes(2 << 20));
    assertTrue(message.contains("store does not fit its bounds: maxBytes=2097152"), message);

    try (Server server = Server.start(kept(SyncChoice.NEVER));
        Peer peer = Peer.connect(server.address())) {
      assertEquals(200, Info.number(Info.of(peer), "loaded_keys"));
    }
  }

  private static String refusal(ServerConfig config) {
    return assertThrows(DurableException.class, () -> Server.start(config)).getMessage();
  }

  @Test
  void shouldNameTheFileWhenItsDataIsDamaged() throws IOException {
    try (Server server = Server.start(kept(SyncChoice.NEVER));
        Peer peer = Peer.connect(server.address())) {
      assertArrayEquals(VALUE, peer.exchange(SET));
    }
    Path manifest = folder.resolve("data").resolve("MANIFEST");
    List<String> lines = Files.readAllLines(manifest);
    Files.write(manifest, lines.subList(0, lines.size() - 1));

    assertTrue(refusal(kept(SyncChoice.NEVER)).contains("file=MANIFEST"));
  }
}
