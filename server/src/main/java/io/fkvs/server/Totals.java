package io.fkvs.server;

import io.fkvs.server.command.CommandFamily;
import io.fkvs.server.command.RequestCounters;
import io.fkvs.server.loop.LoopContext;
import io.fkvs.server.loop.LoopCounters;
import io.fkvs.server.protocol.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What the event loops of a server count, over all of them: sums, and the greatest of the greatest.
 * Made and used by the loop that is alone.
 */
final class Totals {
  private final List<LoopContext> loops;
  final LoopCounters counters = new LoopCounters();
  final RequestCounters requests = new RequestCounters();

  Totals(List<LoopContext> loops) {
    this.loops = loops;
    loops.forEach(loop -> counters.add(loop.counters()));
    loops.forEach(loop -> requests.add(loop.requestCounters()));
  }

  private long sum(ToLongFunction<LoopContext> part) {
    return loops.stream().mapToLong(part).sum();
  }

  private long greatest(ToLongFunction<LoopContext> part) {
    return loops.stream().mapToLong(part).max().orElseThrow();
  }

  int clients() {
    return (int) sum(loop -> loop.clients().count());
  }

  long lentBytes() {
    return sum(loop -> loop.pool().lentBytes());
  }

  long pooledBytes() {
    return sum(loop -> loop.pool().pooledBytes());
  }

  long maxClientBytes() {
    return sum(loop -> loop.pool().maxBytes());
  }

  long clientsAwaitingMemory() {
    return sum(loop -> loop.shortage().count());
  }

  long longestCycleNs() {
    return greatest(loop -> loop.clock().longestCycleNs());
  }

  long longestRecentCycleNs() {
    return greatest(loop -> loop.clock().longestRecentCycleNs());
  }

  /** How many requests of a family are in a bucket of the latencies. */
  long latencies(CommandFamily family, int bucket) {
    return sum(loop -> loop.latencies().count(family, bucket));
  }

  long latencySumNs(CommandFamily family) {
    return sum(loop -> loop.latencies().sumNs(family));
  }

  /** How often each command of the protocol with a listener of its own was carried out. */
  Map<String, Long> endpointRequests() {
    Map<String, Long> counts = new TreeMap<>();
    loops.stream()
        .map(LoopContext::endpoint)
        .filter(Objects::nonNull)
        .map(Endpoint::requestCounts)
        .forEach(each -> each.forEach((name, count) -> counts.merge(name, count, Long::sum)));
    return counts;
  }
}
