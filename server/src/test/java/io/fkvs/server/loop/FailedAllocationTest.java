package io.fkvs.server.loop;

import static io.fkvs.server.Compacts.SWITCH;
import static io.fkvs.server.Compacts.request;
import static io.fkvs.server.Compacts.set;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.server.Compacts;
import io.fkvs.server.Frames;
import io.fkvs.server.TestServers;
import io.fkvs.server.buffer.Buffer;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.OutOfBuffersException;
import io.fkvs.server.limits.Limits;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The system refuses memory that one client needs: that client goes, the others are served on. */
class FailedAllocationTest {
  private static final int LARGE = 3 << 20;
  private static final byte[] PING = Frames.request(Frames.PING, "x");
  private static final byte[] SET_LARGE = set("k", new byte[LARGE]);

  /** Grants so many buffers, and no more until it is told to. */
  private static final class ScriptedSystem implements IntFunction<Buffer> {
    private int granted = Integer.MAX_VALUE;
    private int asked;

    @Override
    public Buffer apply(int capacityBytes) {
      asked++;
      if (granted == 0) {
        throw new OutOfMemoryError("scripted");
      }
      granted--;
      return new Buffer(capacityBytes);
    }
  }

  /** What a client does that needs memory. */
  private enum Need {
    HALF_A_SMALL_REQUEST {
      @Override
      void run(TestDispatch dispatch, Connection connection) {
        dispatch.receive(connection, new byte[] {2, 10, 'k'});
      }
    },
    HALF_A_LARGE_REQUEST {
      @Override
      void run(TestDispatch dispatch, Connection connection) {
        for (int i = 0; i < LARGE; i += LARGE / 8) {
          dispatch.receive(connection, Arrays.copyOfRange(SET_LARGE, i, i + LARGE / 8));
        }
      }
    },
    SMALL_REPLY {
      @Override
      void run(TestDispatch dispatch, Connection connection) {
        dispatch.receive(connection, request(Frames.PING, new byte[0][]));
      }
    },
    LARGE_REPLY {
      @Override
      void run(TestDispatch dispatch, Connection connection) {
        dispatch.receive(connection, Frames.repeat(request(Frames.GET, "large"), 3));
      }
    },
    ECHO {
      @Override
      void run(TestDispatch dispatch, Connection connection) {
        dispatch.receive(connection, request(Compacts.ECHO, new byte[LARGE]));
      }
    },
    PAGE_OF_KEYS {
      @Override
      void run(TestDispatch dispatch, Connection connection) {
        dispatch.receive(connection, Compacts.scan(0, Limits.SCAN_KEYS));
      }
    },
    INFO {
      @Override
      void run(TestDispatch dispatch, Connection connection) {
        dispatch.receive(connection, request(Frames.INFO, new byte[0][]));
      }
    };

    abstract void run(TestDispatch dispatch, Connection connection);
  }

  private static BufferPool pool(IntFunction<Buffer> system) {
    return new BufferPool(TestDispatch.MAX_CLIENT_BYTES, system);
  }

  /** Whichever of the buffers is refused that the client needs. */
  @ParameterizedTest
  @EnumSource
  void shouldDropTheClientAloneWhenAnyBufferIsRefused(Need need) {
    int refused = 0;
    while (isDroppedWithout(need, refused)) {
      refused++;
    }
    assertTrue(refused > 0, "need took no memory");
  }

  /** Grants so many buffers, and says whether the client was dropped for want of one more. */
  private static boolean isDroppedWithout(Need need, int buffers) {
    ScriptedSystem system = new ScriptedSystem();
    try (TestDispatch dispatch = new TestDispatch(TestServers.tables().getFirst(), pool(system))) {
      dispatch.store.put(Frames.ascii("large"), new byte[LARGE]);
      ScriptedChannel channel = new ScriptedChannel();
      ScriptedChannel otherChannel = new ScriptedChannel();
      Connection connection = dispatch.connect(channel);
      Connection other = dispatch.connect(otherChannel);
      dispatch.receive(connection, SWITCH);
      dispatch.receive(other, PING);
      dispatch.pool.close();
      channel.room(0);
      system.granted = buffers;
      system.asked = 0;
      need.run(dispatch, connection);
      dispatch.goOn();
      boolean wasRefused = system.asked > buffers;
      system.granted = Integer.MAX_VALUE;

      assertEquals(wasRefused, channel.isClosed());
      assertEquals(wasRefused ? 1 : 0, dispatch.counters.droppedConnections);
      dispatch.receive(other, PING);
      assertArrayEquals(Frames.repeat(PING, 2), otherChannel.sent());
      assertFalse(otherChannel.isClosed());
      if (wasRefused) {
        assertEquals(0, dispatch.pool.lentBytes());
      }
      return wasRefused;
    }
  }

  @Test
  void shouldCountNothingAsLentWhenTheSystemRefuses() {
    ScriptedSystem system = new ScriptedSystem();
    system.granted = 0;
    BufferPool pool = pool(system);

    OutOfBuffersException refusal = assertThrows(OutOfBuffersException.class, () -> pool.take(100));

    assertEquals(
        "system refuses memory: wantedBytes=16384, usedBytes=0, cause=scripted",
        refusal.getMessage());
    assertEquals(0, pool.lentBytes());
    assertEquals(0, pool.pooledBytes());
  }

  /** Amid a batch of several clients. */
  @ParameterizedTest
  @MethodSource("io.fkvs.server.TestServers#tables")
  void shouldServeTheOthersOfTheBatchWhenOneFindsNoMemory(String table) {
    ScriptedSystem system = new ScriptedSystem();
    try (TestDispatch dispatch = new TestDispatch(table, pool(system))) {
      dispatch.store.put(Frames.ascii("large"), new byte[LARGE]);
      ScriptedChannel channel = new ScriptedChannel();
      ScriptedChannel otherChannel = new ScriptedChannel();
      Connection connection = dispatch.connect(channel);
      Connection other = dispatch.connect(otherChannel);
      dispatch.receive(connection, SWITCH);
      system.granted = 1;
      dispatch.deliver(connection, request(Frames.GET, "large"));
      dispatch.deliver(other, Frames.repeat(PING, 3));
      dispatch.dispatcher.settle();

      assertTrue(channel.isClosed());
      assertArrayEquals(Frames.repeat(PING, 3), otherChannel.sent());
      assertEquals(0, dispatch.pool.lentBytes());
    }
  }
}
