package io.fkvs.bench.table;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.fkvs.store.EvictionPolicy;
import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Function;
import java.util.function.Supplier;
import org.agrona.collections.Object2ObjectHashMap;
import org.eclipse.collections.impl.map.mutable.UnifiedMap;

/** The tables that can be compared, by name. Any thread. */
public final class Rivals {
  /** What a table is, for colours and headings. */
  public enum Family {
    /** Our own. */
    FKVS("fkvs"),
    /** What comes with Java. */
    JDK("JDK"),
    /** Hash maps of libraries, on the heap. */
    LIBRARY("library"),
    /** Caches and off-heap maps. */
    CACHE("cache or off-heap");

    private final String title;

    Family(String title) {
      this.title = title;
    }

    /** How people call it. */
    public String title() {
      return title;
    }
  }

  /** Opens an empty table for entries of a shape. */
  @FunctionalInterface
  private interface Opener {
    Rival open(Shape shape, long size);
  }

  /**
   * A table that can be compared.
   *
   * @param name by which it is chosen
   * @param family what it is
   * @param note what a reader must know: what it converts, what it is told
   * @param flags what its JVM gets beside heap and collector
   * @param needs says why it cannot be measured here, or {@code null} if it can
   * @param opener opens it
   */
  public record Entry(
      String name,
      Family family,
      String note,
      List<String> flags,
      Supplier<String> needs,
      Opener opener) {
    /** Why this table cannot be measured here, or {@code null} if it can. */
    public String obstacle() {
      return needs.get();
    }
  }

  /** What the build brings along can be measured. */
  private static final Supplier<String> NOTHING = () -> null;

  /** How the name ends of a table that is measured a second time, to see what that changes. */
  public static final String AGAIN = "-again";

  private static final String SWISS = "swiss";
  private static final String CONCURRENT = "concurrent";
  private static final String HASH_SMITH = "io.github.bluuewhale.hashsmith.";

  private static final String WRAPPED = "keys in a wrapper that is reused for reads";
  private static final String STRINGS = "keys and values are Strings, new ones for each call";

