package io.fkvs.server.resp;

import io.fkvs.store.Store;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** SLOWLOG and LATENCY: which requests took long, and when. */
final class MonitorCommands {
  private static final long DEFAULT_ENTRIES = 10;

  /** What an entry of SLOWLOG takes in a reply, at most: 32 arguments of 128 bytes, and headers. */
  private static final int ENTRY_BYTES = 6 << 10;

  /** What the histogram of a command takes in a reply, at most. */
  private static final int HISTOGRAM_BYTES = 1 << 10;

  private static final long SECOND_MS = 1000;

  /** The rows of a graph, and the spikes in it. */
  private static final int GRAPH_ROWS = 5;

  private static final int GRAPH_COLUMNS = 80;

  private final Store store;
  private final RespEndpoint endpoint;
  private final CommandTable table;
  private final CommandTimer timer;
  private final SlowLog slowLog;
  private final LatencyMonitor monitor;

  MonitorCommands(RespEndpoint endpoint) {
    this.endpoint = endpoint;
    store = endpoint.store();
    table = endpoint.table();
    timer = endpoint.timer();
    slowLog = timer.slowLog();
    monitor = timer.monitor();
  }

  void register(CommandTable table) {
    table.handle("slowlog|get", this::slowest);
    table.handle("slowlog|len", call -> call.integer(slowLog.length()));
    table.handle("slowlog|reset", this::forgetSlow);
    table.handle("latency|latest", this::latest);
    table.handle("latency|history", this::history);
    table.handle("latency|reset", this::forgetSpikes);
    table.handle("latency|doctor", this::diagnose);
    table.handle("latency|graph", this::draw);
    table.handle("latency|histogram", this::histograms);
  }

  // ---- SLOWLOG

  private boolean slowest(Call call) {
    if (call.count() > 3) {
      return call.failForm("SLOWLOG");
    }
    if (call.count() == 3 && (!call.readInteger(2) || call.integer < -1)) {
      return call.fail("ERR count should be greater than or equal to -1");
    }
    long wanted = call.count() == 3 ? call.integer : DEFAULT_ENTRIES;
    int count = wanted < 0 ? slowLog.length() : (int) Math.min(wanted, slowLog.length());
    if (call.isTooLong((long) ENTRY_BYTES * count)) {
      return true;
    }
    if (!call.claim((long) ENTRY_BYTES * count)) {
      return false;
    }
    call.reply.array(count);
    int told = 0;
    for (SlowLog.Entry entry : slowLog.entries()) {
      if (told == count) {
        break;
      }
      tell(entry, call.reply);
      told++;
    }
    return true;
  }

  private static void tell(SlowLog.Entry entry, Reply reply) {
    reply.array(6);
    reply.integer(entry.id());
    reply.integer(entry.seconds());
    reply.integer(entry.micros());
    reply.array(entry.arguments().size());
    for (byte[] argument : entry.arguments()) {
      reply.bulk(MemorySegment.ofArray(argument), 0, argument.length);
    }
    reply.bulk(entry.peer());
    reply.bulk(entry.name());
  }

  private boolean forgetSlow(Call call) {
    slowLog.clear();
    return call.ok();
  }

  // ---- LATENCY

  private boolean latest(Call call) {
    call.reply.array(monitor.series().size());
    monitor.series().forEach((kind, series) -> tellLatest(kind, series, call.reply));
    return true;
  }

  private static void tellLatest(String kind, LatencyMonitor.Series series, Reply reply) {
    reply.array(4);
    reply.bulk(kind);
    reply.integer(series.lastSeconds());
    reply.integer(series.lastMs());
    reply.integer(series.mostMs());
  }

  private boolean history(Call call) {
    LatencyMonitor.Series series = monitor.series().get(call.text(2));
    int count = series == null ? 0 : series.count();
    call.reply.array(count);
    for (int i = 0; i < count; i++) {
      call.reply.array(2);
      call.reply.integer(series.seconds(i));
      call.reply.integer(series.ms(i));
    }
    return true;
  }

  private boolean forgetSpikes(Call call) {
    if (call.count() == 2) {
      return call.integer(monitor.reset());
    }
    int count = 0;
    for (int i = 2; i < call.count(); i++) {
      count += monitor.reset(call.text(i)) ? 1 : 0;
    }
    return call.integer(count);
  }

  private boolean diagnose(Call call) {
    call.reply.verbatim(diagnosis());
    return true;
  }

