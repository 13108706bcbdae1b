package io.fkvs.server;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.command.Effects;
import io.fkvs.server.loop.Admission;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.server.loop.EventLoop;
import io.fkvs.server.loop.LoopContext;
import io.fkvs.server.loop.TimeoutQueue;
import io.fkvs.server.transport.Transport;
import io.fkvs.server.transport.tls.TlsTransport;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import io.fkvs.store.durable.DurableOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * An event loop with the store and the transport that it runs on. The server's own and the one that
 * it rehearses on are opened here, both in the same way. Belongs to the thread of the loop.
 *
 * @param loop the loop, which does not listen anywhere yet
 * @param table the name of its table
 * @param transportReason why its transport is the one that it is
 * @param durable the log behind its store, {@code null} where there is none
 */
record Engine(EventLoop loop, String table, String transportReason, DurableEffects durable)
    implements AutoCloseable {
  /** What, added to a time, rounds it up to whole milliseconds. */
  private static final int NANOS_BELOW_A_MS = 999_999;

  /**
   * Opens a loop.
   *
   * @param admission who may connect
   * @param info writes the text that answers INFO
   * @param guest the protocol with a listener of its own, {@code null} for none
   * @throws IOException if the system has no such transport
   * @throws IllegalArgumentException if no such table is installed or it cannot obey the
   *     configuration
   * @throws io.fkvs.store.durable.DurableException if the data directory is damaged, in use or
   *     cannot be used
   */
  static Engine open(
      ServerConfig config, Admission admission, Supplier<String> info, LoopContext.Guest guest)
      throws IOException {
    String table = config.table().orElseGet(Tables::preferred);
    CycleClock clock = new CycleClock(config.clock(), config.nanoClock());
    BufferPool pool = new BufferPool(config.maxClientMemoryBytes());
    DurableEffects durable = config.isDurable() ? openDurable(config, table, clock) : null;
    Store store = durable == null ? openStore(config, table, clock) : durable.store();
    try {
      Transports.Choice choice = Transports.open(config.transport(), pool);
      Transport transport = encrypted(choice.transport(), config, pool);
      LoopContext.Rules rules =
          new LoopContext.Rules(
              config.maxValueBytes(),
              limitMs(config.idleTimeout()),
              limitMs(config.requestTimeout()),
              admission,
              info,
              config.password(),
              guest);
      Effects effects = durable == null ? Effects.IN_MEMORY : durable;
      LoopContext context = new LoopContext(store, effects, pool, clock, rules);
      if (durable != null) {
        durable.onWakeUp(transport::wakeUp);
      }
      return new Engine(new EventLoop(transport, context), table, choice.reason(), durable);
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private static Transport encrypted(Transport sockets, ServerConfig config, BufferPool pool) {
    return config.tlsRules() == null
        ? sockets
        : new TlsTransport(sockets, config.tlsRules(), pool, config.nanoClock());
  }

  private static Store openStore(ServerConfig config, String table, CycleClock clock) {
    return Tables.open(table, storeConfig(config, clock));
  }

  private static DurableEffects openDurable(ServerConfig config, String table, CycleClock clock) {
    return DurableEffects.open(
        config,
        DurableOptions.defaults()
            .withConfig(storeConfig(config, clock))
            .withProvider(Tables.provider(table)));
  }

  private static StoreConfig storeConfig(ServerConfig config, CycleClock clock) {
    return StoreConfig.defaults()
        .withMaxBytes(config.maxMemoryBytes())
        .withMaxValueBytes(config.maxValueBytes())
        .withEviction(config.eviction())
        .withClock(clock);
  }

  private static long limitMs(Duration time) {
    long ms = time.plusNanos(NANOS_BELOW_A_MS).toMillis();
    return ms == 0 ? TimeoutQueue.NEVER : ms;
  }

  Transport transport() {
    return loop.transport();
  }

  LoopContext context() {
    return loop.context();
  }

  /** Gives back what the loop would, before it has run. */
  @Override
  public void close() {
    transport().close();
    context().store().close();
  }
}
