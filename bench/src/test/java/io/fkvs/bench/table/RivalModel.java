package io.fkvs.bench.table;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** Plays a random script against a rival and against what it should do. */
final class RivalModel {
  private static final int STEPS = 6_000;

  /** Few, so that keys are met again: overwritten, removed, missed and put again. */
  private static final int KEYS = 700;

  /** Counters are keys of their own. */
  private static final int FIRST_COUNTER = 1_000;

  private static final int COUNTERS = 50;

  private final Rival rival;
  private final Shape shape;
  private final Random random = new Random(42);
  private final Map<Long, Byte> stamps = new HashMap<>();
  private final Map<Long, Long> counters = new HashMap<>();

  private RivalModel(Rival rival, Shape shape) {
    this.rival = rival;
    this.shape = shape;
  }

  /** In a JVM of its own, for tables that need one: table and shapes. */
  public static void main(String[] arguments) {
    for (String shape : arguments[1].split(",")) {
      check(arguments[0], Shape.of(shape));
    }
  }

  static void check(String table, Shape shape) {
    try (Rival rival = Rivals.open(table, shape, KEYS + COUNTERS)) {
      check(rival, shape);
    }
  }

  static void check(Rival rival, Shape shape) {
    var model = new RivalModel(rival, shape);
    for (int i = 0; i < STEPS; i++) {
      model.step();
    }
  }

  private void step() {
    long number = random.nextInt(KEYS);
    switch (random.nextInt(8)) {
      case 0, 1 -> put(number);
      case 2 -> same("get", (long) stamp(number), (long) rival.get(number));
      case 3 -> copy(number);
      case 4 -> batch();
      case 5 -> same("remove", stamps.remove(number) != null, rival.remove(number));
      case 6 -> increment(FIRST_COUNTER + random.nextInt(COUNTERS));
      default -> same("size", (long) stamps.size() + counters.size(), rival.size());
    }
  }

  private void put(long number) {
    byte stamp = (byte) random.nextInt();
    stamps.put(number, stamp);
    rival.put(number, stamp);
  }

  private int stamp(long number) {
    Byte stamp = stamps.get(number);
    return stamp == null ? Rival.MISSING : Byte.toUnsignedInt(stamp);
  }

  private void copy(long number) {
    byte[] expected = null;
    if (stamps.containsKey(number)) {
      expected = shape.value();
      expected[0] = stamps.get(number);
    }
    same("copy", Arrays.toString(expected), Arrays.toString(rival.getCopy(number)));
  }

  private void batch() {
    long[] numbers = random.longs(Rival.BATCH, 0, KEYS).toArray();
    int sum = Arrays.stream(numbers).mapToInt(this::stamp).sum();
    same("batch", (long) sum, (long) rival.getAll(numbers));
  }

  private void increment(long number) {
    same("increment", counters.merge(number, 1L, Long::sum), rival.increment(number));
  }

  private static void same(String operation, Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError(
          "rival answers wrong: operation="
              + operation
              + ", expected="
              + expected
              + ", found="
              + found);
    }
  }
}
