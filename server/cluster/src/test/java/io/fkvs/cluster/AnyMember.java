package io.fkvs.cluster;

import io.fkvs.history.Answer;
import io.fkvs.history.Request;
import io.fkvs.history.SocketTarget;
import io.fkvs.history.Target;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The members as clients see them that go to another one when theirs does not answer. */
final class AnyMember implements Target {
  private static final int TRIES = 200_000;

  /** How long who was refused waits before the next request. */
  private static final long PAUSE_MS = 300;

  private final SocketTarget members;
  private final AtomicLong answered = new AtomicLong();
  private final CountDownLatch end = new CountDownLatch(1);

  AnyMember(Members members) {
    this.members = new SocketTarget(members.addresses(), Members.config());
  }

  /** How many requests have been answered. */
  long answered() {
    return answered.get();
  }

  /** Nobody is asked any more. */
  void end() {
    end.countDown();
  }

  private boolean hasEnded() {
    return end.getCount() == 0;
  }

  /** As clients do that were refused: when nobody answers, few requests fail. */
  private void pause() {
    try {
      end.await(PAUSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Session connect(int client) throws IOException {
    IOException failure = new IOException("nobody is asked any more");
    for (int i = 0; i < TRIES && !hasEnded(); i++) {
      try {
        return new Counted(members.connect(client + i));
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private final class Counted implements Session {
    private final Session session;

    Counted(Session session) {
      this.session = session;
    }

    @Override
    public List<Answer> exchange(List<Request> requests) {
      if (hasEnded()) {
        return Collections.nCopies(requests.size(), Answer.UNKNOWN);
      }
      List<Answer> answers = session.exchange(requests);
      long known = answers.stream().filter(answer -> answer != Answer.UNKNOWN).count();
      answered.addAndGet(known);
      if (known < answers.size()) {
        pause();
      }
      return answers;
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
