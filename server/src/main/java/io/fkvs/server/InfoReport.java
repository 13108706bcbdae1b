package io.fkvs.server;

import io.fkvs.server.command.Agreement;
import io.fkvs.server.command.RequestCounters;
import io.fkvs.server.loop.CycleClock;
import io.fkvs.server.loop.LoopCounters;
import io.fkvs.server.protocol.Figures;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.durable.DurableStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The text that answers INFO: sections of {@code name: value} lines. Takes time proportional to the
 * number of loops and shards. Belongs to the loop that is alone.
 */
final class InfoReport implements Supplier<String> {
  private final Server server;
  private final ServerConfig config;
  private final Engine engine;
  private final CycleClock clock;

  InfoReport(Server server, ServerConfig config, Engine engine) {
    this.server = server;
    this.config = config;
    this.engine = engine;
    clock = engine.loop().context().clock();
  }

  @Override
  public String get() {
    StringBuilder text = new StringBuilder();
    StoreStatistics statistics = engine.loop().context().store().statistics();
    Totals totals = new Totals(engine.contexts());
    server(text);
    clients(text, totals);
    stats(text, totals, statistics);
    memory(text, totals, statistics);
    keyspace(text, statistics);
    if (engine.persistence() != null) {
      persistence(text, engine.persistence());
    }
    engine.loop().context().agreement().status().ifPresent(status -> cluster(text, status));
    return text.toString();
  }

  /** The figures that a protocol with a listener at a port may tell. */
  Figures figures(int port) {
    Totals totals = new Totals(engine.contexts());
    LoopCounters counters = totals.counters;
    RequestCounters requests = totals.requests;
    Persistence persistence = engine.persistence();
    return new Figures(
        Version.text(),
        engine.table(),
        engine.transport().name(),
        port,
        clock.elapsedMs() / 1000,
        totals.clients(),
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
        persistence == null ? "" : config.sync().toString(),
        persistence != null && persistence.status().isBaseUnderWay());
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
    line(text, "threads", engine.loops().size());
    line(text, "tls", tls());
    line(text, "store", engine.table());
  }

  private String tls() {
    if (!config.isEncrypted()) {
      return "none";
    }
    return config.tlsRules().demandsCertificates() ? "with client certificates" : "on";
  }

  private void clients(StringBuilder text, Totals totals) {
    section(text, "clients");
    LoopCounters counters = totals.counters;
    line(text, "connected_clients", totals.clients());
    line(text, "max_clients", config.maxClients());
    line(text, "refused_clients", counters.refusedConnections);
    line(text, "dropped_clients", counters.droppedConnections);
    line(text, "foreign_clients", counters.foreignConnections);
    line(text, "wrong_passwords", counters.wrongPasswords);
    line(text, "failed_tls", counters.failedTls);
  }

  private void stats(StringBuilder text, Totals totals, StoreStatistics statistics) {
    section(text, "stats");
    LoopCounters counters = totals.counters;
    RequestCounters requests = totals.requests;
    line(text, "total_connections", counters.connections);
    line(text, "total_requests", requests.requests);
    line(text, "total_errors", requests.errors);
    line(text, "total_batches", requests.batches);
    line(text, "longest_cycle_us", TimeUnit.NANOSECONDS.toMicros(totals.longestCycleNs()));
    line(
        text,
        "longest_cycle_last_minute_us",
        TimeUnit.NANOSECONDS.toMicros(totals.longestRecentCycleNs()));
    line(text, "received_bytes", counters.receivedBytes);
    line(text, "sent_bytes", counters.sentBytes);
    line(text, "keyspace_hits", requests.hits);
    line(text, "keyspace_misses", requests.misses);
    line(text, "swept_keys", counters.sweptKeys);
    line(text, "evicted_keys", statistics.evictions());
    line(text, "evicted_bytes", statistics.evictedBytes());
  }

  private void memory(StringBuilder text, Totals totals, StoreStatistics statistics) {
    section(text, "memory");
    line(text, "live_bytes", statistics.liveBytes());
    line(text, "used_bytes", statistics.usedBytes());
    line(text, "reserved_bytes", statistics.reservedBytes());
    line(text, "max_memory_bytes", bound(config.maxMemoryBytes()));
    line(text, "eviction", config.eviction().policyName());
    line(text, "connection_bytes", totals.lentBytes());
    line(text, "pooled_bytes", totals.pooledBytes());
    line(text, "max_client_memory_bytes", totals.maxClientBytes());
    line(text, "clients_awaiting_memory", totals.clientsAwaitingMemory());
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

  private void persistence(StringBuilder text, Persistence durable) {
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

  private void cluster(StringBuilder text, Agreement.Status status) {
    section(text, "cluster");
    line(text, "members", status.members());
    line(text, "member", status.member());
    line(text, "leader", status.leader() < 0 ? "none" : status.leader());
    line(text, "has_majority", status.hasMajority());
    line(text, "index", status.index());
    line(text, "rounds", status.rounds());
    line(text, "state_hash", Long.toHexString(status.hash()));
    line(text, "store_time", time(status.timeMs()));
    line(text, "reads", config.replication().orElseThrow().readsLocal() ? "local" : "linearizable");
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
