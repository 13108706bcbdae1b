package io.fkvs.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.history.Answer.Content;
import io.fkvs.history.Answer.Sum;
import io.fkvs.history.Request.Delete;
import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.GetAndDelete;
import io.fkvs.history.Request.Increment;
import io.fkvs.history.Request.Set;
import io.fkvs.history.Search.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

class SearchProperties {
  private static final long MEMORY = Linearizability.DEFAULT_MEMORY_BYTES;

  /** What a key may hold in the tiny histories below, and more. */
  private static final List<Content> CONTENTS =
      Stream.of(null, "x", "y", "-3", "-2", "-1", "0", "1", "2", "3", "4", "5", "6")
          .map(Content::new)
          .toList();

  @Property(tries = 60)
  void shouldAcceptWhatACorrectServerAnswers(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int clients, @ForAll boolean isLossy) {
    Workload workload = Workload.defaults().withSeed(seed).withClients(clients).withKeys(3);
    History history = Simulation.play(workload, 1_500, isLossy);
    assertEquals("linearizable", Linearizability.check(history).toString());
  }

  @Property(tries = 5_000)
  void shouldAgreeWithTryingAllOrders(@ForAll long seed) {
    List<Operation> operations = tinyHistory(new Random(seed));
    boolean isExplained = BruteForce.explains(operations, Content.ABSENT);
    Statistics.collect(isExplained);
    Statistics.coverage(
        coverage -> {
          coverage.check(true).percentage(share -> share > 5);
          coverage.check(false).percentage(share -> share > 5);
        });
    Outcome expected = isExplained ? Outcome.EXPLAINED : Outcome.REFUTED;
    assertEquals(
        expected, Search.run(operations, Content.ABSENT, MEMORY).outcome(), operations::toString);
  }

  /** Where nothing is known of the content, whatever it may be is allowed. */
  @Property(tries = 2_000)
  void shouldAllowEveryContentWhereNoneIsKnown(@ForAll long seed) {
    List<Operation> operations = tinyHistory(new Random(seed));
    if (CONTENTS.stream().anyMatch(content -> BruteForce.explains(operations, content))) {
      assertEquals(
          Outcome.EXPLAINED,
          Search.run(operations, Model.ANY, MEMORY).outcome(),
          operations::toString);
    }
  }

  /** What is left of a refuted history is refuted by trying all orders, too. */
  @Property(tries = 2_000)
  void shouldExplainByOperationsThatAreWrongThemselves(@ForAll long seed) {
    List<Operation> operations = tinyHistory(new Random(seed));
    Verdict verdict = Linearizability.check(new History(operations));
    if (verdict.isLinearizable()) {
      return;
    }
    assertTrue(verdict.window().size() <= operations.size());
    List<Content> initial = verdict.isFromStart() ? List.of(Content.ABSENT) : CONTENTS;
    for (Content content : initial) {
      assertFalse(BruteForce.explains(verdict.window(), content), verdict::toString);
    }
  }

  /** Up to six operations of up to three clients, with answers that are often right. */
  private static List<Operation> tinyHistory(Random random) {
    List<Operation> operations = new ArrayList<>();
    long[] calls = new long[3];
    int count = 1 + random.nextInt(6);
    int unknownIn = random.nextBoolean() ? 8 : 2;
    for (int i = 0; i < count; i++) {
      int client = random.nextInt(calls.length);
      long call = calls[client] + 1 + random.nextInt(3);
      calls[client] = call;
      Request request = request(random);
      operations.add(
          random.nextInt(unknownIn) == 0
              ? Operation.unknown(client, request, call)
              : new Operation(
                  client, request, answer(request, random), call, call + random.nextInt(6)));
    }
    return operations;
  }

  private static Request request(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new Set("k", random.nextBoolean() ? "x" : "1");
      case 2 -> new Delete("k");
      case 3, 4 -> new Increment("k", 1 + random.nextInt(2));
      case 5 -> new GetAndDelete("k");
      default -> new Get("k");
    };
  }

  private static Answer answer(Request request, Random random) {
    return switch (request) {
      case Set _, Delete _ -> Answer.DONE;
      case Increment _ -> random.nextInt(4) == 0 ? Answer.REFUSED : new Sum(1 + random.nextInt(3));
      case Get _, GetAndDelete _ ->
          switch (random.nextInt(4)) {
            case 0, 1 -> Content.ABSENT;
            case 2 -> new Content("x");
            default -> new Content("1");
          };
    };
  }
}
