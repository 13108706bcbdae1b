package io.fkvs.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three members, to which one thing after another happens for a time: {@code mvn verify -Psoak -pl
 * server/cluster -am -Dcluster.minutes=60}.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterSoak {
  private static final int REQUESTS = 400;

  @TempDir private Path directory;

  @Test
  void shouldBeOneStoreForLong() throws Exception {
    long endNs = System.nanoTime() + Duration.ofMinutes(Long.getLong("cluster.minutes")).toNanos();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    System.out.println("soak: seed=" + seed);
    try (Members members = new Members(directory, Events.PATIENCE)) {
      for (int round = 1; System.nanoTime() < endNs; round++) {
        Events event = Events.values()[random.nextInt(Events.values().length)];
        event.run(members, "round-" + round + ":", REQUESTS);
        System.out.println("soak: round=" + round + ", event=" + event);
      }
    }
  }
}
