package io.fkvs.server.loop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fkvs.server.Compacts;
import io.fkvs.server.Frames;
import io.fkvs.server.TestServers;
import io.fkvs.store.Store;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Equal commands leave equal stores behind, whichever protocol they came in. */
class ProtocolEquivalenceProperties {
  /** A command that both protocols can say. */
  record Step(int command, String key, String value, long number, long elapsedMs) {
    byte[] classic() {
      return switch (command) {
        case Frames.SET -> Frames.request(command, key, value);
        case Compacts.SETEX -> Frames.request(Frames.SET, key, value, "" + number);
        case Frames.INCRBY, Frames.DECRBY -> Frames.request(command, key, "" + number);
        case Frames.EXPIRE -> Frames.request(command, key, "" + number);
        default -> Frames.request(command, key);
      };
    }

    byte[] compact() {
      return switch (command) {
        case Frames.SET -> Compacts.request(command, key, value);
        case Compacts.SETEX -> Compacts.setex(key, value, timeMs());
        case Frames.INCRBY, Frames.DECRBY -> Compacts.add(command, key, number);
        case Frames.EXPIRE -> Compacts.expire(key, timeMs());
        default -> Compacts.request(command, key);
      };
    }

    private long timeMs() {
      return number > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : number * 1000;
    }

    boolean hasTime() {
      return command == Compacts.SETEX || command == Frames.EXPIRE;
    }
  }

  @Property(tries = 1_000)
  void shouldLeaveEqualStoresWhenGivenEqualCommands(
      @ForAll("steps") @Size(max = 60) List<Step> steps, @ForAll("tables") String table) {
    try (TestDispatch classic = new TestDispatch(table);
        TestDispatch compact = new TestDispatch(table)) {
      Connection classicConnection = classic.connect(new ScriptedChannel());
      Connection compactConnection = compact.connect(new ScriptedChannel());
      compact.receive(compactConnection, Compacts.SWITCH);
      for (Step step : steps) {
        classic.receive(classicConnection, step.classic());
        compact.receive(compactConnection, step.compact());
        elapse(classic, step.elapsedMs());
        elapse(compact, step.elapsedMs());
      }
      assertEquals(entries(classic.store), entries(compact.store));
      assertEquals(steps.size(), compact.counters.requests);
      assertEquals(steps.size(), classic.counters.requests);
    }
  }

  private static void elapse(TestDispatch dispatch, long ms) {
    dispatch.source.advance(ms);
    dispatch.clock.advance();
  }

  /** Keys, and their values, types and deadlines. */
  private static TreeMap<String, String> entries(Store store) {
    TreeMap<String, String> entries = new TreeMap<>();
    long cursor = 0;
    do {
      cursor =
          store.scan(
              cursor,
              10,
              (key, value) ->
                  entries.put(
                      new String(key.toByteArray(), ISO_8859_1),
                      new String(value.toByteArray(), ISO_8859_1)
                          + " "
                          + value.type()
                          + " "
                          + value.deadlineMs()));
    } while (cursor != 0);
    return entries;
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> commands =
        Arbitraries.of(
            Frames.SET,
            Frames.SET,
            Compacts.SETEX,
            Frames.GET,
            Frames.INCR,
            Frames.DECR,
            Frames.INCRBY,
            Frames.DECRBY,
            Frames.DEL,
            Frames.EXPIRE,
            Frames.TTL,
            Frames.PERSIST);
    Arbitrary<String> keys = Arbitraries.of("a", "b", "c");
    Arbitrary<String> values =
        Arbitraries.of("", "0", "007", "+5", "-1", "9223372036854775807", "abc", "x".repeat(300));
    Arbitrary<Long> numbers =
        Arbitraries.of(
            0L, 1L, 2L, -1L, 100L, Long.MAX_VALUE, Long.MIN_VALUE, 9_223_372_036_854_775L);
    Arbitrary<Long> elapsedMs = Arbitraries.of(0L, 1L, 500L, 1000L, 2000L);
    return Combinators.combine(commands, keys, values, numbers, elapsedMs)
        .as(Step::new)
        // compact cannot say a negative time; classic refuses it
        .filter(step -> !(step.hasTime() && step.number() < 0))
        .list();
  }

  @Provide
  Arbitrary<String> tables() {
    return Arbitraries.of(TestServers.tables());
  }
}
