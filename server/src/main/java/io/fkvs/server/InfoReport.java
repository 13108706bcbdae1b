package io.fkvs.server;

import io.fkvs.server.buffer.BufferPool;
import io.fkvs.server.command.RequestCounters;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.server.loop.LoopContext;
import io.fkvs.server.loop.LoopCounters;
import io.fkvs.server.protocol.Figures;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.durable.DurableStatus;
import java.time.Instant;
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
  private final Engine engine;
  private final LoopContext loop;
  private final CycleClock clock;

  InfoReport(Server server, ServerConfig config, Engine engine) {
    this.server = server;
    this.config = config;
    this.engine = engine;
    loop = engine.context();
    clock = loop.clock();
  }

  @Override
  public String get() {
    StringBuilder text = new StringBuilder();
    StoreStatistics statistics = loop.store().statistics();
    server(text);
    clients(text);
    stats(text, statistics);
    memory(text, statistics);
    keyspace(text, statistics);
    if (engine.durable() != null) {
      persistence(text, engine.durable());
    }
    return text.toString();
  }

  /** The figures that a protocol with a listener at a port may tell. */
  Figures figures(int port) {
    LoopCounters counters = loop.counters();
    RequestCounters requests = loop.requestCounters();
    return new Figures(
        Version.text(),
        engine.table(),
        engine.transport().name(),
        port,
        clock.elapsedMs() / 1000,
        loop.clients().count(),
        config.maxClients(),
        counters.connections,
        counters.refusedConnections,
        requests.requests,
        requests.errors,
        requests.hits,
        requests.misses,
        counters.receivedBytes,
        counters.sentBytes,
        counters.sweptKeys,
        config.maxMemoryBytes(),
        config.eviction().policyName(),
        engine.durable() == null ? "" : config.sync().toString(),
        engine.durable() != null && engine.durable().status().isBaseUnderWay());
  }

  private void server(StringBuilder text) {
    section(text, "server");
    line(text, "version", Version.text());
    line(text, "java", Runtime.version().toString());
    line(text, "process_id", ProcessHandle.current().pid());
    line(text, "uptime_seconds", clock.elapsedMs() / 1000);
    line(text, "tcp_port", server.address().getPort());
    server.unixSocket().ifPresent(path -> line(text, "unix_socket", path));
    line(text, "transport", engine.transport().name());
    line(text, "transport_reason", engine.transportReason());
    line(text, "tls", tls());
    line(text, "store", engine.table());
  }

  private String tls() {
    if (!config.isEncrypted()) {
      return "none";
    }
    return config.tlsRules().demandsCertificates() ? "with client certificates" : "on";
  }

  private void clients(StringBuilder text) {
    section(text, "clients");
    LoopCounters counters = loop.counters();
    line(text, "connected_clients", loop.clients().count());
    line(text, "max_clients", config.maxClients());
    line(text, "refused_clients", counters.refusedConnections);
    line(text, "dropped_clients", counters.droppedConnections);
    line(text, "foreign_clients", counters.foreignConnections);
    line(text, "wrong_passwords", counters.wrongPasswords);
    line(text, "failed_tls", counters.failedTls);
  }

  private void stats(StringBuilder text, StoreStatistics statistics) {
    section(text, "stats");
    LoopCounters counters = loop.counters();
    RequestCounters requests = loop.requestCounters();
    line(text, "total_connections", counters.connections);
    line(text, "total_requests", requests.requests);
    line(text, "total_errors", requests.errors);
    line(text, "total_batches", requests.batches);
    line(text, "longest_cycle_us", TimeUnit.NANOSECONDS.toMicros(clock.longestCycleNs()));
    line(
        text,
        "longest_cycle_last_minute_us",
        TimeUnit.NANOSECONDS.toMicros(clock.longestRecentCycleNs()));
    line(text, "received_bytes", counters.receivedBytes);
    line(text, "sent_bytes", counters.sentBytes);
    line(text, "keyspace_hits", requests.hits);
    line(text, "keyspace_misses", requests.misses);
    line(text, "swept_keys", counters.sweptKeys);
    line(text, "evicted_keys", statistics.evictions());
    line(text, "evicted_bytes", statistics.evictedBytes());
  }

  private void memory(StringBuilder text, StoreStatistics statistics) {
    section(text, "memory");
    BufferPool pool = loop.pool();
    line(text, "live_bytes", statistics.liveBytes());
    line(text, "used_bytes", statistics.usedBytes());
    line(text, "reserved_bytes", statistics.reservedBytes());
    line(text, "max_memory_bytes", bound(config.maxMemoryBytes()));
    line(text, "eviction", config.eviction().policyName());
    line(text, "connection_bytes", pool.lentBytes());
    line(text, "pooled_bytes", pool.pooledBytes());
    line(text, "max_client_memory_bytes", pool.maxBytes());
    line(text, "clients_awaiting_memory", loop.shortage().count());
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

  private void persistence(StringBuilder text, DurableEffects durable) {
    section(text, "persistence");
    DurableStatus status = durable.status();
    line(text, "sync", config.sync());
    line(text, "loaded_keys", durable.loadedEntries());
    line(text, "loading_ms", durable.loadingMs());
    line(text, "frames", status.sequence());
    line(text, "durable_frames", status.durableSequence());
    line(text, "backlog_bytes", status.backlogBytes());
    line(text, "log_bytes", status.logBytes());
    line(text, "last_sync_time", time(status.syncTimeMs()));
    line(text, "last_sync_us", TimeUnit.NANOSECONDS.toMicros(status.syncNanos()));
    line(text, "base_bytes", status.baseBytes());
    line(text, "base_time", time(status.baseTimeMs()));
    line(text, "base_under_way", status.isBaseUnderWay());
    line(text, "disk_errors", durable.haveFailed() ? 1 : 0);
  }

  private static Object time(long ms) {
    return ms <= 0 ? "never" : Instant.ofEpochMilli(ms);
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