  private String diagnosis() {
    long spikeMs = timer.slow().spikeMs();
    if (spikeMs == 0) {
      return "Spikes are not watched for. To watch for those of 100 milliseconds and more:"
          + " CONFIG SET latency-monitor-threshold 100\n";
    }
    if (monitor.series().isEmpty()) {
      return "No spike of " + spikeMs + " ms or more was seen.\n";
    }
    StringBuilder text = new StringBuilder();
    monitor.series().forEach((kind, series) -> diagnose(kind, series, text));
    text.append(
            "SLOWLOG GET tells which requests took long: KEYS, long values, and transactions of")
        .append(" many requests do. Where short ones are among them, the machine was busy")
        .append(" elsewhere.\n");
    return text.toString();
  }

  private void diagnose(String kind, LatencyMonitor.Series series, StringBuilder text) {
    long agoSeconds = Math.max(0, store.nowMs() / SECOND_MS - series.lastSeconds());
    text.append(kind).append(": ").append(series.count()).append(" spikes, on average ");
    text.append(series.averageMs()).append(" ms, at most ").append(series.mostMs());
    text.append(" ms, the last one ").append(agoSeconds).append(" seconds ago.\n");
  }

  /** Draws the last spikes, each a column. */
  private boolean draw(Call call) {
    LatencyMonitor.Series series = monitor.series().get(call.text(2));
    if (series == null) {
      return call.fail("ERR No samples available for event '" + call.cited(2) + "'");
    }
    int first = Math.max(0, series.count() - GRAPH_COLUMNS);
    long high = 0;
    for (int i = first; i < series.count(); i++) {
      high = Math.max(high, series.ms(i));
    }
    StringBuilder text = new StringBuilder(call.text(2));
    text.append(" - high ").append(high).append(" ms (all time high ");
    text.append(series.mostMs()).append(" ms), each column a spike\n");
    for (int row = GRAPH_ROWS - 1; row >= 0; row--) {
      for (int i = first; i < series.count(); i++) {
        text.append(series.ms(i) * GRAPH_ROWS > row * high ? '#' : ' ');
      }
      text.append('\n');
    }
    call.reply.verbatim(text.toString());
    return true;
  }

  // ---- histograms

  private boolean histograms(Call call) {
    List<RespEndpoint> loops = endpoint.all();
    List<Command> wanted = new ArrayList<>();
    if (call.count() == 2) {
      table.all().forEach(command -> addCalled(command, loops, wanted));
    }
    for (int i = 2; i < call.count(); i++) {
      Command command = table.named(call.text(i).toLowerCase(Locale.ROOT));
      if (command != null) {
        addCalled(command, loops, wanted);
      }
    }
    long bytes = (long) HISTOGRAM_BYTES * wanted.size();
    if (call.isTooLong(bytes)) {
      return true;
    }
    if (!call.claim(bytes)) {
      return false;
    }
    call.reply.map(wanted.size());
    wanted.forEach(command -> tell(command, loops, call.reply));
    return true;
  }

  /** Adds a command, and the subcommands of a container, that somebody has asked for. */
  private static void addCalled(Command command, List<RespEndpoint> loops, List<Command> wanted) {
    if (CommandTimes.ofAll(command, loops).calls() > 0) {
      wanted.add(command);
    }
    command.subcommands.forEach(subcommand -> addCalled(subcommand, loops, wanted));
  }

  /** Each bucket that has any calls says how many there are up to its end. */
  private static void tell(Command command, List<RespEndpoint> loops, Reply reply) {
    CommandTimes times = CommandTimes.ofAll(command, loops);
    reply.bulk(command.name);
    reply.map(2);
    reply.bulk("calls");
    reply.integer(times.calls());
    reply.bulk("histogram_usec");
    int told = 0;
    for (int i = 0; i < CommandTimes.BUCKETS; i++) {
      told += times.count(i) > 0 ? 1 : 0;
    }
    reply.map(told);
    long count = 0;
    for (int i = 0; i < CommandTimes.BUCKETS; i++) {
      count += times.count(i);
      if (times.count(i) > 0) {
        reply.integer(CommandTimes.endMicros(i));
        reply.integer(count);
      }
    }
  }

  // ---- INFO

  /** How often each command was carried out and how long it took, as INFO tells it. */
  static void tellTimes(RespEndpoint endpoint, Map<String, Object> section) {
    List<RespEndpoint> loops = endpoint.all();
    List<Command> called = new ArrayList<>();
    endpoint.table().all().forEach(command -> addCalled(command, loops, called));
    for (Command command : called) {
      CommandTimes times = CommandTimes.ofAll(command, loops);
      double each = (double) times.micros() / times.calls();
      section.put(
          "cmdstat_" + command.name,
          String.format(
              Locale.ROOT,
              "calls=%d,usec=%d,usec_per_call=%.2f",
              times.calls(),
              times.micros(),
              each));
    }
  }
}
