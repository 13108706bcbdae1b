package io.fkvs.bench.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A rival that is fast because it is wrong must not win. */
class RivalsTest {
  /** The first inline in every slot, the second with a tail, the last in records. */
  private static final List<String> SHAPES = List.of("8+8", "12+20", "32+200", "100+1000");

  /** They choose how they run once for a JVM, or need flags. */
  private static final List<String> APART =
      List.of("swiss-noflags", "swiss-swar", "swiss-small", "Chronicle");

  static Stream<String> rivalsOfThisJvm() {
    return Rivals.all().stream()
        .filter(entry -> entry.obstacle() == null)
        .map(Rivals.Entry::name)
        .filter(name -> !APART.contains(name));
  }

  @ParameterizedTest
  @MethodSource("rivalsOfThisJvm")
  void shouldAnswerAsTheModelDoes(String table) {
    SHAPES.forEach(shape -> RivalModel.check(table, Shape.of(shape)));
  }

  @ParameterizedTest
  @FieldSource("APART")
  void shouldAnswerAsTheModelDoesInAJvmOfItsOwn(String table) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Rivals.named(table).flags());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            RivalModel.class.getName(),
            table,
            String.join(",", SHAPES)));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  static List<String> threadSafe() {
    return Rivals.THREAD_SAFE;
  }

  @ParameterizedTest
  @MethodSource("threadSafe")
  void shouldAnswerAsTheModelDoesThroughAHandle(String table) {
    Shape shape = Shape.of("16+32");
    var handles = Rivals.share(table, shape);
    try (Rival first = handles.get()) {
      RivalModel.check(first, shape);
      first.put(5_000, (byte) 1);
      Rival second = handles.get();
      assertEquals(1, second.get(5_000));
      second.put(5_000, (byte) 2);
      assertEquals(2, first.get(5_000));
    }
  }

  @Test
  void shouldNotLetThreadsShareATableOfOneThread() {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> Rivals.share("swiss", Shape.of("16+32")))
            .getMessage()
            .startsWith("threads cannot share this table: name=swiss, available=["));
  }

  @Test
  void shouldNoticeARivalThatForgetsOverwrites() {
    Map<Object, Object> forgetful =
        new HashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          public Object put(Object key, Object value) {
            return putIfAbsent(key, value);
          }
        };
    Shape shape = Shape.of("16+32");
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> RivalModel.check(MapRival.wrapped(forgetful, shape), shape));
    assertTrue(error.getMessage().startsWith("rival answers wrong: operation="));
  }

  @Test
  void shouldNameTheTablesThereAreWhenOneIsUnknown() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Rivals.named("swish")).getMessage();
    assertTrue(message.startsWith("no such table: name=swish, available=[swiss, swiss-again, "));
  }

  @Test
  void shouldSayWhatIsMissingWhenAClassIsNotThere() {
    assertEquals("class is not on the class path: name=no.such.Map", Rivals.absence("no.such.Map"));
    assertEquals(
        Rivals.absence("io.github.bluuewhale.hashsmith.SwissSimdMap"),
        Rivals.named("HashSmith-SIMD").obstacle());
    assertNull(Rivals.named("swiss").obstacle());
  }

  @Test
  void shouldKeepTheLadderAmongTheTables() {
    Rivals.LADDER.forEach(Rivals::named);
  }

  @Test
  void shouldChooseTheSmallestSlotThatHoldsAnEntry() {
    assertEquals(32, Shape.of("8+8").slotBytes());
    assertEquals(64, Shape.of("16+32").slotBytes());
    assertEquals(256, Shape.of("32+200").slotBytes());
    assertEquals(64, Shape.of("100+1000").slotBytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "16", "16+", "a+b", "1+2+3"})
  void shouldRefuseWhatIsNoShape(String text) {
    assertEquals(
        "shape must be two lengths as in 16+32: shape=" + text,
        assertThrows(IllegalArgumentException.class, () -> Shape.of(text)).getMessage());
  }

  @Test
  void shouldRefuseAKeyThatIsTooShort() {
    assertEquals(
        "shape is too small: keyLength=4, valueLength=8",
        assertThrows(IllegalArgumentException.class, () -> Shape.of("4+8")).getMessage());
  }

  @Test
  void shouldCountEachInsertionWhenATableGrows() {
    assertEquals(500, GrowthRun.grow("HashMap", Shape.of("16+32"), 500).getTotalCount());
    assertEquals(500, GrowthRun.grow(GrowthRun.CLOCK, Shape.of("16+32"), 500).getTotalCount());
  }

  @Test
  void shouldKeepWhatEvictionNeedsWhereATableIsOpenedAsACache() {
    long plain = nativeBytes("swiss");
    long cache = nativeBytes("swiss-evicting");
    assertTrue(cache > 1.005 * plain, () -> "plain=" + plain + ", cache=" + cache);
  }

  private static long nativeBytes(String table) {
    int size = 400_000;
    try (Rival rival = Rivals.open(table, Shape.of("16+32"), size)) {
      for (int i = 0; i < size; i++) {
        rival.put(i, (byte) i);
      }
      return rival.nativeBytes();
    }
  }

  @Test
  void shouldCountMemoryWhereTheTableKeepsIt() {
    List<Integer> sizes = List.of(100, 10_000);
    var map = MemoryRun.fill("HashMap", Shape.of("16+32"), sizes).getLast();
    var swiss = MemoryRun.fill("swiss", Shape.of("16+32"), sizes).getLast();
    assertEquals(0, map.nativeBytes());
    assertTrue(map.bytesPerEntry() > 48 && map.bytesPerEntry() < 250, map::toString);
    assertTrue(swiss.nativeBytes() > 48 * 10_000, swiss::toString);
    assertTrue(swiss.bytesPerEntry() < map.bytesPerEntry(), swiss::toString);
  }
}
