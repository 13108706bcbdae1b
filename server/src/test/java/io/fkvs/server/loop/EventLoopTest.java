package io.fkvs.server.loop;

import static io.fkvs.server.loop.TimeoutQueue.NEVER;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Frames;
import io.fkvs.server.TestServers;
import io.fkvs.server.limits.Limits;
import io.fkvs.server.transport.Transport;
import io.fkvs.store.Store;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The duty cycle, on a transport that the test controls. */
class EventLoopTest {
  /** Does what the test queued, one step a poll, and remembers how long it was told to wait. */
  private static final class ScriptedTransport implements Transport {
    private final Queue<Step> steps = new ArrayDeque<>();
    private final List<Long> timeoutsMs = new ArrayList<>();
    private boolean isClosed;

    interface Step {
      int run() throws IOException;
    }

    @Override
    public void listener(Listener listener) {}

    @Override
    public SocketAddress listen(SocketAddress address, int listener) {
      return address;
    }

    @Override
    public void dealTo(Supplier<Transport> next) {}

    @Override
    public int poll(long timeoutMs) throws IOException {
      timeoutsMs.add(timeoutMs);
      Step step = steps.poll();
      return step == null ? 0 : step.run();
    }

    @Override
    public void stopAccepting() {}

    @Override
    public void wakeUp() {}

    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private final TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst());
  private final ScriptedTransport transport = new ScriptedTransport();
  private final EventLoop loop = new EventLoop(transport, dispatch.context);

  @AfterEach
  void close() {
    loop.onClose();
  }

  @Test
  void shouldSleepOnlyWhenTheLastCycleHadNothingToDo() {
    transport.steps.add(() -> 1);

    loop.doWork();
    loop.doWork();
    loop.doWork();

    assertEquals(List.of(Limits.TICK_MS, 0L, Limits.TICK_MS), transport.timeoutsMs);
  }

  @Test
  void shouldNotSleepWhileRequestsAreHeldBack() {
    ScriptedChannel channel = new ScriptedChannel();
    byte[] large = new byte[60_000];
    transport.steps.add(
        () -> {
          channel.handler(loop.onAccepted(channel));
          channel.receive(Frames.request(Frames.SET, new byte[] {'k'}, large));
          channel.receive(Frames.repeat(Frames.request(Frames.GET, "k"), 20));
          return 1;
        });

    loop.doWork();
    assertTrue(dispatch.dispatcher.hasHeldBack());
    while (dispatch.dispatcher.hasHeldBack()) {
      loop.doWork();
    }

    assertEquals(0L, transport.timeoutsMs.getLast());
    assertArrayEquals(Frames.repeat(Frames.value(large), 21), channel.sent());
  }

  @Test
  void shouldReadTheClockAfterTheSleepAndOnce() {
    ScriptedChannel channel = new ScriptedChannel();
    transport.steps.add(
        () -> {
          dispatch.source.advance(500);
          loop.onEvents();
          dispatch.source.advance(500);
          channel.handler(loop.onAccepted(channel));
          return 1;
        });
    long beforeMs = dispatch.clock.millis();

    loop.doWork();

    assertEquals(beforeMs + 500, dispatch.clock.millis());
  }

  @Test
  void shouldTellTheLongestCycleWithoutItsSleep() {
    for (long workNs : new long[] {3_000, 7_000, 5_000}) {
      transport.steps.add(
          () -> {
            dispatch.source.advanceNs(1_000_000);
            loop.onEvents();
            dispatch.source.advanceNs(workNs);
            return 1;
          });
      loop.doWork();
    }

    assertEquals(7_000, dispatch.clock.longestCycleNs());
    assertEquals(7_000, dispatch.clock.longestRecentCycleNs());

    dispatch.source.advance(60_000);
    loop.doWork();

    assertEquals(7_000, dispatch.clock.longestCycleNs());
    assertEquals(0, dispatch.clock.longestRecentCycleNs());
  }

  @Test
  void shouldDropTheIdleClientWhenOnlyTheSleepEnds() {
    try (TestDispatch limited = new TestDispatch(TestServers.tables().getFirst(), 1000)) {
      ScriptedTransport quiet = new ScriptedTransport();
      EventLoop limitedLoop = new EventLoop(quiet, limited.context);
      ScriptedChannel channel = new ScriptedChannel();
      channel.handler(limitedLoop.onAccepted(channel));
      limited.source.advance(999);
      limitedLoop.doWork();
      assertFalse(channel.isClosed());
      limited.source.advance(1);

      limitedLoop.doWork();

      assertTrue(channel.isClosed());
      assertEquals(List.of(Limits.TICK_MS, Limits.TICK_MS), quiet.timeoutsMs);
    }
  }

  /** A client that finds no memory on the heap takes no place from those who come later. */
  @Test
  void shouldKeepThePlaceOfAClientThatCannotBeConnected() {
    TestDispatch one = new TestDispatch(TestServers.tables().getFirst(), 1, NEVER, NEVER);
    EventLoop loop = new EventLoop(new ScriptedTransport(), one.context);
    for (int i = 0; i < 3; i++) {
      assertThrows(OutOfMemoryError.class, () -> loop.onAccepted(new ScriptedChannel(false, true)));
    }
    assertNotNull(loop.onAccepted(new ScriptedChannel(false)));
    assertNull(loop.onAccepted(new ScriptedChannel(false)));
    loop.onClose();
  }

  @Test
  void shouldEndWhenAskedTo() {
    loop.stop();

    assertThrows(AgentTerminationException.class, loop::doWork);
    assertFalse(loop.hasFailed());
  }

  @Test
  void shouldEndAndSayThatItFailedWhenTheTransportFails() {
    transport.steps.add(
        () -> {
          throw new IOException("the system refuses");
        });

    assertThrows(AgentTerminationException.class, loop::doWork);
    assertTrue(loop.hasFailed());
  }

  @Test
  void shouldGiveEverythingBackWhenClosed() {
    ScriptedChannel channel = new ScriptedChannel();
    channel.handler(loop.onAccepted(channel));
    Store store = dispatch.store;

    loop.onClose();

    assertTrue(channel.isClosed());
    assertTrue(transport.isClosed);
    assertTrue(store.isClosed());
    assertEquals(0, dispatch.pool.lentBytes());
  }
}
