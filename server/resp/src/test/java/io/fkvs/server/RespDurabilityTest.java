package io.fkvs.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.store.durable.Disk;
import io.fkvs.store.durable.DurableException;
import io.fkvs.store.durable.DurableStore;
import io.fkvs.store.durable.crash.HeldDisk;
import java.io.IOException;
import java.net.Socket;
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
  private static final int PIECE_BYTES = 32 << 10;

  @TempDir private Path folder;

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

    /** Sends lines, and lets the loop do what it can when they have come. */
    void sendAndCycle(String lines) throws IOException {
      send(lines);
      while (server.eventLoop().doWork() == 0) {}
      cycle();
    }

    /** Sends more than the system takes at once. */
    String askInPieces(String lines, int length) throws IOException {
      byte[] bytes = (lines + "\n").getBytes(ISO_8859_1);
      for (int at = 0; at < bytes.length; at += PIECE_BYTES) {
        socket.getOutputStream().write(bytes, at, Math.min(PIECE_BYTES, bytes.length - at));
        cycle();
      }
      return receive(length);
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
    HeldDisk disk = new HeldDisk(Disk.of(folder));
    String expected = replies.replace(",", "\r\n") + "\r\n";
    try (Loop loop = new Loop(disk, SyncChoice.ALWAYS);
        HeldDisk _ = disk) {
      assertEquals("+OK\r\n", loop.ask("SET k old", 5));
      disk.holdSyncs();
      loop.sendAndCycle(lines.replace(',', '\n'));
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

  /** What is logged may be far longer than what was sent: a value each time. */
  @Test
  void shouldNotWaitForTheDiskAmidATransaction() throws IOException {
    HeldDisk disk = new HeldDisk(new ForgetfulDisk());
    String expected = "+OK\r\n" + "+QUEUED\r\n".repeat(6) + "*6\r\n" + ":15000001\r\n".repeat(6);
    try (Loop loop = new Loop(disk, SyncChoice.NEVER)) {
      disk.holdWrites();
      String lines = "MULTI\n" + "SETRANGE k 15000000 v\n".repeat(6) + "EXEC";

      assertEquals(expected, loop.ask(lines, expected.length()));

      loop.sendAndCycle("SET other v");
      assertFalse(loop.hasReply());
      disk.release();
      assertEquals("+OK\r\n", loop.receive(5));
    }
  }

  /** Others may change what little there is room for, but not before it. */
  @Test
  void shouldNotBeginATransactionThatTheBacklogHasNoRoomFor() throws IOException {
    HeldDisk disk = new HeldDisk(new ForgetfulDisk());
    int count = 6;
    String value = "v".repeat(1 << 20);
    String set = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$" + value.length() + "\r\n" + value + "\r";
    try (Loop loop = new Loop(disk, SyncChoice.NEVER)) {
      disk.holdWrites();
      for (int i = 0; i < 4; i++) {
        assertEquals(":15000001\r\n", loop.ask("SETRANGE k 15000000 v", 11));
      }
      assertEquals("+OK\r\n", loop.ask("SET other v", 5));
      assertEquals("+OK\r\n", loop.ask("MULTI", 5));
      for (int i = 0; i < count; i++) {
        assertEquals("+QUEUED\r\n", loop.askInPieces(set, 9));
      }
      loop.sendAndCycle("EXEC");

      assertFalse(loop.hasReply());

      disk.release();
      String expected = "*" + count + "\r\n" + "+OK\r\n".repeat(count);
      assertEquals(expected, loop.receive(expected.length()));
    }
  }

  @Test
  void shouldNotAnswerWhatCannotBeMadeDurable() throws Exception {
    HeldDisk disk = new HeldDisk(Disk.of(folder));
    try (Loop loop = new Loop(disk, SyncChoice.ALWAYS)) {
      loop.ask("SET k old", 5);
      disk.fail(new IOException("Input/output error"));
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
