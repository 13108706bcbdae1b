package io.fkvs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.Set;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OrderTest {
  /** A server that does something else with the requests of a client. */
  private abstract static class Changed extends MapServer {
    abstract List<Answer> exchange(Session session, List<Request> requests);

    @Override
    public final Session connect(int client) throws IOException {
      Session session = super.connect(client);
      return new Session() {
        @Override
        public List<Answer> exchange(List<Request> requests) {
          return Changed.this.exchange(session, requests);
        }

        @Override
        public void close() {}
      };
    }
  }

  /** Carries out the second key of a pipeline first. */
  private static final class Reorders extends Changed {
    @Override
    List<Answer> exchange(Session session, List<Request> requests) {
      if (requests.getFirst() instanceof Set) {
        session.exchange(requests.reversed());
      }
      return session.exchange(requests);
    }
  }

  /** Lets the writers go on to their end only when a reader has found something. */
  private static final class AwaitsReader extends Changed {
    private final CountDownLatch found = new CountDownLatch(1);
    private final AtomicInteger writes = new AtomicInteger();

    @Override
    List<Answer> exchange(Session session, List<Request> requests) {
      List<Answer> answers = session.exchange(requests);
      if (requests.getFirst() instanceof Set) {
        awaitReader();
      } else if (requests.getFirst() instanceof Get
          && answers.stream().anyMatch(answer -> OrderReport.version(answer) > 0)) {
        found.countDown();
      }
      return answers;
    }

    private void awaitReader() {
      try {
        if (writes.incrementAndGet() > 100) {
          found.await();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Answers what it read before it wrote. */
  private static final class ReadsAhead extends Changed {
    @Override
    List<Answer> exchange(Session session, List<Request> requests) {
      if (!(requests.getLast() instanceof Get)) {
        return session.exchange(requests);
      }
      List<Answer> ahead = session.exchange(List.of(requests.getLast()));
      Thread.yield();
      List<Answer> first = session.exchange(List.of(requests.getFirst()));
      return List.of(first.getFirst(), ahead.getFirst());
    }
  }

  @Test
  void shouldFindACorrectServerInOrder() throws InterruptedException {
    OrderCheck check = OrderCheck.defaults();
    OrderReport report = check.run(new AwaitsReader());
    assertEquals(List.of(), report.faults());
    assertEquals(2_000, report.writes());
    assertTrue(report.changes() > 0);
    assertTrue(check.run(new FlakyServer()).isInOrder());
  }

  @Test
  void shouldCatchWritesThatBecomeVisibleInAnotherOrder() throws InterruptedException {
    OrderCheck check = OrderCheck.defaults().withPairs(1).withClients(1, 4).withMaxDepth(1);
    OrderReport report = check.withVersions(20_000).run(new Reorders());
    assertTrue(report.faults().getFirst().startsWith("a is older than b: reader="));
  }

  @Test
  void shouldFindACorrectServerAsNewAsItsWrites() throws InterruptedException {
    OrderReport report = CrossingCheck.run(new MapServer(), "cross:", 3, 2_000);
    assertEquals(List.of(), report.faults());
    assertEquals(12_000, report.writes());
    assertTrue(report.changes() > 0);
    assertTrue(CrossingCheck.run(new FlakyServer(), "cross:", 3, 200).isInOrder());
  }

  @Test
  void shouldCatchReadingsThatAreOlderThanTheWritesBeforeThem() throws InterruptedException {
    OrderReport report = CrossingCheck.run(new ReadsAhead(), "cross:", 2, 20_000);
    assertTrue(report.faults().getFirst().startsWith("both read the past: client="));
    assertEquals(OrderReport.MAX_FAULTS, report.faults().size());
  }

  @Test
  void shouldSayWhereItCannotBegin() {
    Target none =
        client -> {
          throw new IOException("refused");
        };
    String message =
        assertThrows(IllegalStateException.class, () -> OrderCheck.defaults().run(none))
            .getMessage();
    assertTrue(message.startsWith("target cannot be reached: target="), message);
  }

  @Test
  void shouldRefuseNumbersThatMakeNoSense() {
    OrderCheck check = OrderCheck.defaults();
    assertThrows(IllegalArgumentException.class, () -> check.withPairs(0));
    assertThrows(IllegalArgumentException.class, () -> check.withVersions(0));
    assertThrows(IllegalArgumentException.class, () -> check.withMaxDepth(0));
    assertThrows(IllegalArgumentException.class, () -> check.withClients(0, 1));
    assertThrows(IllegalArgumentException.class, () -> check.withClients(1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> CrossingCheck.run(new MapServer(), "cross:", 0, 1));
  }
}
