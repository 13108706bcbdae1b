package io.fkvs.history;

import io.fkvs.history.Request.Delete;
import io.fkvs.history.Request.Get;
import io.fkvs.history.Request.Set;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;

/**
 * Says whether the writes of a connection become visible in their order, over all keys. Each pair
 * of keys has one writer, which sets {@code a} and then {@code b} to 1, 2, 3 and so on, some of
 * them in one pipeline. Readers ask for {@code b} and then {@code a} in one pipeline. They must
 * find {@code a} at least as new as {@code b}; both at least as new as what they themselves saw
 * before; and {@code b} at least as new as what its writer had been told before they asked.
 *
 * <p>{@link Linearizability} looks at each key alone and cannot see the first. Immutable: each
 * {@code with} method answers a changed copy.
 */
public final class OrderCheck implements Cloneable {
  private static final OrderCheck DEFAULTS = new OrderCheck();

  private long seed;
  private int writers = 4;
  private int readers = 4;
  private int pairs = 16;
  private int versions = 500;
  private int maxDepth = 4;
  private String prefix = "order:";

  private OrderCheck() {}

  /**
   * Seed 0, 4 writers of 500 versions each, 4 readers, 16 pairs, at most 4 versions in a pipeline,
   * keys that begin with {@code order:}.
   *
   * @return the defaults
   */
  public static OrderCheck defaults() {
    return DEFAULTS;
  }

  /**
   * Sets what pairs and depths are drawn with; how clients meet is another in each run.
   *
   * @param seed any number
   * @return the changed copy
   */
  public OrderCheck withSeed(long seed) {
    return with(copy -> copy.seed = seed);
  }

  /**
   * Sets the number of connections, each on a thread of its own.
   *
   * @param writers how many write, at least 1
   * @param readers how many read, at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if one is less
   */
  public OrderCheck withClients(int writers, int readers) {
    checkPositive("writers", writers);
    checkPositive("readers", readers);
    return with(
        copy -> {
          copy.writers = writers;
          copy.readers = readers;
        });
  }

  /**
   * Sets the number of pairs of keys.
   *
   * @param pairs at least 1; each writer that has none is idle
   * @return the changed copy
   * @throws IllegalArgumentException if it is less
   */
  public OrderCheck withPairs(int pairs) {
    checkPositive("pairs", pairs);
    return with(copy -> copy.pairs = pairs);
  }

  /**
   * Sets how many versions each writer writes; readers read until they are written.
   *
   * @param versions at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if it is less
   */
  public OrderCheck withVersions(int versions) {
    checkPositive("versions", versions);
    return with(copy -> copy.versions = versions);
  }

  /**
   * Sets how many versions, or readings, are in a pipeline at most.
   *
   * @param maxDepth at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if it is less
   */
  public OrderCheck withMaxDepth(int maxDepth) {
    checkPositive("maxDepth", maxDepth);
    return with(copy -> copy.maxDepth = maxDepth);
  }

  /**
   * Sets what the keys begin with, so that nobody else has them. They are removed at first.
   *
   * @param prefix text of ISO 8859-1
   * @return the changed copy
   */
  public OrderCheck withPrefix(String prefix) {
    return with(copy -> copy.prefix = prefix);
  }

  private OrderCheck with(Consumer<OrderCheck> change) {
    try {
      OrderCheck copy = (OrderCheck) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  private static void checkPositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1: value=" + value);
    }
  }

  /**
   * Removes the keys, and then writes and reads.
   *
   * @param target what to ask
   * @return what was found
   * @throws InterruptedException if this thread is interrupted
   * @throws IllegalStateException if the keys cannot be removed, or a client fails otherwise than
   *     by its connection
   */
  public OrderReport run(Target target) throws InterruptedException {
    return new Run(target).run();
  }

  private String first(int pair) {
    return prefix + "a" + pair;
  }

  private String second(int pair) {
    return prefix + "b" + pair;
  }

  /** A check under way. */
  private final class Run {
    private final Target target;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger writing = new AtomicInteger(writers);

    /** The version of each pair of which its writer was told. */
    private final AtomicLongArray acknowledged = new AtomicLongArray(pairs);

    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();

    private Run(Target target) {
      this.target = target;
    }

    private OrderReport run() throws InterruptedException {
      removeKeys();
      List<Callable<Long>> clients = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        clients.add(new Writer(i));
      }
      for (int i = 0; i < readers; i++) {
        clients.add(new Reader(i));
      }
      List<Long> counts = Clients.run(clients);
      return new OrderReport(
          sum(counts.subList(0, writers)),
          sum(counts.subList(writers, counts.size())),
          List.copyOf(faults));
    }

