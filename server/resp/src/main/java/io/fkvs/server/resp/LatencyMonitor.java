package io.fkvs.server.resp;

import java.util.Map;
import java.util.TreeMap;

/**
 * When requests took long, for LATENCY: the last spikes of each kind, one a second. Any loop may
 * add; who reads or forgets is alone.
 */
final class LatencyMonitor {
  /** Commands that take longer the more there is to do. */
  static final String COMMAND = "command";

  /** Commands that should never take long. */
  static final String FAST_COMMAND = "fast-command";

  /** The spikes of one kind, the last {@link #CAPACITY} of them. */
  static final class Series {
    private static final int CAPACITY = 160;

    private final long[] seconds = new long[CAPACITY];
    private final long[] ms = new long[CAPACITY];
    private long added;
    private long mostMs;

    private void add(long nowSeconds, long spikeMs) {
      mostMs = Math.max(mostMs, spikeMs);
      if (added > 0 && lastSeconds() == nowSeconds) {
        int last = index(count() - 1);
        ms[last] = Math.max(ms[last], spikeMs);
        return;
      }
      int next = (int) (added % CAPACITY);
      seconds[next] = nowSeconds;
      ms[next] = spikeMs;
      added++;
    }

    private int index(int nth) {
      return (int) ((added - count() + nth) % CAPACITY);
    }

    /** How many spikes are kept. */
    int count() {
      return (int) Math.min(added, CAPACITY);
    }

    /** When a spike was, since the epoch; they are numbered from the oldest. */
    long seconds(int nth) {
      return seconds[index(nth)];
    }

    /** How long a spike was. */
    long ms(int nth) {
      return ms[index(nth)];
    }

    long lastSeconds() {
      return seconds(count() - 1);
    }

    long lastMs() {
      return ms(count() - 1);
    }

    /** The longest spike since the series began. */
    long mostMs() {
      return mostMs;
    }

    long averageMs() {
      long sum = 0;
      for (int i = 0; i < count(); i++) {
        sum += ms(i);
      }
      return sum / count();
    }
  }

  private final Map<String, Series> series = new TreeMap<>();

  synchronized void add(String kind, long nowSeconds, long spikeMs) {
    series.computeIfAbsent(kind, same -> new Series()).add(nowSeconds, spikeMs);
  }

  /** The spikes of each kind of which there were any. */
  Map<String, Series> series() {
    return series;
  }

  /** Forgets all kinds; answers how many there were. */
  int reset() {
    int count = series.size();
    series.clear();
    return count;
  }

  /** Forgets a kind; answers whether there was any spike of it. */
  boolean reset(String kind) {
    return series.remove(kind) != null;
  }
}
