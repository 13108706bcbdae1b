package io.fkvs.client;

import static io.fkvs.client.ScriptedPeer.echo;
import static io.fkvs.client.ScriptedPeer.error;
import static io.fkvs.client.ScriptedPeer.ok;
import static io.fkvs.client.ScriptedPeer.value;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.wire.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {
  @Test
  void shouldAnswerInOrderAndThrowEachErrorWhereItIsRead() throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.SET, "a|1");
                  p.expect(Command.INCR, "text");
                  p.expect(Command.GET, "a");
                  p.expect(Command.DEL, "a");
                  p.send(value("1"), error(), value("1"), ok());
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      Pipeline pipeline = client.pipeline();
      PendingReply<Void> set = pipeline.queue(Call.set("a", "1"));
      PendingReply<Long> increment = pipeline.queue(Call.increment("text"));
      PendingReply<String> get = pipeline.queue(Call.get("a"));
      PendingReply<Void> delete = pipeline.queue(Call.delete("a"));
      assertFalse(set.isPresent());

      pipeline.flush();

      assertTrue(delete.isPresent());
      assertNull(set.value());
      assertEquals("1", get.value());
      assertNull(delete.value());
      for (int i = 0; i < 2; i++) {
        var e = assertThrows(FkvsException.class, increment::value);
        assertEquals("server refused the request: command=INCR", e.getMessage());
      }
    }
  }

  @Test
  void shouldSendNothingBeforeItIsFlushed() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.tcp(ScriptedPeer::expectClose);
        FkvsClient client = FkvsClient.connect(peer.address())) {
      client.pipeline().queue(Call.get("a"));
    }
  }

  @Test
  void shouldFlushWhenAReplyIsRead() throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.GET, "a");
                  p.expect(Command.GET, "b");
                  p.send(value("1"), value("2"));
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      PendingReply<String> a = client.pipeline().queue(Call.get("a"));
      PendingReply<String> b = client.pipeline().queue(Call.get("b"));
      assertEquals("1", a.value());
      assertEquals("2", b.value());
    }
  }

  @Test
  void shouldKeepTheOrderWhenACommandIsAskedAtOnceBehindQueuedOnes() throws IOException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.SET, "a|1");
                  p.expect(Command.GET, "a");
                  p.send(value("1"), value("1"));
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      PendingReply<Void> set = client.pipeline().queue(Call.set("a", "1"));
      assertEquals("1", client.get("a"));
      assertTrue(set.isPresent());
    }
  }

  @Test
  void shouldNotFlushWhenNothingIsQueued() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.tcp(ScriptedPeer::expectClose);
        FkvsClient client = FkvsClient.connect(peer.address())) {
      client.pipeline().flush();
    }
  }

  /**
   * The peer answers each request before it reads the next, with blocking writes; requests and
   * replies are far more than the sockets hold. A client that sent all before it read anything
   * would block for ever.
   */
  @Test
  void shouldNotDeadlockOnMoreThanTheSocketsHold() throws IOException {
    int count = 600;
    String payload = "x".repeat(60_000);
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  byte[] reply = echo(Command.PING, payload);
                  for (int i = 0; i < count; i++) {
                    p.receive();
                    p.send(reply);
                  }
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      List<PendingReply<byte[]>> replies = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        replies.add(client.pipeline().queue(Call.ping(payload.getBytes(US_ASCII))));
      }
      client.pipeline().flush();
      for (PendingReply<byte[]> reply : replies) {
        assertArrayEquals(payload.getBytes(US_ASCII), reply.value());
      }
    }
  }

  @Test
  void shouldBoundTheRepliesAwaitedAndGoOn() throws IOException {
    int count = 50_000;
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  for (int i = 0; i < count; i++) {
                    p.expect(Command.INCR, "");
                    p.send(value(Integer.toString(i)));
                  }
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      List<PendingReply<Long>> replies = new ArrayList<>();
      int most = 0;
      for (int i = 0; i < count; i++) {
        replies.add(client.pipeline().queue(Call.increment("")));
        most = Math.max(most, awaited(replies));
      }
      client.pipeline().flush();
      for (int i = 0; i < count; i++) {
        assertEquals(i, replies.get(i).value());
      }
      assertTrue(most <= 16_384, "most=" + most);
    }
  }

  /** Counted from the back, where those that have not arrived are. */
  private static int awaited(List<PendingReply<Long>> replies) {
    int first =
        java.util.Collections.binarySearch(
            replies, null, (reply, unused) -> reply.isPresent() ? -1 : 1);
    return replies.size() - (-first - 1);
  }
}