  /** With these the Swiss table probes with vectors and does without bounds checks. */
  private static final List<String> FLAGS =
      List.of(
          "--add-modules=jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  /** What Chronicle Map 2026.1 does not start without on JDK 25. */
  private static final List<String> CHRONICLE_FLAGS =
      List.of(
          "--sun-misc-unsafe-memory-access=allow",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED");

  private static final List<Entry> ALL =
      List.of(
          fkvs(SWISS, "native keys and values, views", Rivals::swiss),
          fkvs(
              SWISS + AGAIN,
              "swiss once more under another name: what differs is the machine's doing",
              Rivals::swiss),
          new Entry(
              "swiss-noflags",
              Family.FKVS,
              "as swiss, in a JVM without flags: plain 64-bit arithmetic, each access checked",
              List.of(),
              NOTHING,
              (shape, size) -> plain(shape)),
          fkvs(
              "swiss-swar",
              "as swiss, probed with plain 64-bit arithmetic in place of the Vector API",
              (shape, size) -> chosen("probing", "swar", shape)),
          fkvs(
              "swiss-small",
              "as swiss, in pages of the usual size where it would ask for huge ones",
              (shape, size) -> chosen("pages", "small", shape)),
          fkvs(
              "swiss-bytes",
              "as swiss, through get(byte[]) and put(byte[], byte[]): copied in and out",
              (shape, size) -> new ArrayStoreRival(open(SWISS, shape.slotBytes()), shape)),
          fkvs(
              "swiss-String",
              "as swiss, through get(String) and put(String, String)",
              (shape, size) -> new StringStoreRival(open(SWISS, shape.slotBytes()), shape)),
          fkvs(
              "swiss-evicting",
              "as swiss, opened as a cache that never gets full",
              (shape, size) -> new StoreRival(evicting(shape), true, shape)),
          fkvs(
              CONCURRENT,
              "ConcurrentStore over swiss: shards, each behind a lock; values shown under it",
              (shape, size) -> ConcurrentStoreRival.shared(shape).get()),
          fkvs(
              CONCURRENT + AGAIN,
              "concurrent once more under another name",
              (shape, size) -> ConcurrentStoreRival.shared(shape).get()),
          fkvs(
              "chained",
              "the legacy table: DJB2, chains, four objects an entry, a deep copy for each get",
              (shape, size) ->
                  new StoreRival(Store.open("chained", StoreConfig.defaults()), false, shape)),
          fkvs(
              "ladder-layout",
              "swiss with the legacy's other habits: DJB2, a deep copy for each get, four"
                  + " allocations for each put",
              (shape, size) -> new LegacyHabits(djb2(shape), shape, true)),
          fkvs(
              "ladder-hash",
              "as ladder-layout, with swiss' own hash in place of DJB2",
              (shape, size) -> new LegacyHabits(swiss(shape, size), shape, true)),
          fkvs(
              "ladder-view",
              "as ladder-hash, with a view in place of the deep copy",
              (shape, size) -> new LegacyHabits(swiss(shape, size), shape, false)),
          map("HashMap", Family.JDK, () -> HashMap.newHashMap(16)),
          strings("HashMap-String", () -> HashMap.newHashMap(16)),
          map("ConcurrentHashMap", Family.JDK, ConcurrentHashMap::new),
          strings("ConcurrentHashMap-String", ConcurrentHashMap::new),
          map("Agrona", Family.LIBRARY, Object2ObjectHashMap::new),
          map("fastutil", Family.LIBRARY, Object2ObjectOpenHashMap::new),
          map("Eclipse", Family.LIBRARY, UnifiedMap::new),
          hashSmith("HashSmith-SIMD", HASH_SMITH + "SwissSimdMap"),
          hashSmith("HashSmith-SWAR", HASH_SMITH + "SwissSwarMap"),
          entry(
              "Caffeine",
              Family.CACHE,
              WRAPPED + "; bounded beyond reach unless full, its upkeep on the calling thread",
              (shape, size) -> MapRival.wrapped(caffeine(), shape)),
          entry(
              "Caffeine-pool",
              Family.CACHE,
              "as Caffeine, its upkeep on other threads, which the time leaves out",
              (shape, size) ->
                  MapRival.wrapped(caffeine(Integer.MAX_VALUE, ForkJoinPool.commonPool()), shape)),
          entry(
              "Caffeine-String",
              Family.CACHE,
              STRINGS,
              (shape, size) -> MapRival.strings(caffeine(), shape)),
          entry(
              "OHC",
              Family.CACHE,
              "serializes keys and values in, copies values out; locks",
              (shape, size) -> new OhcRival(shape)),
          new Entry(
              "Chronicle",
              Family.CACHE,
              "told the number of entries beforehand; copies values out; locks; needs "
                  + CHRONICLE_FLAGS.size()
                  + " flags, in forks of its own",
              CHRONICLE_FLAGS,
              NOTHING,
              ChronicleRival::new),
          new Entry(
              "abseil",
              Family.LIBRARY,
              "flat_hash_map of strings in C++, native keys and values, called from Java",
              FLAGS,
              AbseilRival::obstacle,
              (shape, size) -> new AbseilRival(shape)));

  /** The tables that threads can share: each gives every thread a way of its own to one table. */
  private static final Map<String, Function<Shape, Supplier<Rival>>> SHARED =
      Map.of(
          CONCURRENT,
          ConcurrentStoreRival::shared,
          CONCURRENT + AGAIN,
          ConcurrentStoreRival::shared,
          "ConcurrentHashMap",
          shape -> handles(new ConcurrentHashMap<>(), shape),
          "Caffeine",
          shape -> handles(caffeine(), shape),
          "OHC",
          OhcRival::shared);

  /** The names of the tables that threads can share, in the order to show them. */
  public static final List<String> THREAD_SAFE =
      ALL.stream().map(Entry::name).filter(SHARED::containsKey).toList();

  /**
   * From the legacy table to the Swiss table, each a step from the one before it: the layout, the
   * hash, the view in place of the copy, nothing allocated.
   */
  public static final List<String> LADDER =
      List.of("chained", "ladder-layout", "ladder-hash", "ladder-view", SWISS);

  private Rivals() {}

  /** Every table, ours first. */
  public static List<Entry> all() {
    return ALL;
  }

  /**
   * Finds a table.
   *
   * @throws IllegalArgumentException if there is none, with the names of all
   */
  public static Entry named(String name) {
    return ALL.stream()
        .filter(entry -> entry.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no such table: name="
                        + name
                        + ", available="
                        + ALL.stream().map(Entry::name).toList()));
  }

  /** Opens an empty table; the size is how many entries it will get, for those that must know. */
  static Rival open(String name, Shape shape, long size) {
    return named(name).opener.open(shape, size);
  }

  /**
   * Opens an empty table to share. Each thread takes a rival of its own, and closing one of them
   * closes the table.
   */
  static Supplier<Rival> share(String name, Shape shape) {
    Function<Shape, Supplier<Rival>> opener = SHARED.get(name);
    if (opener == null) {
      throw new IllegalArgumentException(
          "threads cannot share this table: name=" + name + ", available=" + THREAD_SAFE);
    }
    return opener.apply(shape);
  }

  private static Supplier<Rival> handles(Map<Object, Object> map, Shape shape) {
    return () -> MapRival.wrapped(map, shape);
  }

  private static Entry entry(String name, Family family, String note, Opener opener) {
    return new Entry(name, family, note, FLAGS, NOTHING, opener);
  }

  private static Entry fkvs(String name, String note, Opener opener) {
    return entry(name, Family.FKVS, note, opener);
  }

  private static Entry map(String name, Family family, Supplier<Map<Object, Object>> map) {
    return entry(name, family, WRAPPED, (shape, size) -> MapRival.wrapped(map.get(), shape));
  }

  private static Entry strings(String name, Supplier<Map<Object, Object>> map) {
    return entry(name, Family.JDK, STRINGS, (shape, size) -> MapRival.strings(map.get(), shape));
  }

  /** A map that the build does not bring along, whose jar the reader may add. */
  private static Entry hashSmith(String name, String className) {
    return new Entry(
        name,
        Family.LIBRARY,
        WRAPPED,
        FLAGS,
        () -> absence(className),
        (shape, size) -> MapRival.wrapped(newMap(className), shape));
  }

  /** Why a class cannot be used, or {@code null} if it is there. */
  static String absence(String className) {
    try {
      Class.forName(className, false, Rivals.class.getClassLoader());
      return null;
    } catch (ClassNotFoundException e) {
      return "class is not on the class path: name=" + className;
    }
  }

  @SuppressWarnings("unchecked") // a map whose class says nothing of its keys and values
  private static Map<Object, Object> newMap(String className) {
    try {
      return (Map<Object, Object>) Class.forName(className).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("map cannot be created: class=" + className, e);
    }
  }

  private static Map<Object, Object> caffeine() {
    return caffeine(Integer.MAX_VALUE, Runnable::run);
  }

  /** What holds so many entries, with what runs its upkeep. */
  static Map<Object, Object> caffeine(int size, Executor upkeep) {
    return Caffeine.newBuilder().maximumSize(size).executor(upkeep).build().asMap();
  }

  private static Rival swiss(Shape shape, long size) {
    return new StoreRival(open(SWISS, shape.slotBytes()), true, shape);
  }

  /** The table where neither vectors nor native access are allowed. */
  private static Rival plain(Shape shape) {
    Store store = open(SWISS, shape.slotBytes());
    Map<String, String> details = store.statistics().details();
    if (!"swar".equals(details.get("probing")) || !"checked".equals(details.get("access"))) {
      store.close();
      throw new IllegalStateException("JVM has flags: details=" + details);
    }
    return new StoreRival(store, true, shape);
  }

  private static Rival djb2(Shape shape) {
    StoreConfig config = StoreConfig.defaults().withSlotBytes(shape.slotBytes());
    return new StoreRival(Store.open(SWISS, config.withKeyHash(LegacyHabits.DJB2)), true, shape);
  }

  /** A face of the table that only the first table of a JVM can choose. */
  private static Rival chosen(String what, String face, Shape shape) {
    System.setProperty("io.fkvs.store.swiss." + what, face);
    Store store = open(SWISS, shape.slotBytes());
    String found = store.statistics().details().get(what);
    if (!face.equals(found)) {
      store.close();
      throw new IllegalStateException(
          "table was opened too late to choose: " + what + "=" + found + ", wanted=" + face);
    }
    return new StoreRival(store, true, shape);
  }

  private static Store evicting(Shape shape) {
    return Store.open(
        SWISS,
        StoreConfig.defaults()
            .withSlotBytes(shape.slotBytes())
            .withEviction(EvictionPolicy.LEAST_USED));
  }

  private static Store open(String table, int slotBytes) {
    return Store.open(table, StoreConfig.defaults().withSlotBytes(slotBytes));
  }
}
