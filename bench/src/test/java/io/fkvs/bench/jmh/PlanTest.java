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
  /** They show what a feature of the JVM is worth, to who asks for them by name. */
  private static final List<String> UNPLANNED = List.of("swiss-swar", "swiss-small");

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
  void shouldPromiseAFullRunUnderFiftyFiveMinutes() {
    double minutes = session(Plan.full()).estimateMinutes();
    assertTrue(minutes > 40 && minutes < 53, () -> "minutes=" + minutes); // 3 of abseil
  }

  @Test
  void shouldMeasureInFiveRoundsOrMore() {
    assertTrue(Plan.full().effort().rounds() >= 5);
    assertEquals(7, Plan.full().effort().rounds(user("-f", "7").options()));
    assertEquals(1, Plan.full().effort().rounds(user("-f", "0").options()));
  }

  @Test
  void shouldTakeTurnsAndFillATableOnce() {
    List<Case> cases =
        user("-p", "table=swiss,HashMap", "-p", "size=10", "-p", "shape=8+8", "GetB|Aged")
            .narrow(Plan.full().cases());
    List<String> turns =
        Fork.turns(cases).stream()
            .map(turn -> String.join("; ", turn.stream().map(Fork::toString).toList()))
            .toList();
    assertEquals(
        List.of(
            "table=swiss size=10 shape=8+8 keys=uniform: getHit, getMiss, getHitBatch;"
                + " table=HashMap size=10 shape=8+8 keys=uniform: getHit, getMiss, getHitBatch",
            "table=swiss size=10 shape=8+8 keys=uniform: agedHit, agedMiss;"
                + " table=HashMap size=10 shape=8+8 keys=uniform: agedHit, agedMiss"),
        turns);
  }

  @Test
  void shouldGoBackwardsThroughTheTablesInEveryOtherRound() {
    List<Case> cases =
        user("-p", "table=swiss,HashMap,OHC", "-p", "size=10", "-p", "shape=8+8", "getHit$|mixed95")
            .narrow(Plan.full().cases());
    List<List<Fork>> settings = Fork.turns(cases);
    assertEquals(2, settings.size(), "one thread, and the threads of OHC");
    assertEquals(List.of("swiss", "HashMap", "OHC", "OHC"), tables(settings, 1));
    assertEquals(List.of("OHC", "HashMap", "swiss", "OHC"), tables(settings, 2));
    assertEquals(tables(settings, 1), tables(settings, 3));
  }

  private static List<String> tables(List<List<Fork>> settings, int round) {
    return Fork.round(settings, round).stream().map(Fork::table).toList();
  }

  @Test
  void shouldCountTheFillingOfEachJvmInItsEstimate() {
    List<Case> cases = user("-p", "table=swiss").narrow(Plan.full().cases());
    List<Case> large =
        cases.stream().filter(one -> one.size() == 10_000_000 && !one.isGrowing()).toList();
    var effort = new Effort(5, 3, 3, 150);
    double oneMs = effort.estimateMs(new Fork(large.subList(0, 1)), user().options());
    double twoMs = effort.estimateMs(new Fork(large.subList(0, 2)), user().options());
    assertTrue(oneMs > 10_000, () -> "ms=" + oneMs);
    assertTrue(twoMs > oneMs && twoMs < oneMs + 2_000, () -> "ms=" + twoMs);
  }

  @Test
  void shouldAskOnlyTablesThatEvictWhatTakesAFullOne() {
    assertEquals(
        List.of(
            "CacheBenchmark.putFull table=swiss size=1000000 shape=16+32",
            "CacheBenchmark.getOrPut table=swiss size=100000 shape=16+32"),
        session(Plan.full(), "-p", "table=HashMap,swiss,swiss-noflags", "Cache").names());
  }

  @Test
  void shouldCountTheRequestsBeforeACacheIsMeasuredInItsEstimate() {
    var effort = new Effort(5, 2, 3, 150);
    double putMs = estimateMs(effort, "putFull", "100000");
    double askedMs = estimateMs(effort, "getOrPut", "100000");
    assertTrue(askedMs > putMs + 1_000, () -> "ms=" + putMs + ", " + askedMs);
    double largeMs = estimateMs(effort, "putFull", "1000000");
    assertTrue(largeMs > putMs + 1_500, () -> "ms=" + putMs + ", " + largeMs);
  }

  private static double estimateMs(Effort effort, String operation, String size) {
    UserOptions user = user("-p", "table=swiss", "-p", "size=" + size, operation);
    return effort.estimateMs(new Fork(user.narrow(Plan.full().cases())), user.options());
  }

  @Test
  void shouldGrowALargeTableInAsManyIterationsAsItNeeds() {
    Case million = Plan.full().cases().stream().filter(Case::isGrowing).findFirst().orElseThrow();
    Options small = options(user(), million.with(Map.of("size", "10000")));
    assertEquals(100, small.getMeasurementBatchSize().get());
    Options large = options(user("-i", "2"), million.with(Map.of("size", "10000000")));
    assertEquals(0, large.getWarmupIterations().get());
    assertEquals(10, large.getMeasurementIterations().get());
    assertEquals(1, large.getMeasurementBatchSize().get());
  }

  private static Options options(UserOptions user, Case one) {
    return ForkMain.Order.options(user, new Effort(5, 3, 4, 500), one, Path.of("x.json"));
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
  void shouldMeasureEveryTable() {
    Set<String> tables = Plan.full().cases().stream().map(Case::table).collect(Collectors.toSet());
    Plan.quick().cases().stream().map(Case::table).forEach(tables::add);
    Rivals.all().stream()
        .map(Rivals.Entry::name)
        .filter(name -> !UNPLANNED.contains(name))
        .forEach(name -> assertTrue(tables.contains(name), name));
  }

  @Test
  void shouldMeasureNothingTwice() {
    for (Plan plan : List.of(Plan.full(), Plan.quick())) {
      assertEquals(plan.cases().size(), new HashSet<>(plan.cases()).size());
    }
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
    Options options = options(user("-f", "7", "-w", "30ms", "getHit"), one);
    assertEquals(0, options.getForkCount().get(), "JMH itself starts none");
    assertEquals(3, options.getWarmupIterations().get());
    assertEquals("30 ms", options.getWarmupTime().get().toString());
    assertEquals("500 ms", options.getMeasurementTime().get().toString());
    assertEquals(List.of("\\.GetBenchmark\\.getHit$"), options.getIncludes());
    assertEquals(List.of("swiss"), List.copyOf(options.getParameter("table").get()));
  }

  private static List<String> command(String table, String... arguments) {
    Case one = Plan.quick().cases().getFirst().with(Map.of("table", table));
    return new Bench(user(arguments), new Effort(1, 1, 1, 1), System.out)
        .command(new Fork(List.of(one)));
  }

  @Test
  void shouldGiveATableTheFlagsThatItNeeds() {
    List<String> chronicle =
        command("Chronicle", "-jvmArgsPrepend", "-Dx=y", "-jvmArgsAppend", "-Xmx1g");
    assertTrue(chronicle.containsAll(Rivals.named("Chronicle").flags()), chronicle::toString);
    assertEquals("-Dx=y", chronicle.get(1));
    assertTrue(chronicle.indexOf("-Xmx1g") > chronicle.indexOf("-Xmx2g"), chronicle::toString);
    assertTrue(command("swiss").contains("--add-modules=jdk.incubator.vector"));
    assertFalse(
        command("swiss-noflags").stream().anyMatch(flag -> flag.startsWith("--")), "it has none");
    assertFalse(command("swiss", "-jvmArgs", "-Xmx3g").contains("-Xmx2g"));
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
