package io.fkvs.server.resp;

import io.fkvs.server.protocol.Figures;
import io.fkvs.server.protocol.Host;
import io.fkvs.server.protocol.SlowRequests;
import io.fkvs.store.Store;
import io.fkvs.store.StoreStatistics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What concerns the server: INFO, CONFIG, TIME, SHUTDOWN, and what has nothing to do here. */
final class ServerCommands {
  private static final long SECOND_MS = 1000;
  private static final long MICROS_PER_MS = 1000;

  private static final String SLOWER_THAN = "slowlog-log-slower-than";
  private static final String SLOW_COUNT = "slowlog-max-len";
  private static final String SPIKE_MS = "latency-monitor-threshold";

  /** The sections of INFO, in their order. */
  private static final List<String> SECTIONS =
      List.of(
          "server",
          "clients",
          "memory",
          "persistence",
          "stats",
          "replication",
          "cpu",
          "modules",
          "commandstats",
          "errorstats",
          "cluster",
          "keyspace");

  /** Those that INFO tells only where they are asked for. */
  private static final List<String> ON_DEMAND = List.of("commandstats");

  private final Host host;
  private final Store store;
  private final RespEndpoint endpoint;
  private final CommandTimer timer;

  ServerCommands(RespEndpoint endpoint) {
    this.endpoint = endpoint;
    host = endpoint.host();
    timer = endpoint.timer();
    store = endpoint.store();
  }

  void register(CommandTable table) {
    table.handle("info", this::info);
    table.handle("time", this::time);
    table.handle("config|get", this::configured);
    table.handle("config|set", this::configure);
    table.handle("config|resetstat", this::resetCounters);
    table.handle("shutdown", this::shutDown);
    table.handle("wait", ServerCommands::await);
    table.handle("function|flush", ServerCommands::flushFunctions);
  }

  private boolean time(Call call) {
    long nowMs = store.nowMs();
    call.reply.array(2);
    call.reply.bulkNumber(nowMs / SECOND_MS);
    call.reply.bulkNumber(nowMs % SECOND_MS * MICROS_PER_MS);
    return true;
  }

  /** There are no replicas: nobody is waited for. */
  private static boolean await(Call call) {
    if (!call.readInteger(1)) {
      return call.fail(Errors.NOT_AN_INTEGER);
    }
    if (!call.readInteger(2)) {
      return call.fail("ERR timeout is not an integer or out of range");
    }
    return call.integer < 0 ? call.fail("ERR timeout is negative") : call.integer(0);
  }

  private static boolean flushFunctions(Call call) {
    if (call.count() > 3) {
      return call.failForm("FUNCTION");
    }
    boolean isKnown = call.count() == 2 || call.is(2, "sync") || call.is(2, "async");
    return isKnown ? call.ok() : call.fail("ERR FUNCTION FLUSH only supports SYNC|ASYNC option");
  }

  private boolean shutDown(Call call) {
    for (int i = 1; i < call.count(); i++) {
      if (!call.is(i, "nosave")
          && !call.is(i, "save")
          && !call.is(i, "now")
          && !call.is(i, "force")) {
        return call.fail(Errors.SYNTAX);
      }
    }
    call.session.end();
    host.stop();
    return true;
  }

  // ---- CONFIG

  /** What is configured, by the names that Redis has for it. */
  private Map<String, String> configuration() {
    Figures figures = host.figures();
    Map<String, String> values = new TreeMap<>();
    values.put("appendfsync", figures.sync().isEmpty() ? "everysec" : figures.sync());
    values.put("appendonly", figures.sync().isEmpty() ? "no" : "yes");
    values.put("databases", "1");
    values.put(SPIKE_MS, Long.toString(timer.slow().spikeMs()));
    values.put("maxclients", Integer.toString(figures.maxClients()));
    values.put("maxmemory", Long.toString(bound(figures.maxMemoryBytes())));
    values.put("maxmemory-policy", figures.eviction());
    values.put("port", Integer.toString(figures.port()));
    values.put("proto-max-bulk-len", Integer.toString(host.maxValueBytes()));
    values.put("save", "");
    values.put(SLOWER_THAN, Long.toString(timer.slow().slowerThanMicros()));
    values.put(SLOW_COUNT, Long.toString(timer.slow().maxCount()));
    return values;
  }

  private static long bound(long bytes) {
    return bytes == Long.MAX_VALUE ? 0 : bytes;
  }

