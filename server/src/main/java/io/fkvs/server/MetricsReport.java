package io.fkvs.server;

import static io.fkvs.server.metrics.Metric.Kind.COUNTER;
import static io.fkvs.server.metrics.Metric.Kind.GAUGE;
import static io.fkvs.server.metrics.Metric.Kind.HISTOGRAM;

import io.fkvs.server.command.Agreement;
import io.fkvs.server.command.CommandFamily;
import io.fkvs.server.command.Latencies;
import io.fkvs.server.command.RequestCounters;
import io.fkvs.server.loop.EventLoop;
import io.fkvs.server.loop.LoopCounters;
import io.fkvs.server.metrics.Metric;
import io.fkvs.server.metrics.MetricsServer;
import io.fkvs.store.StoreStatistics;
import io.fkvs.store.durable.DurableStatus;
import io.fkvs.wire.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The figures of a server. Whoever wants them asks the event loop, which reads them all between two
 * cycles while no other loop works: so they belong together, and a loop that does not move is
 * noticed. Any thread.
 */
final class MetricsReport implements MetricsServer.Source {
  private static final double NS_PER_SECOND = 1e9;
  private static final double MS_PER_SECOND = 1e3;

  private final ServerConfig config;
  private final Engine engine;
  private final EventLoop eventLoop;
  private final long patienceMs;

  /**
   * Creates a report.
   *
   * @param patienceMs how long to wait for the event loop
   */
  MetricsReport(ServerConfig config, Engine engine, long patienceMs) {
    this.config = config;
    this.engine = engine;
    this.patienceMs = patienceMs;
    eventLoop = engine.loop();
  }

  @Override
  public boolean isReady() {
    return engine.loops().stream().allMatch(EventLoop::isServing)
        && eventLoop.context().agreement().hasMajority();
  }

