package io.fkvs.server.loop;

import static io.fkvs.server.Frames.PING;
import static io.fkvs.server.Frames.concat;
import static io.fkvs.server.Frames.repeat;
import static io.fkvs.server.Frames.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Frames;
import io.fkvs.server.TestServers;
import io.fkvs.server.limits.Limits;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** The phases of a connection: the table of steps, and that no order of events leaves it. */
class ConnectionPhaseProperties {
  private static final Map<Phase, Set<Phase>> STEPS =
      Map.of(
          Phase.OPEN, EnumSet.of(Phase.PEER_ENDED, Phase.ENDING, Phase.CLOSED),
          Phase.PEER_ENDED, EnumSet.of(Phase.CLOSED),
          Phase.ENDING, EnumSet.of(Phase.PEER_ENDED, Phase.LINGERING, Phase.CLOSED),
          Phase.LINGERING, EnumSet.of(Phase.CLOSED),
          Phase.CLOSED, EnumSet.noneOf(Phase.class));

  private static final byte[] LARGE = new byte[60_000];

  /** What may happen to a connection, at any time. */
  enum Event {
    REQUESTS,
    LARGE_REPLIES,
    PART_OF_A_REQUEST,
    FOREIGN_BYTES,
    PEER_STOPS_READING,
    PEER_READS_SOME,
    PEER_READS_ALL,
    PEER_ENDS,
    PEER_BREAKS_OFF,
    SERVER_ENDS,
    SERVER_CLOSES,
    TIME_PASSES,
    CYCLE_ENDS,
    NEXT_CYCLE
  }

  @Example
  void shouldLeadWhereTheTableSays() {
    for (Phase from : Phase.values()) {
      for (Phase to : Phase.values()) {
        assertEquals(STEPS.get(from).contains(to), from.leadsTo(to), from + " to " + to);
      }
    }
  }

  @Example
  void shouldWaitInOneQueueAtATime() {
    assertTrue(Wait.NOTHING.leadsTo(Wait.TURN));
    assertTrue(Wait.MEMORY.leadsTo(Wait.NOTHING));
    assertFalse(Wait.TURN.leadsTo(Wait.MEMORY));
    assertFalse(Wait.NOTHING.leadsTo(Wait.NOTHING));
  }

  @Example
  void shouldHandNothingOverWhileTheChannelHoldsBytes() {
    assertTrue(Sender.State.IDLE.leadsTo(Sender.State.SENDING));
    assertFalse(Sender.State.SENDING.leadsTo(Sender.State.SENDING));
    assertFalse(Sender.State.CLOSED.leadsTo(Sender.State.IDLE));
  }

  /** The assertions of the states are on in tests, so a step that is not allowed fails it. */
  @Property(tries = 500)
  void shouldStayInTheTableWhateverHappens(@ForAll @Size(max = 60) List<Event> events) {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst(), 90_000)) {
      ScriptedChannel channel = new ScriptedChannel();
      Connection connection = dispatch.connect(channel);
      dispatch.receive(connection, request(Frames.SET, new byte[] {'k'}, LARGE));
      boolean hasEnded = false;
      for (Event event : events) {
        Phase before = connection.phase();
        if (before == Phase.CLOSED || (event == Event.PEER_ENDS && hasEnded)) {
          continue;
        }
        hasEnded |= event == Event.PEER_ENDS;
        if (!hasEnded || event.ordinal() >= Event.PEER_STOPS_READING.ordinal()) {
          apply(event, dispatch, channel, connection);
        }
        Phase after = connection.phase();
        assertTrue(isReachable(before, after), before + " to " + after + " by " + event);
        assertEquals(after == Phase.CLOSED, channel.isClosed());
        assertEquals(after == Phase.LINGERING || channel.isFinished(), channel.isFinished());
      }
      dispatch.dispatcher.settle();
      connection.close();
      dispatch.goOn();
      assertEquals(0, dispatch.clients.count());
      assertEquals(0, dispatch.pool.lentBytes(), "a buffer was not given back");
    }
  }

  private static boolean isReachable(Phase from, Phase to) {
    return from == to || STEPS.get(from).stream().anyMatch(step -> isReachable(step, to));
  }

  private static void apply(
      Event event, TestDispatch dispatch, ScriptedChannel channel, Connection connection) {
    switch (event) {
      case REQUESTS -> dispatch.deliver(connection, repeat(request(PING, "x"), 200));
      case LARGE_REPLIES ->
          dispatch.deliver(connection, concat(repeat(request(Frames.GET, "k"), 20)));
      case PART_OF_A_REQUEST -> dispatch.deliver(connection, new byte[] {0, 9, 2});
      case FOREIGN_BYTES -> dispatch.deliver(connection, new byte[] {'G', 'E', 'T', ' ', '/'});
      case PEER_STOPS_READING -> channel.room(0);
      case PEER_READS_SOME -> reads(channel, 1000);
      case PEER_READS_ALL -> reads(channel, Long.MAX_VALUE);
      case PEER_ENDS -> connection.onEnd();
      case PEER_BREAKS_OFF -> channel.breakOff();
      case SERVER_ENDS -> connection.end();
      case SERVER_CLOSES -> connection.close();
      case TIME_PASSES -> dispatch.pass(Limits.STALLED_MS / 2);
      case CYCLE_ENDS -> dispatch.dispatcher.settle();
      case NEXT_CYCLE -> {
        dispatch.dispatcher.settle();
        dispatch.dispatcher.beginCycle();
        dispatch.dispatcher.resume();
        dispatch.dispatcher.settle();
      }
    }
  }

  private static void reads(ScriptedChannel channel, long bytes) {
    channel.room(0);
    channel.grant(bytes);
  }

  @Example
  void shouldRefuseAStepThatIsNotInTheTable() {
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst())) {
      Connection connection = dispatch.connect(new ScriptedChannel());
      connection.close();

      assertThrows(AssertionError.class, () -> connection.enter(Phase.OPEN));
    }
  }
}