    private static long sum(List<Long> counts) {
      return counts.stream().mapToLong(Long::longValue).sum();
    }

    private void removeKeys() {
      List<Request> deletions = new ArrayList<>();
      for (int i = 0; i < pairs; i++) {
        deletions.add(new Delete(first(i)));
        deletions.add(new Delete(second(i)));
      }
      Clients.removeKeys(target, connections.getAndIncrement(), deletions);
    }

    /** Writes its pairs, and answers how many versions were acknowledged. */
    private final class Writer implements Callable<Long> {
      private final Random random;

      /** Those whose last version is known; an unknown one may still come. */
      private final List<Integer> own = new ArrayList<>();

      private int versionsLeft = versions;
      private long written;

      private Writer(int number) {
        random = new Random(seed + number);
        for (int pair = number; pair < pairs; pair += writers) {
          own.add(pair);
        }
      }

      @Override
      public Long call() {
        try {
          while (versionsLeft > 0 && !own.isEmpty()) {
            try (Target.Session session = target.connect(connections.getAndIncrement())) {
              write(session);
            } catch (IOException e) {
              versionsLeft--;
            }
          }
        } finally {
          writing.decrementAndGet();
        }
        return written;
      }

      private void write(Target.Session session) {
        boolean isKnown = true;
        while (isKnown && versionsLeft > 0) {
          int index = random.nextInt(own.size());
          int pair = own.get(index);
          int depth = 1 + random.nextInt(Math.min(maxDepth, versionsLeft));
          versionsLeft -= depth;
          isKnown = !session.exchange(writes(pair, depth)).contains(Answer.UNKNOWN);
          if (isKnown) {
            acknowledged.addAndGet(pair, depth);
            written += depth;
          } else {
            own.remove(index);
          }
        }
      }

      private List<Request> writes(int pair, int depth) {
        List<Request> writes = new ArrayList<>();
        for (long version = acknowledged.get(pair) + 1; depth > 0; version++, depth--) {
          writes.add(new Set(first(pair), Long.toString(version)));
          writes.add(new Set(second(pair), Long.toString(version)));
        }
        return writes;
      }
    }

    /** Reads any pairs, and answers how often it found one changed. */
    private final class Reader implements Callable<Long> {
      private final int number;
      private final Random random;
      private final long[] firstSeen = new long[pairs];
      private final long[] secondSeen = new long[pairs];
      private long changes;

      private Reader(int number) {
        this.number = number;
        random = new Random(~(seed + number));
      }

      @Override
      public Long call() {
        while (writing.get() > 0) {
          try (Target.Session session = target.connect(connections.getAndIncrement())) {
            read(session);
          } catch (IOException e) {
            Thread.onSpinWait(); // the next address may answer
          }
        }
        return changes;
      }

      private void read(Target.Session session) {
        boolean isKnown = true;
        while (isKnown && writing.get() > 0) {
          int[] asked = random.ints(1 + random.nextInt(maxDepth), 0, pairs).toArray();
          long[] told = new long[asked.length];
          List<Request> reads = new ArrayList<>();
          for (int i = 0; i < asked.length; i++) {
            told[i] = acknowledged.get(asked[i]);
            reads.add(new Get(second(asked[i])));
            reads.add(new Get(first(asked[i])));
          }
          List<Answer> answers = session.exchange(reads);
          isKnown = !answers.contains(Answer.UNKNOWN);
          for (int i = 0; isKnown && i < asked.length; i++) {
            check(
                asked[i],
                told[i],
                OrderReport.version(answers.get(2 * i)),
                OrderReport.version(answers.get(2 * i + 1)));
          }
        }
      }

      private void check(int pair, long told, long second, long first) {
        expect(first >= second, pair, "a is older than b", second, first);
        expect(
            first >= firstSeen[pair], pair, "a went back from " + firstSeen[pair], second, first);
        expect(
            second >= secondSeen[pair],
            pair,
            "b went back from " + secondSeen[pair],
            second,
            first);
        expect(second >= told, pair, "b was acknowledged at " + told, second, first);
        if (second != secondSeen[pair]) {
          changes++;
        }
        firstSeen[pair] = first;
        secondSeen[pair] = second;
      }

      private void expect(boolean isRight, int pair, String fault, long second, long first) {
        if (!isRight && faults.size() < OrderReport.MAX_FAULTS) {
          faults.add(
              fault
                  + ": reader="
                  + number
                  + ", pair="
                  + pair
                  + ", b="
                  + second
                  + ", then a="
                  + first);
        }
      }
    }
  }
}
