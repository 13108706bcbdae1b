package io.fkvs.server.broken;

import io.fkvs.server.ServerConfig;
import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.server.loop.EventLoop;
import io.fkvs.server.loop.LimitedAdmission;
import io.fkvs.server.loop.LoopContext;
import io.fkvs.server.loop.TimeoutQueue;
import io.fkvs.server.transport.Sockets;
import io.fkvs.server.transport.Transport;
import io.fkvs.server.transport.nio.NioTransport;
import io.fkvs.store.ConcurrentStore;
import io.fkvs.store.Store;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NoOpIdleStrategy;

/** Event loops, each with an address of its own, over one store. */
final class SharedLoops implements AutoCloseable {
  private final ConcurrentStore shared = ConcurrentStore.open();
  private final List<EventLoop> loops = new ArrayList<>();
  private final List<AgentRunner> runners = new ArrayList<>();
  private final List<SocketAddress> addresses = new ArrayList<>();

  /**
   * Starts loops.
   *
   * @param face makes what a loop sees of the store, out of a face that is correct
   */
  SharedLoops(int count, UnaryOperator<Store> face) throws IOException {
    for (int i = 0; i < count; i++) {
      start(face.apply(new LoopFace(shared)));
    }
  }

  private void start(Store store) throws IOException {
    BufferPool pool = new BufferPool(ServerConfig.DEFAULT_MAX_CLIENT_MEMORY_BYTES);
    Transport transport = new NioTransport(pool);
    LoopContext.Rules rules =
        new LoopContext.Rules(
            ServerConfig.DEFAULT_MAX_VALUE_BYTES,
            TimeoutQueue.NEVER,
            TimeoutQueue.NEVER,
            new LimitedAdmission(ServerConfig.DEFAULT_MAX_CLIENTS),
            () -> "",
            null);
    CycleClock clock = new CycleClock(InstantSource.system(), System::nanoTime);
    EventLoop loop = new EventLoop(transport, new LoopContext(store, pool, clock, rules));
    addresses.add(Sockets.listen(transport, "127.0.0.1", 0));
    AgentRunner runner =
        new AgentRunner(NoOpIdleStrategy.INSTANCE, Throwable::printStackTrace, null, loop);
    loops.add(loop);
    runners.add(runner);
    AgentRunner.startOnThread(runner);
  }

  List<SocketAddress> addresses() {
    return List.copyOf(addresses);
  }

  @Override
  public void close() {
    loops.forEach(EventLoop::stop);
    runners.forEach(AgentRunner::close);
    shared.close();
  }
}
