package io.fkvs.server;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.loop.Admission;
import io.fkvs.server.loop.EventLoop;
import io.fkvs.server.loop.LoopContext;
import io.fkvs.server.loop.TimeoutQueue;
import io.fkvs.server.transport.Transport;
import io.fkvs.server.transport.tls.TlsTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Event loops with the store and the transports that they run on. The server's own and the one that
 * it rehearses on are opened here, in the same way. The first loop is the one that listens.
 *
 * @param loops the loops, which do not listen anywhere yet
 * @param sockets the transport of each that has its sockets
 * @param table the name of the table
 * @param transportReason why the transports are what they are
 * @param keyspace the keys that they work on
 */
record Engine(
    List<EventLoop> loops,
    List<Transport> sockets,
    String table,
    String transportReason,
    Keyspace keyspace)
    implements AutoCloseable {
  /** What, added to a time, rounds it up to whole milliseconds. */
  private static final int NANOS_BELOW_A_MS = 999_999;

  /**
   * Opens loops.
   *
   * @param count how many
   * @param admissions who may connect to each
   * @param info writes the text that answers INFO
   * @param guest the protocol with a listener of its own, {@code null} for none
   * @throws IOException if the system has no such transport
   * @throws IllegalArgumentException if no such table is installed or it cannot obey the
   *     configuration
   * @throws io.fkvs.store.durable.DurableException if the data directory is damaged, in use or
   *     cannot be used
   */
  static Engine open(
      ServerConfig config,
      int count,
      IntFunction<Admission> admissions,
      Supplier<String> info,
      LoopContext.Guest guest)
      throws IOException {
    String table = config.table().orElseGet(Tables::preferred);
    Keyspace keyspace = Keyspace.open(config, table, count);
    List<EventLoop> loops = new ArrayList<>();
    List<Transport> sockets = new ArrayList<>();
    try {
      String reason = "";
      for (int i = 0; i < count; i++) {
        BufferPool pool = new BufferPool(config.maxClientMemoryBytesEach());
        Transports.Choice choice = Transports.open(config.transport(), pool);
        Transport transport = encrypted(choice.transport(), config, pool);
        LoopContext.Rules rules =
            new LoopContext.Rules(
                config.maxValueBytes(),
                limitMs(config.idleTimeout()),
                limitMs(config.requestTimeout()),
                admissions.apply(i),
                info,
                config.password(),
                guest);
        Keyspace.Seat seat = keyspace.newSeat();
        seat.onWakeUp(transport::wakeUp);
        sockets.add(choice.transport());
        loops.add(new EventLoop(transport, context(seat, pool, rules)));
        reason = choice.reason();
      }
      return new Engine(loops, sockets, table, reason, keyspace);
    } catch (IOException | RuntimeException e) {
      loops.forEach(loop -> loop.transport().close());
      keyspace.close();
      throw e;
    }
  }

  private static LoopContext context(Keyspace.Seat seat, BufferPool pool, LoopContext.Rules rules) {
    return new LoopContext(
        seat.store(), seat.effects(), seat.sharing(), seat.agreement(), pool, seat.clock(), rules);
  }

  private static Transport encrypted(Transport sockets, ServerConfig config, BufferPool pool) {
    return config.tlsRules() == null
        ? sockets
        : new TlsTransport(sockets, config.tlsRules(), pool, config.nanoClock());
  }

  private static long limitMs(Duration time) {
    long ms = time.plusNanos(NANOS_BELOW_A_MS).toMillis();
    return ms == 0 ? TimeoutQueue.NEVER : ms;
  }

  /** Lets the clients that come be served by all loops, each by one. */
  void deal(IntSupplier chooser) {
    if (loops.size() > 1) {
      transport().dealTo(() -> sockets.get(chooser.getAsInt()));
    }
  }

  /** The first loop. */
  EventLoop loop() {
    return loops.getFirst();
  }

  /** The transport of the first loop. */
  Transport transport() {
    return loop().transport();
  }

  /** What all loops work with. Who is not alone may only read what never changes. */
  List<LoopContext> contexts() {
    return loops.stream().map(EventLoop::context).toList();
  }

  /** The log behind the keys, {@code null} where memory alone holds them. */
  Persistence persistence() {
    return keyspace.persistence();
  }

  /** Gives back what the loops would, before they have run. */
  @Override
  public void close() {
    loops.forEach(loop -> loop.transport().close());
    keyspace.close();
  }
}
