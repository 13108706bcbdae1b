package io.fkvs.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DiskFile;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableStore;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server with a data directory promises to clients of Redis. Loops run on this thread. */
class RespDurabilityTest {
  private static final int TIMEOUT_MS = 20_000;

  @TempDir private Path folder;

  /**
   * A disk whose syncs stop, go on or fail when the test says so. Closed before the server, it lets
   * them go on, so that a test that fails does not hang.
   */
  private static final class HeldDisk implements Disk, AutoCloseable {
    private final Disk disk;
    private boolean isHeld;
    private int heldSyncs;
    private IOException failure;

    HeldDisk(Path folder) throws IOException {
      disk = Disk.of(folder);
    }

    synchronized void hold() {
      isHeld = true;
    }

    synchronized void awaitHeldSync() throws InterruptedException {
      while (heldSyncs == 0) {
        wait();
      }
    }

    synchronized void release() {
      isHeld = false;
      notifyAll();
    }

    @Override
    public void close() {
      release();
    }

    synchronized void fail() {
      failure = new IOException("Input/output error");
    }

    private synchronized void onSync() throws IOException {
      heldSyncs++;
      notifyAll();
      while (isHeld) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      heldSyncs--;
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public List<String> list() throws IOException {
      return disk.list();
    }

    @Override
    public DiskFile create(String name) throws IOException {
      return new HeldFile(disk.create(name));
    }

    @Override
    public DiskFile open(String name) throws IOException {
      return new HeldFile(disk.open(name));
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

    private final class HeldFile implements DiskFile {
      private final DiskFile file;

      HeldFile(DiskFile file) {
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
        onSync();
        file.force();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    }
  }

  /** A server whose loop runs on this thread, and a client. */
  private static final class Loop implements AutoCloseable {
    private final Server server;
    private final Socket socket;

    Loop(Disk disk, SyncChoice sync) throws IOException {
      server =
          Server.open(
              ServerConfig.defaults()
                  .withPort(0)
                  .withRespPort(0)
                  .withTable("swiss")
                  .withDisk(disk)
                  .withWarmUp(Duration.ZERO)
                  .withSync(sync));
      socket = new Socket("127.0.0.1", server.respAddress().orElseThrow().getPort());
      socket.setSoTimeout(TIMEOUT_MS);
      cycle();
    }

    void cycle() {
      int last;
      do {
        last = server.eventLoop().doWork();
      } while (last > 0);
    }

    /** Sends lines in one piece, so that one cycle carries them out. */
    void send(String lines) throws IOException {
      socket.getOutputStream().write((lines + "\n").getBytes(ISO_8859_1));
    }

    /** Runs cycles until so much of a reply has come, and answers it. */
    String receive(int length) throws IOException {
      StringBuilder reply = new StringBuilder();
      while (reply.length() < length) {
        reply.append(receiveSome(length - reply.length()));
      }
      return reply.toString();
    }

    private String receiveSome(int most) throws IOException {
      while (!hasReply()) {
        server.eventLoop().doWork();
      }
      return new String(
          socket.getInputStream().readNBytes(Math.min(most, socket.getInputStream().available())),
          ISO_8859_1);
    }

    String ask(String lines, int length) throws IOException {
      send(lines);
      return receive(length);
    }

    /** Sends lines in one piece, and answers all replies to them and to an end. */
    String askAll(String lines) throws IOException {
      send(lines + "\nECHO end");
      StringBuilder replies = new StringBuilder();
      while (replies.lastIndexOf("$3\r\nend\r\n") < 0) {
        replies.append(receiveSome(Integer.MAX_VALUE));
      }
      return replies.toString();
    }

    boolean hasReply() throws IOException {
      return socket.getInputStream().available() > 0;
    }

    /** How many steps there have been. */
    long steps() {
      return ((DurableStore) server.eventLoop().context().store()).sequence();
    }

    @Override
    public void close() throws IOException {
      socket.close();
      server.close();
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "\"SET k new\", \"+OK\", \"$3,new\"",
        "\"MULTI,SET k 1,INCR k,EXEC\", \"+OK,+QUEUED,+QUEUED,*2,+OK,:2\", \"$1,2\"",
        "\"FLUSHALL\", \"+OK\", \"$-1\"",
        "\"MSET k new l new\", \"+OK\", \"$3,new\"",
        "\"GETDEL k\", \"$3,old\", \"$-1\"",
      })
  void shouldNotAnswerBeforeTheEffectIsDurable(String lines, String replies, String value)
      throws Exception {
    HeldDisk disk = new HeldDisk(folder);
    String expected = replies.replace(",", "\r\n") + "\r\n";
    try (Loop loop = new Loop(disk, SyncChoice.ALWAYS);
        HeldDisk _ = disk) {
      assertEquals("+OK\r\n", loop.ask("SET k old", 5));
      disk.hold();
      loop.send(lines.replace(',', '\n'));
      while (loop.server.eventLoop().doWork() == 0) {} // until the request has come
      loop.cycle();
      disk.awaitHeldSync();
      loop.cycle();

      assertFalse(loop.hasReply());

      disk.release();
      assertEquals(expected, loop.receive(expected.length()));
    }
    try (Loop loop = new Loop(Disk.of(folder), SyncChoice.ALWAYS)) {
      String kept = value.replace(",", "\r\n") + "\r\n";
      assertEquals(kept, loop.ask("GET k", kept.length()));
    }
  }

  private static final List<String> CHANGES =
      List.of(
          "SET k v",
          "SETNX new v",
          "SETEX k 100 v",
          "PSETEX k 100000 v",
          "GETSET k v",
          "GETDEL k",
          "GETEX k EX 100",
          "MSET k v l v",
          "MSETNX new v other v",
          "APPEND k v",
          "SETRANGE k 1 v",
          "INCR n",
          "DECR n",
          "INCRBY n 2",
          "DECRBY n 2",
          "INCRBYFLOAT n 0.5",
          "DEL k n",
          "UNLINK k",
          "EXPIRE k 100",
          "PEXPIRE k 100000",
          "EXPIREAT k 99999999999",
          "PEXPIREAT k 99999999999999",
          "PERSIST d",
          "RENAME k other",
          "RENAMENX k other",
          "COPY k other",
          "FLUSHDB",
          "FLUSHALL",
          "MULTI\nSET a 1\nSET b 2\nDEL k\nEXEC");

  /** What each changes is in one step with what the cycle changes after it. */
  @Test
  void shouldBeginAStepForWhatChangesEntries() throws IOException {
    try (Loop loop = new Loop(new ForgetfulDisk(), SyncChoice.NEVER)) {
      for (String lines : CHANGES) {
        loop.askAll("FLUSHALL\nMSET k value n 1 d 1\nEXPIRE d 100");
        long before = loop.steps();
        loop.askAll(lines + "\nSET last v");
        assertEquals(before + 1, loop.steps(), lines);
      }
    }
  }

  @Test
  void shouldNotAnswerWhatCannotBeMadeDurable() throws Exception {
    HeldDisk disk = new HeldDisk(folder);
    try (Loop loop = new Loop(disk, SyncChoice.ALWAYS)) {
      loop.ask("SET k old", 5);
      disk.fail();
      loop.send("SET k new");
      while (loop.server.failure().isEmpty()) {
        runUntilItFails(loop);
      }

      assertInstanceOf(DurableException.class, loop.server.failure().orElseThrow());
      assertFalse(loop.hasReply());
    }
  }

  private static void runUntilItFails(Loop loop) {
    try {
      loop.server.eventLoop().doWork();
    } catch (RuntimeException e) {
      assertTrue(loop.server.failure().isPresent());
    }
  }

  @Test
  void shouldTellThatDataIsKept() throws IOException {
    String wanted = "aof_enabled:1\r\n";
    try (Loop loop = new Loop(new ForgetfulDisk(), SyncChoice.ALWAYS)) {
      String info = loop.askAll("INFO persistence");
      assertTrue(info.contains(wanted), info);
      String answer = "*2\r\n$11\r\nappendfsync\r\n$6\r\nalways\r\n";
      assertEquals(answer, loop.ask("CONFIG GET appendfsync", answer.length()));
    }
  }
}
