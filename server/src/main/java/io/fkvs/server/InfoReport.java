package io.fkvs.server;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.buffer.Shortage;
import io.fkvs.server.command.Counters;
import io.fkvs.server.loop.Clients;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.store.Store;
import io.fkvs.store.StoreStatistics;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The text that answers INFO: sections of {@code name: value} lines. Takes constant time. Belongs
 * to the thread of the event loop.
 */
final class InfoReport implements Supplier<String> {
  private final Server server;
  private final ServerConfig config;
  private final String table;
  private final Transports.Choice transport;
  private final Store store;
  private final BufferPool pool;
  private final Shortage shortage;
  private final Clients clients;
  private final Counters counters;
  private final CycleClock clock;

  InfoReport(
      Server server,
      ServerConfig config,
      String table,
      Transports.Choice transport,
      Store store,
      BufferPool pool,
      Shortage shortage,
      Clients clients,
      Counters counters,
      CycleClock clock) {
    this.server = server;
    this.config = config;
    this.table = table;
    this.transport = transport;
    this.store = store;
    this.pool = pool;
    this.shortage = shortage;
    this.clients = clients;
    this.counters = counters;
    this.clock = clock;
  }

  @Override
  public String get() {
    StringBuilder text = new StringBuilder();
    StoreStatistics statistics = store.statistics();
    server(text);
    clients(text);
    stats(text);
    memory(text, statistics);
    keyspace(text, statistics);
    return text.toString();
  }

  private void server(StringBuilder text) {
    section(text, "server");
    line(text, "version", Version.text());
    line(text, "java", Runtime.version().toString());
    line(text, "process_id", ProcessHandle.current().pid());
    line(text, "uptime_seconds", clock.elapsedMs() / 1000);
    line(text, "tcp_port", server.address().getPort());
    server.unixSocket().ifPresent(path -> line(text, "unix_socket", path));
    line(text, "transport", transport.transport().name());
    line(text, "transport_reason", transport.reason());
    line(text, "store", table);
  }

  private void clients(StringBuilder text) {
    section(text, "clients");
    line(text, "connected_clients", clients.count());
    line(text, "max_clients", clients.maxClients());
    line(text, "refused_clients", counters.refusedConnections);
    line(text, "dropped_clients", counters.droppedConnections);
    line(text, "foreign_clients", counters.foreignConnections);
  }

  private void stats(StringBuilder text) {
    section(text, "stats");
    line(text, "total_connections", counters.connections);
    line(text, "total_requests", counters.requests);
    line(text, "total_errors", counters.errors);
    line(text, "total_batches", counters.batches);
    line(text, "longest_cycle_us", TimeUnit.NANOSECONDS.toMicros(clock.longestCycleNs()));
    line(
        text,
        "longest_cycle_last_minute_us",
        TimeUnit.NANOSECONDS.toMicros(clock.longestRecentCycleNs()));
    line(text, "received_bytes", counters.receivedBytes);
    line(text, "sent_bytes", counters.sentBytes);
    line(text, "keyspace_hits", counters.hits);
    line(text, "keyspace_misses", counters.misses);
    line(text, "swept_keys", counters.sweptKeys);
  }

  private void memory(StringBuilder text, StoreStatistics statistics) {
    section(text, "memory");
    line(text, "live_bytes", statistics.liveBytes());
    line(text, "used_bytes", statistics.usedBytes());
    line(text, "reserved_bytes", statistics.reservedBytes());
    line(text, "max_memory_bytes", bound(config.maxMemoryBytes()));
    line(text, "connection_bytes", pool.lentBytes());
    line(text, "pooled_bytes", pool.pooledBytes());
    line(text, "max_client_memory_bytes", pool.maxBytes());
    line(text, "clients_awaiting_memory", shortage.count());
    Runtime runtime = Runtime.getRuntime();
    line(text, "heap_bytes", runtime.totalMemory() - runtime.freeMemory());
    line(text, "max_heap_bytes", bound(runtime.maxMemory()));
  }

  private void keyspace(StringBuilder text, StoreStatistics statistics) {
    section(text, "keyspace");
    line(text, "keys", statistics.entries());
    line(text, "load", String.format(Locale.ROOT, "%.3f", statistics.load()));
    line(text, "longest_probe", statistics.longestProbe());
    line(text, "largest_move", statistics.largestMove());
    statistics.details().forEach((name, value) -> line(text, name, value));
  }

  private static Object bound(long bytes) {
    return bytes == Long.MAX_VALUE ? "none" : bytes;
  }

  private static void section(StringBuilder text, String name) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append("# ").append(name).append('\n');
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(name).append(": ").append(value).append('\n');
  }
}