  @Override
  public Optional<List<Metric>> read() {
    CompletableFuture<List<Metric>> answer = new CompletableFuture<>();
    eventLoop.ask(() -> answer(answer));
    try {
      return Optional.of(answer.get(patienceMs, TimeUnit.MILLISECONDS));
    } catch (TimeoutException | ExecutionException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  // ---- on the thread of the event loop

  /** What goes wrong here must not stop the event loop. */
  private void answer(CompletableFuture<List<Metric>> asked) {
    try {
      asked.complete(metrics());
    } catch (RuntimeException e) {
      asked.completeExceptionally(e);
    }
  }

  private List<Metric> metrics() {
    List<Metric> all = new ArrayList<>();
    Totals totals = new Totals(engine.contexts());
    server(all, totals);
    clients(all, totals);
    requests(all, totals);
    memory(all, totals);
    if (engine.persistence() != null) {
      persistence(all, engine.persistence());
    }
    eventLoop.context().agreement().status().ifPresent(status -> cluster(all, status));
    return all;
  }

  private void server(List<Metric> all, Totals totals) {
    all.add(
        gauge("fkvs_info", "What runs, in labels; always 1.")
            .with(
                labels("version", Version.text())
                    + ","
                    + labels("transport", engine.transport().name())
                    + ","
                    + labels("store", engine.table()),
                1));
    all.add(
        gauge("fkvs_uptime_seconds", "Since the server opened.")
            .with(eventLoop.context().clock().elapsedMs() / 1000.0));
    all.add(
        gauge("fkvs_longest_cycle_seconds", "The most that the event loop worked at once.")
            .with(labels("over", "last_minute"), totals.longestRecentCycleNs() / NS_PER_SECOND)
            .with(labels("over", "uptime"), totals.longestCycleNs() / NS_PER_SECOND));
  }

  private static void cluster(List<Metric> all, Agreement.Status status) {
    all.add(gauge("fkvs_cluster_members", "Members of the cluster.").with(status.members()));
    all.add(
        gauge("fkvs_cluster_leads", "Whether this member leads, 1 or 0.")
            .with(status.leader() == status.member() ? 1 : 0));
    all.add(
        gauge("fkvs_cluster_has_majority", "Whether a majority answers this member, 1 or 0.")
            .with(status.hasMajority() ? 1 : 0));
    all.add(
        counter("fkvs_cluster_index", "The last entry of the log that was carried out.")
            .with(status.index()));
    all.add(
        counter("fkvs_cluster_rounds_total", "Entries of the log with requests.")
            .with(status.rounds()));
  }

  private void clients(List<Metric> all, Totals totals) {
    LoopCounters counters = totals.counters;
    all.add(gauge("fkvs_connected_clients", "Clients now.").with(totals.clients()));
    all.add(gauge("fkvs_max_clients", "The most clients.").with(config.maxClients()));
    all.add(counter("fkvs_connections_total", "Clients let in.").with(counters.connections));
    all.add(
        counter("fkvs_closed_clients_total", "Clients that the server closed, by the reason.")
            .with(labels("reason", "too_many"), counters.refusedConnections)
            .with(labels("reason", "dropped"), counters.droppedConnections)
            .with(labels("reason", "foreign"), counters.foreignConnections)
            .with(labels("reason", "tls"), counters.failedTls));
    all.add(
        counter("fkvs_wrong_passwords_total", "Wrong passwords that clients said.")
            .with(counters.wrongPasswords));
    all.add(
        counter("fkvs_network_bytes_total", "Bytes from and to clients.")
            .with(labels("direction", "received"), counters.receivedBytes)
            .with(labels("direction", "sent"), counters.sentBytes));
    all.add(
        gauge("fkvs_clients_awaiting_memory", "Clients not read from for want of memory.")
            .with(totals.clientsAwaitingMemory()));
  }

  private void requests(List<Metric> all, Totals totals) {
    RequestCounters requests = totals.requests;
    Metric commands = counter("fkvs_commands_total", "Requests carried out, by the command.");
    for (Command command : Command.values()) {
      String name = command.name().toLowerCase(Locale.ROOT);
      commands.with(labels("command", name), requests.byCommand[command.ordinal()]);
    }
    commands.with(labels("command", "resp"), requests.resp());
    all.add(commands);
    Metric respCommands =
        counter("fkvs_resp_commands_total", "Those of clients of Redis, by the command.");
    totals
        .endpointRequests()
        .forEach((name, count) -> respCommands.with(labels("command", name), count));
    all.add(respCommands);
    all.add(counter("fkvs_errors_total", "Requests answered with an error.").with(requests.errors));
    all.add(counter("fkvs_batches_total", "Lookups of requests at once.").with(requests.batches));
    all.add(
        counter("fkvs_lookups_total", "Keys asked for, by whether they were there.")
            .with(labels("outcome", "hit"), requests.hits)
            .with(labels("outcome", "miss"), requests.misses));
    all.add(
        counter("fkvs_expired_keys_total", "Expired keys that the sweep removed.")
            .with(totals.counters.sweptKeys));
    all.add(latencies(totals));
  }

  private Metric latencies(Totals totals) {
    Metric metric =
        Metric.of(
            "fkvs_request_duration_seconds",
            HISTOGRAM,
            "The cycle of the event loop in which a request was carried out.");
    Latencies latencies = eventLoop.context().latencies();
    for (CommandFamily family : CommandFamily.values()) {
      String label = labels("family", family.toString());
      long count = 0;
      for (int i = 0; i < latencies.bucketCount(); i++) {
        count += totals.latencies(family, i);
        String end = Double.toString(latencies.endNs(i) / NS_PER_SECOND);
        metric.with("_bucket", label + "," + labels("le", end), count);
      }
      count += totals.latencies(family, latencies.bucketCount());
      metric.with("_bucket", label + "," + labels("le", "+Inf"), count);
      metric.with("_sum", label, totals.latencySumNs(family) / NS_PER_SECOND);
      metric.with("_count", label, count);
    }
    return metric;
  }

  private void memory(List<Metric> all, Totals totals) {
    StoreStatistics statistics = eventLoop.context().store().statistics();
    all.add(gauge("fkvs_keys", "Entries in the table.").with(statistics.entries()));
    all.add(
        gauge("fkvs_table_bytes", "Memory of the table.")
            .with(labels("kind", "live"), statistics.liveBytes())
            .with(labels("kind", "used"), statistics.usedBytes())
            .with(labels("kind", "reserved"), statistics.reservedBytes()));
    all.add(
        gauge("fkvs_max_table_bytes", "The bound on reserved bytes; +Inf without one.")
            .with(bound(config.maxMemoryBytes())));
    all.add(
        counter("fkvs_evicted_keys_total", "Entries that made room for others.")
            .with(statistics.evictions()));
    all.add(
        gauge("fkvs_client_bytes", "Memory of clients.")
            .with(labels("kind", "lent"), totals.lentBytes())
            .with(labels("kind", "pooled"), totals.pooledBytes()));
    all.add(
        gauge("fkvs_max_client_bytes", "The bound on both together.")
            .with(totals.maxClientBytes()));
    Runtime runtime = Runtime.getRuntime();
    all.add(
        gauge("fkvs_heap_bytes", "Used of the heap, garbage included.")
            .with(runtime.totalMemory() - runtime.freeMemory()));
  }

  private void persistence(List<Metric> all, Persistence durable) {
    DurableStatus status = durable.status();
    all.add(gauge("fkvs_loaded_keys", "Entries at the start.").with(durable.loadedEntries()));
    all.add(
        gauge("fkvs_loading_seconds", "How long it took to load them.")
            .with(durable.loadingMs() / MS_PER_SECOND));
    all.add(
        counter("fkvs_frames_total", "Frames of the log, by how far they have got.")
            .with(labels("state", "made"), status.sequence())
            .with(labels("state", "durable"), status.durableSequence()));
    all.add(
        gauge("fkvs_backlog_bytes", "Changes that are not written yet.")
            .with(status.backlogBytes()));
    all.add(
        gauge("fkvs_log_bytes", "About how much of the log a restart would do again.")
            .with(status.logBytes()));
    all.add(
        gauge("fkvs_last_sync_timestamp_seconds", "When the last sync ended; 0 before the first.")
            .with(status.syncTimeMs() / MS_PER_SECOND));
    all.add(
        gauge("fkvs_last_sync_seconds", "How long it took.")
            .with(status.syncNanos() / NS_PER_SECOND));
    all.add(gauge("fkvs_base_bytes", "The length of the last base.").with(status.baseBytes()));
    all.add(
        gauge("fkvs_last_base_timestamp_seconds", "When it was begun; 0 where there is none.")
            .with(status.baseTimeMs() / MS_PER_SECOND));
    all.add(
        gauge("fkvs_base_under_way", "1 while another base is written.")
            .with(status.isBaseUnderWay() ? 1 : 0));
    all.add(
        counter("fkvs_disk_errors_total", "Writes and syncs that failed.")
            .with(durable.haveFailed() ? 1 : 0));
  }

  private static double bound(long bytes) {
    return bytes == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : bytes;
  }

  private static Metric gauge(String name, String help) {
    return Metric.of(name, GAUGE, help);
  }

  private static Metric counter(String name, String help) {
    return Metric.of(name, COUNTER, help);
  }

  private static String labels(String name, String value) {
    return name + "=\"" + value + "\"";
  }
}
