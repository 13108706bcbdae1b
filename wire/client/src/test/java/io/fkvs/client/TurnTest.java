package io.fkvs.client;

import static io.fkvs.client.ScriptedPeer.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fkvs.wire.Command;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** A client that is shared by threads. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TurnTest {
  @Test
  void shouldRefuseASecondThreadWhileOneIsInside() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.GET, "a");
                  asked.countDown();
                  await(refused);
                  p.send(value("1"));
                  p.expect(Command.GET, "b");
                  p.send(value("2"));
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      FutureTask<String> first = new FutureTask<>(() -> client.get("a"));
      Thread.ofPlatform().name("first").daemon().start(first);
      asked.await();

      String caller = Thread.currentThread().getName();
      String message = "client is in use by another thread: user=first, caller=" + caller;
      assertRefused(message, () -> client.get("b"));
      assertRefused(message, () -> client.pipeline().queue(Call.get("b")));
      assertRefused(message, client.pipeline()::flush);
      assertRefused(message, client::isConnected);
      assertRefused(message, client::close);
      refused.countDown();

      assertEquals("1", first.get());
      assertEquals("2", client.get("b"));
    }
  }

  @Test
  void shouldServeThreadsThatComeOneAfterTheOther() throws IOException, InterruptedException {
    try (ScriptedPeer peer =
            ScriptedPeer.tcp(
                p -> {
                  p.expect(Command.GET, "a");
                  p.expect(Command.GET, "b");
                  p.send(value("1"), value("2"));
                });
        FkvsClient client = FkvsClient.connect(peer.address())) {
      PendingReply<String> a = client.pipeline().queue(Call.get("a"));
      FutureTask<String> other = new FutureTask<>(() -> client.get("b"));
      Thread.ofPlatform().daemon().start(other);
      assertEquals("2", get(other));
      assertEquals("1", a.value());
    }
  }

  @Test
  void shouldTellThreadsWithoutANameByTheirNumbers() throws InterruptedException {
    Turn turn = new Turn();
    turn.begin();
    FutureTask<String> other =
        new FutureTask<>(() -> assertThrows(IllegalStateException.class, turn::begin).getMessage());
    Thread thread = Thread.ofVirtual().start(other);
    assertEquals(
        "client is in use by another thread: user="
            + Thread.currentThread().getName()
            + ", caller=#"
            + thread.threadId(),
        get(other));
  }

  @Test
  void shouldEndATurnThatFailed() throws IOException {
    try (ScriptedPeer peer = ScriptedPeer.answering(Command.GET, "k", value("v"));
        FkvsClient client = FkvsClient.connect(peer.address())) {
      String large = "v".repeat(70_000);
      assertThrows(IllegalArgumentException.class, () -> client.set("k", large));
      assertEquals("v", client.get("k"));
    }
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalStateException.class, call).getMessage());
  }

  private static <T> T get(FutureTask<T> task) throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
