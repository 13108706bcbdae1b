package io.fkvs.server.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What other threads want to be done or read on the thread of an event loop. */
final class Questions {
  private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();

  /** Adds one. Any thread. */
  void ask(Runnable question) {
    asked.add(question);
  }

  boolean areNone() {
    return asked.isEmpty();
  }

  /** Runs those that were asked, on the thread of the event loop; answers how many. */
  int answer() {
    int count = 0;
    for (Runnable question = asked.poll(); question != null; question = asked.poll()) {
      question.run();
      count++;
    }
    return count;
  }
}