  private boolean configured(Call call) {
    Map<String, String> values = configuration();
    Map<String, String> wanted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 2; i < call.count(); i++) {
      want(call.text(i), values.keySet(), wanted);
    }
    call.reply.map(wanted.size());
    wanted.forEach(
        (shown, name) -> {
          call.reply.bulk(shown);
          call.reply.bulk(values.get(name));
        });
    return true;
  }

  /** A name is shown as the client writes it, what a pattern finds as it is. */
  private static void want(String asked, Set<String> names, Map<String, String> wanted) {
    String lower = asked.toLowerCase(Locale.ROOT);
    if (asked.chars().noneMatch(c -> "[*?".indexOf(c) >= 0)) {
      if (names.contains(lower)) {
        wanted.putIfAbsent(asked, lower);
      }
      return;
    }
    Glob glob = new Glob(lower.getBytes(StandardCharsets.ISO_8859_1));
    names.stream()
        .filter(name -> glob.matches(name.getBytes(StandardCharsets.US_ASCII)))
        .forEach(name -> wanted.putIfAbsent(name, name));
  }

  /**
   * What may change while the server runs is changed, all of it or nothing. To set what is set
   * already does no harm.
   */
  private boolean configure(Call call) {
    if (call.count() % 2 != 0) {
      return call.fail(Errors.SYNTAX);
    }
    Map<String, String> values = configuration();
    return !areKnown(call, values.keySet()) || change(call, values);
  }

  /** Says whether all names are known and no two the same; if not, says so to the client. */
  private static boolean areKnown(Call call, Set<String> names) {
    Set<String> seen = new TreeSet<>();
    for (int i = 2; i < call.count(); i += 2) {
      String name = lowerCase(call, i);
      if (!names.contains(name)) {
        return !call.fail(
            "ERR Unknown option or number of arguments for CONFIG SET - '" + call.cited(i) + "'");
      }
      if (!seen.add(name)) {
        return !refuse(call, call.cited(i), "duplicate parameter");
      }
    }
    return true;
  }

  private boolean change(Call call, Map<String, String> values) {
    SlowRequests slow = timer.slow();
    for (int i = 2; i < call.count(); i += 2) {
      String name = lowerCase(call, i);
      long least = name.equals(SLOWER_THAN) ? -1 : 0;
      if (!isChangeable(name)) {
        if (!values.get(name).equals(call.text(i + 1))) {
          return refuse(call, call.cited(i), "can't set immutable config");
        }
      } else if (!call.readInteger(i + 1)) {
        return refuse(call, name, "argument couldn't be parsed into an integer");
      } else if (call.integer < least) {
        return refuse(
            call,
            name,
            "argument must be between " + least + " and " + Long.MAX_VALUE + " inclusive");
      } else {
        slow = changed(slow, name, call.integer);
      }
    }
    for (RespEndpoint each : endpoint.all()) {
      each.timer().configure(slow);
    }
    return call.ok();
  }

  private static String lowerCase(Call call, int index) {
    return call.text(index).toLowerCase(Locale.ROOT);
  }

  private static boolean isChangeable(String name) {
    return List.of(SLOWER_THAN, SLOW_COUNT, SPIKE_MS).contains(name);
  }

  private static SlowRequests changed(SlowRequests slow, String name, long value) {
    return switch (name) {
      case SLOWER_THAN -> slow.withSlowerThanMicros(value);
      case SLOW_COUNT -> slow.withMaxCount(value);
      default -> slow.withSpikeMs(value);
    };
  }

  private static boolean refuse(Call call, String name, String reason) {
    return call.fail(
        "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + reason);
  }

  private boolean resetCounters(Call call) {
    for (RespEndpoint each : endpoint.all()) {
      each.host().resetCounters();
      each.table().resetTimes();
    }
    return call.ok();
  }

  // ---- INFO

  private boolean info(Call call) {
    Set<String> wanted = new TreeSet<>();
    for (int i = 1; i < call.count(); i++) {
      wanted.add(call.text(i).toLowerCase(Locale.ROOT));
    }
    boolean wantsAll = wanted.contains("all") || wanted.contains("everything");
    boolean wantsDefault = wantsAll || wanted.isEmpty() || wanted.contains("default");
    Map<String, Map<String, Object>> report = report();
    List<String> sections = new ArrayList<>();
    for (String section : SECTIONS) {
      boolean isWanted =
          wanted.contains(section) || (ON_DEMAND.contains(section) ? wantsAll : wantsDefault);
      if (report.containsKey(section) && isWanted) {
        sections.add(text(section, report.get(section)));
      }
    }
    String text = String.join("\r\n", sections);
    if (!call.claim(text.length())) {
      return false;
    }
    call.reply.verbatim(text);
    return true;
  }

  private static String text(String section, Map<String, Object> values) {
    StringBuilder text = new StringBuilder("# ");
    text.append(Character.toUpperCase(section.charAt(0))).append(section.substring(1));
    text.append("\r\n");
    values.forEach((name, value) -> text.append(name).append(':').append(value).append("\r\n"));
    return text.toString();
  }

  private Map<String, Map<String, Object>> report() {
    Figures figures = host.figures();
    StoreStatistics statistics = store.statistics();
    Map<String, Map<String, Object>> report = new LinkedHashMap<>();
    report.put("server", server(figures));
    report.put("clients", clients(figures));
    report.put("memory", memory(figures, statistics));
    report.put("persistence", persistence(figures));
    report.put("stats", stats(figures, statistics));
    report.put("replication", replication());
    Map<String, Object> commands = new LinkedHashMap<>();
    MonitorCommands.tellTimes(endpoint, commands);
    report.put("commandstats", commands);
    report.put("cluster", Map.of("cluster_enabled", 0));
    report.put(
        "keyspace",
        statistics.entries() == 0
            ? Map.of()
            : Map.of("db0", "keys=" + statistics.entries() + ",expires=0,avg_ttl=0"));
    return report;
  }

  private static Map<String, Object> server(Figures figures) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("redis_version", ConnectionCommands.REDIS_VERSION);
    values.put("redis_mode", "standalone");
    values.put("server_name", "fkvs");
    values.put("fkvs_version", figures.version());
    values.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    values.put("arch_bits", 64);
    values.put("java_version", Runtime.version());
    values.put("multiplexing_api", figures.transport());
    values.put("table", figures.table());
    values.put("process_id", ProcessHandle.current().pid());
    values.put("tcp_port", figures.port());
    values.put("uptime_in_seconds", figures.uptimeSeconds());
    values.put("uptime_in_days", figures.uptimeSeconds() / 86_400);
    return values;
  }

  private static Map<String, Object> clients(Figures figures) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("connected_clients", figures.clients());
    values.put("maxclients", figures.maxClients());
    values.put("blocked_clients", 0);
    return values;
  }

  private static Map<String, Object> memory(Figures figures, StoreStatistics statistics) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("used_memory", statistics.usedBytes());
    values.put("used_memory_human", human(statistics.usedBytes()));
    values.put("used_memory_rss", statistics.reservedBytes());
    values.put("used_memory_dataset", statistics.liveBytes());
    values.put("maxmemory", bound(figures.maxMemoryBytes()));
    values.put("maxmemory_human", human(bound(figures.maxMemoryBytes())));
    values.put("maxmemory_policy", figures.eviction());
    return values;
  }

  private static String human(long bytes) {
    String[] units = {"B", "K", "M", "G", "T"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + "B" : String.format(Locale.ROOT, "%.2f%s", value, units[unit]);
  }

  private static Map<String, Object> persistence(Figures figures) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("loading", 0);
    values.put("rdb_bgsave_in_progress", 0);
    values.put("aof_enabled", figures.sync().isEmpty() ? 0 : 1);
    values.put("aof_rewrite_in_progress", figures.isCompacting() ? 1 : 0);
    return values;
  }

  private static Map<String, Object> stats(Figures figures, StoreStatistics statistics) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("total_connections_received", figures.connections());
    values.put("total_commands_processed", figures.requests());
    values.put("total_net_input_bytes", figures.receivedBytes());
    values.put("total_net_output_bytes", figures.sentBytes());
    values.put("rejected_connections", figures.refusedConnections());
    values.put("expired_keys", figures.sweptKeys());
    values.put("evicted_keys", statistics.evictions());
    values.put("keyspace_hits", figures.hits());
    values.put("keyspace_misses", figures.misses());
    values.put("total_error_replies", figures.errors());
    return values;
  }

  private static Map<String, Object> replication() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("role", "master");
    values.put("connected_slaves", 0);
    return values;
  }
}
