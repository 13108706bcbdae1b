package io.fkvs.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fkvs.bench.table.Rivals;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.VerboseMode;

class PlanTest {
  private static UserOptions user(String... arguments) {
    return new UserOptions(List.of(arguments));
  }

  private static Session session(Plan plan, String... arguments) {
    return new Session(plan, user(arguments), null, null, line -> {});
  }

  @Test
  void shouldPromiseAQuickRunUnderTenMinutes() {
    assertTrue(session(Plan.quick()).estimateMinutes() < 10);
  }

  @Test
  void shouldPromiseAFullRunOfAboutAnHour() {
    double minutes = session(Plan.full()).estimateMinutes();
    assertTrue(minutes > 50 && minutes < 72, () -> "minutes=" + minutes);
  }

  @Test
  void shouldMeasureInSeveralJvmsWhereTheSettingIsUsual() {
    Case usual = Plan.full().cases().getFirst();
    assertEquals(new Effort(2, 5, 4, 250), Plan.full().effort(usual));
    assertEquals(
        new Effort(1, 5, 8, 250), Plan.full().effort(usual.with(Map.of("size", "10000000"))));
    assertEquals(new Effort(1, 5, 8, 250), Plan.full().effort(usual.with(Map.of("keys", "zipf"))));
  }

  @Test
  void shouldCountTheFillingOfEachJvmInItsEstimate() {
    Case large = Plan.full().cases().getFirst().with(Map.of("size", "10000000"));
    double oneJvmMs = new Effort(1, 5, 8, 250).estimateMs(large, user().options());
    double twoJvmsMs = new Effort(2, 5, 4, 250).estimateMs(large, user().options());
    assertTrue(oneJvmMs > 10_000, () -> "ms=" + oneJvmMs);
    assertTrue(twoJvmsMs > oneJvmMs + 10_000, () -> "ms=" + twoJvmsMs);
  }

  @Test
  void shouldNameOnlyBenchmarksThatJmhFinds() {
    var quiet = OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT);
    Set<String> known =
        BenchmarkList.defaultList().getAll(quiet, List.of()).stream()
            .map(entry -> JmhJson.shortName(entry.getUsername()))
            .collect(Collectors.toSet());
    Plan.full().cases().forEach(one -> assertTrue(known.contains(one.benchmark()), one::toString));
  }

  @Test
  void shouldMeasureEveryTableInFull() {
    Set<String> tables = Plan.full().cases().stream().map(Case::table).collect(Collectors.toSet());
    Rivals.all().forEach(entry -> assertTrue(tables.contains(entry.name()), entry.name()));
  }

  @Test
  void shouldMeasureNothingTwice() {
    List<Case> cases = Plan.full().cases();
    assertEquals(cases.size(), new HashSet<>(cases).size());
  }

  @Test
  void shouldLetExpressionsAndParametersNarrowThePlan() {
    assertEquals(
        List.of(
            "GetBenchmark.getHit table=swiss size=5000 shape=16+32 keys=uniform",
            "GetBenchmark.getHit table=OHC size=5000 shape=16+32 keys=uniform"),
        session(Plan.quick(), "-p", "table=swiss,OHC", "-p", "size=5000", "getHit$").names());
    assertEquals(
        List.of("GrowthRun.growth table=swiss", "MemoryRun.memory table=swiss"),
        session(Plan.quick(), "-p", "table=swiss", "growth|memory").names());
    assertEquals(
        List.of("ThreadsBenchmark.mixed95 table=OHC size=9 shape=16+32 keys=uniform threads=3"),
        session(Plan.full(), "-t", "3", "-p", "table=OHC,swiss", "-p", "size=9", "Threads.*95")
            .names());
    assertFalse(
        session(Plan.quick(), "-e", "getMiss").names().stream().anyMatch(n -> n.contains("Miss")));
  }

  @Test
  void shouldLetTheUsersOptionsWinOverThePlans() {
    Case one = Plan.quick().cases().getFirst();
    UserOptions user = user("-f", "7", "-w", "30ms", "-jvmArgsAppend", "-Xmx1g", "getHit");
    Options options =
        new Bench(user, any -> new Effort(2, 3, 4, 500), System.out)
            .options(one, Path.of("x.json"));
    assertEquals(7, options.getForkCount().get());
    assertEquals(3, options.getWarmupIterations().get());
    assertEquals("30 ms", options.getWarmupTime().get().toString());
    assertEquals("500 ms", options.getMeasurementTime().get().toString());
    assertEquals(List.of("-Xmx1g"), List.copyOf(options.getJvmArgsAppend().get()));
    assertEquals(List.of("\\.GetBenchmark\\.getHit$"), options.getIncludes());
    assertEquals(List.of("swiss"), List.copyOf(options.getParameter("table").get()));
  }

  @Test
  void shouldGiveATableTheFlagsThatItNeeds() {
    Case one = Plan.quick().cases().getFirst().with(Map.of("table", "Chronicle"));
    Options options =
        new Bench(user("-jvmArgsPrepend", "-Dx=y"), any -> new Effort(1, 1, 1, 1), System.out)
            .options(one, Path.of("x.json"));
    List<String> flags = List.copyOf(options.getJvmArgsPrepend().get());
    assertEquals("-Dx=y", flags.getLast());
    assertEquals(Rivals.named("Chronicle").flags(), flags.subList(0, flags.size() - 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-rf", "-rff", "-o"})
  void shouldKeepTheResultsToItself(String option) {
    assertEquals(
        "option is not JMH's to obey here: option=" + option,
        assertThrows(ReportException.class, () -> user(option, "x")).getMessage());
  }

  @Test
  void shouldSayWhatIsWrongWithAnOption() {
    assertTrue(
        assertThrows(ReportException.class, () -> user("-f", "many"))
            .getMessage()
            .startsWith("JMH cannot obey: "));
    assertTrue(
        assertThrows(ReportException.class, () -> user("get["))
            .getMessage()
            .startsWith("regular expression is wrong: "));
    assertTrue(
        assertThrows(ReportException.class, () -> user("-p", "table=swish"))
            .getMessage()
            .startsWith("no such table: name=swish, available=["));
  }
}
