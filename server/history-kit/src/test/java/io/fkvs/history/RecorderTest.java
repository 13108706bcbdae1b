package io.fkvs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.history.Answer.Content;
import io.fkvs.history.Answer.Sum;
import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.Increment;
import io.fkvs.history.Request.Set;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecorderTest {
  private static final Workload WORKLOAD = Workload.defaults().withRequests(1_000);

  /** Adds without the lock: between reading and writing, others may go on. */
  private static final class LosesUpdates extends MapServer {
    @Override
    Answer execute(Request request) {
      if (!(request instanceof Increment(String key, long amount))) {
        return super.execute(request);
      }
      String before = ((Content) super.execute(new Get(key))).value();
      if (before != null && before.contains(";")) {
        return Answer.REFUSED;
      }
      Thread.yield();
      long sum = (before == null ? 0 : Long.parseLong(before)) + amount;
      super.execute(new Set(key, Long.toString(sum)));
      return new Sum(sum);
    }
  }

  @Test
  void shouldRecordEachRequestOfACorrectServer() throws InterruptedException {
    History history = Recorder.record(new MapServer(), WORKLOAD);
    assertEquals(WORKLOAD.clients() * WORKLOAD.requests(), history.operations().size());
    assertEquals(WORKLOAD.keys(), history.byKey().size());
    assertEquals("linearizable", Linearizability.check(history).toString());
  }

  @Test
  void shouldGoOnAsAnotherClientWhereAConnectionIsLost() throws InterruptedException {
    History history = Recorder.record(new FlakyServer(), WORKLOAD);
    List<Operation> unknown = history.operations().stream().filter(Operation::isUnknown).toList();
    assertTrue(unknown.size() > 10, () -> "unknown=" + unknown.size());
    for (Operation lost : unknown) {
      assertTrue(
          history.operations().stream()
              .noneMatch(o -> o.client() == lost.client() && o.call() > lost.call()));
    }
    assertEquals("linearizable", Linearizability.check(history).toString());
  }

  @Test
  void shouldDrawTheSameRequestsWithTheSameSeed() throws InterruptedException {
    assertEquals(requests(5), requests(5));
    assertTrue(!requests(5).equals(requests(6)));
  }

  private static List<Request> requests(long seed) throws InterruptedException {
    Workload alone = WORKLOAD.withClients(1).withSeed(seed).withRequests(50);
    return Recorder.record(new MapServer(), alone).operations().stream()
        .map(Operation::request)
        .toList();
  }

  @Test
  void shouldWriteLongValues() throws InterruptedException {
    Workload workload = WORKLOAD.withLongValueBytes(5_000);
    History history = Recorder.record(new MapServer(), workload);
    assertTrue(
        history.operations().stream()
            .anyMatch(o -> o.request() instanceof Set set && set.value().length() >= 5_000));
    assertEquals("linearizable", Linearizability.check(history).toString());
  }

  @Test
  void shouldCatchLostUpdates() throws InterruptedException {
    Verdict verdict = Linearizability.check(Recorder.record(new LosesUpdates(), WORKLOAD));
    assertTrue(verdict.isViolation(), verdict::toString);
  }

  @Test
  void shouldSayWhereItCannotBegin() {
    Target none =
        client -> {
          throw new IOException("refused");
        };
    String message =
        assertThrows(IllegalStateException.class, () -> Recorder.record(none, WORKLOAD))
            .getMessage();
    assertTrue(message.startsWith("target cannot be reached: target="), message);
    Target mute = client -> new MuteSession();
    message =
        assertThrows(IllegalStateException.class, () -> Recorder.record(mute, WORKLOAD))
            .getMessage();
    assertTrue(message.startsWith("keys cannot be removed: target="), message);
  }

  private record MuteSession() implements Target.Session {
    @Override
    public List<Answer> exchange(List<Request> requests) {
      return requests.stream().map(_ -> Answer.UNKNOWN).toList();
    }

    @Override
    public void close() {}
  }

  @Test
  void shouldRefuseNumbersThatMakeNoSense() {
    Workload workload = Workload.defaults();
    assertThrows(IllegalArgumentException.class, () -> workload.withClients(0));
    assertThrows(IllegalArgumentException.class, () -> workload.withKeys(0));
    assertThrows(IllegalArgumentException.class, () -> workload.withRequests(0));
    assertThrows(IllegalArgumentException.class, () -> workload.withMaxDepth(0));
    assertThrows(IllegalArgumentException.class, () -> workload.withLongValueBytes(-1));
    assertThrows(IllegalArgumentException.class, SocketTarget::of);
  }
}
