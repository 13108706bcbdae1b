package io.fkvs.history;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A correct server of which each connection is lost after some exchanges, and cannot be made. */
final class FlakyServer extends MapServer {
  private final AtomicInteger exchanges = new AtomicInteger();
  private final AtomicInteger attempts = new AtomicInteger();

  @Override
  public Session connect(int client) throws IOException {
    if (attempts.incrementAndGet() % 4 == 0) {
      throw new IOException("refused");
    }
    Session session = super.connect(client);
    return new Session() {
      @Override
      public List<Answer> exchange(List<Request> requests) {
        List<Answer> answers = new ArrayList<>(session.exchange(requests));
        if (client > 0 && exchanges.incrementAndGet() % 50 == 0) {
          answers.set(answers.size() - 1, Answer.UNKNOWN);
        }
        return answers;
      }

      @Override
      public void close() {}
    };
  }
}
