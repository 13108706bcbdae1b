package io.fkvs.cluster;

import io.fkvs.history.Answer;
import io.fkvs.history.Request;
import io.fkvs.history.SocketTarget;
import io.fkvs.history.Target;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The members as clients see them that go to another one when theirs does not answer. */
final class AnyMember implements Target {
  private static final int TRIES = 200_000;

  private final SocketTarget members;
  private final AtomicLong answered = new AtomicLong();

  AnyMember(Members members) {
    this.members = new SocketTarget(members.addresses(), Members.config());
  }

  /** How many requests have been answered. */
  long answered() {
    return answered.get();
  }

  @Override
  public Session connect(int client) throws IOException {
    IOException failure = null;
    for (int i = 0; i < TRIES; i++) {
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
      List<Answer> answers = session.exchange(requests);
      answered.addAndGet(answers.stream().filter(answer -> answer != Answer.UNKNOWN).count());
      return answers;
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
