package io.fkvs.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three members, to which one thing after another happens for a time; {@code docs/CONTRIBUTING.md}
 * has the command. With {@code -Dcluster.seed=} the same happens again in the same order, {@code
 * -Dcluster.events=} names what may happen, such as {@code LEADER_KILLED,LEADER_CUT_OFF}.
 *
 * <p>Where the system lets it, the members have a {@link Network} and {@link Disk}s of their own.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterSoak {
  private static final int REQUESTS = 400;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void shouldBeOneStoreForLong() throws Exception {
    long endNs = System.nanoTime() + Duration.ofMinutes(Long.getLong("cluster.minutes")).toNanos();
    long seed = property("cluster.seed").map(Long::valueOf).orElseGet(System::nanoTime);
    Random random = new Random(seed);
    say("seed=" + seed + ", directory=" + directory);
    try (Members members =
        new Members(directory, Events.PATIENCE, network(random), disks(directory))) {
      List<Events> events = events(members);
      say("events=" + events);
      List<Events> impossible =
          Stream.of(Events.values()).filter(event -> !event.isPossible(members)).toList();
      if (!impossible.isEmpty()) {
        say("not possible on this system: events=" + impossible);
      }
      for (int round = 1; System.nanoTime() < endNs; round++) {
        Events event = events.get(random.nextInt(events.size()));
        say("round=" + round + ", event=" + event);
        long startNs = System.nanoTime();
        event.run(members, "round-" + round + ":", REQUESTS);
        say("passed, ms=" + Duration.ofNanos(System.nanoTime() - startNs).toMillis());
      }
    }
  }

  private static List<Events> events(Members members) {
    Stream<Events> wanted =
        property("cluster.events")
            .map(names -> Stream.of(names.split(",")).map(Events::valueOf))
            .orElse(Stream.of(Events.values()));
    return wanted.filter(event -> event.isPossible(members)).toList();
  }

  private static Optional<String> property(String name) {
    return Optional.ofNullable(System.getProperty(name)).filter(text -> !text.isEmpty());
  }

  private static Optional<Network> network(Random random) {
    try {
      return Optional.of(new Network(Members.COUNT, random));
    } catch (IOException e) {
      say("nothing happens to the network: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static List<Disk> disks(Path directory) {
    try {
      return Disk.make(directory, Members.COUNT);
    } catch (IOException e) {
      say("no disk is full: " + e.getMessage());
      return List.of();
    }
  }

  private static void say(String what) {
    System.out.println("soak: " + what);
  }
}
