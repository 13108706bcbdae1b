package io.fkvs.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.TestServers;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Many clients that send at random: dropped are those, and when, that a model says. */
class IdleTimeoutProperties {
  private static final int CLIENTS = 50;
  private static final int IDLE_MS = 100;

  private static final byte[] HALF = {0, 9, 5, 0, 6};
  private static final byte[] REST = {1, 2, 3, 4, 5, 6};

  /** Held so that the level stays: ten thousand lines say nothing. */
  private static final Logger LOGGER = Logger.getLogger(Clients.class.getName());

  @BeforeContainer
  static void silence() {
    LOGGER.setLevel(Level.WARNING);
  }

  @AfterContainer
  static void speak() {
    LOGGER.setLevel(null);
  }

  /** A client sends a part of a frame, or nobody does, and time passes. */
  record Step(int client, boolean sends, int passMs) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(0, CLIENTS - 1),
            Arbitraries.of(true, true, true, false),
            Arbitraries.integers().between(0, 5))
        .as(Step::new)
        .list()
        .ofMaxSize(300);
  }

  @Property(tries = 200)
  void shouldDropThoseThatSentNothingForTheTimeAndNoOther(@ForAll("steps") List<Step> steps) {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst(), IDLE_MS)) {
      List<ScriptedChannel> channels = new ArrayList<>();
      List<Connection> connections = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        channels.add(new ScriptedChannel());
        connections.add(dispatch.connect(channels.get(i)));
      }
      long[] lastMs = new long[CLIENTS];
      boolean[] isHalf = new boolean[CLIENTS];
      boolean[] isDropped = new boolean[CLIENTS];
      long nowMs = 0;
      for (Step step : steps) {
        int client = step.client();
        if (step.sends() && !isDropped[client]) {
          dispatch.receive(connections.get(client), isHalf[client] ? REST : HALF);
          isHalf[client] = !isHalf[client];
          lastMs[client] = nowMs;
        }
        nowMs += step.passMs();
        dispatch.pass(step.passMs());
        for (int i = 0; i < CLIENTS; i++) {
          isDropped[i] |= nowMs - lastMs[i] >= IDLE_MS;
          assertEquals(isDropped[i], channels.get(i).isClosed(), "client=" + i);
        }
      }
    }
  }
}
