package io.fkvs.history;

import java.util.function.Consumer;

/**
 * How many clients ask how much of what. Few keys and many clients make it likely that requests
 * meet. Half of the keys hold text, of which every value is written once; half are counters.
 * Immutable: each {@code with} method answers a changed copy.
 */
public final class Workload implements Cloneable {
  private static final Workload DEFAULTS = new Workload();

  private long seed;
  private int clients = 8;
  private int requests = 500;
  private int keys = 6;
  private int maxDepth = 4;
  private int longValueBytes;
  private String prefix = "history:";

  private Workload() {}

  /**
   * Seed 0, 8 clients with 500 requests each, at most 4 in a pipeline, 6 keys that begin with
   * {@code history:}, no long values.
   *
   * @return the defaults
   */
  public static Workload defaults() {
    return DEFAULTS;
  }

  /** {@return what the requests are drawn with; how clients meet is another in each run} */
  public long seed() {
    return seed;
  }

  /**
   * Sets the seed.
   *
   * @param seed any number
   * @return the changed copy
   */
  public Workload withSeed(long seed) {
    return with(copy -> copy.seed = seed);
  }

  /** {@return how many clients there are, each on a thread of its own} */
  public int clients() {
    return clients;
  }

  /**
   * Sets the number of clients.
   *
   * @param clients at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if it is less
   */
  public Workload withClients(int clients) {
    checkPositive("clients", clients);
    return with(copy -> copy.clients = clients);
  }

  /** {@return how many requests each client sends} */
  public int requests() {
    return requests;
  }

  /**
   * Sets the number of requests of each client.
   *
   * @param requests at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if it is less
   */
  public Workload withRequests(int requests) {
    checkPositive("requests", requests);
    return with(copy -> copy.requests = requests);
  }

  /** {@return how many keys there are} */
  public int keys() {
    return keys;
  }

  /**
   * Sets the number of keys.
   *
   * @param keys at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if it is less
   */
  public Workload withKeys(int keys) {
    checkPositive("keys", keys);
    return with(copy -> copy.keys = keys);
  }

  /** {@return how many requests are sent at most before the answers are waited for} */
  public int maxDepth() {
    return maxDepth;
  }

  /**
   * Sets the greatest depth of pipelines.
   *
   * @param maxDepth at least 1
   * @return the changed copy
   * @throws IllegalArgumentException if it is less
   */
  public Workload withMaxDepth(int maxDepth) {
    checkPositive("maxDepth", maxDepth);
    return with(copy -> copy.maxDepth = maxDepth);
  }

  /** {@return how long every fourth value is, in bytes; 0 where none is} */
  public int longValueBytes() {
    return longValueBytes;
  }

  /**
   * Lets every fourth value be long, to find those of which a part is new and a part is old.
   *
   * @param longValueBytes how long in bytes, 0 for none
   * @return the changed copy
   * @throws IllegalArgumentException if it is negative
   */
  public Workload withLongValueBytes(int longValueBytes) {
    if (longValueBytes < 0) {
      throw new IllegalArgumentException("longValueBytes is negative: value=" + longValueBytes);
    }
    return with(copy -> copy.longValueBytes = longValueBytes);
  }

  /** {@return what the keys begin with} */
  public String prefix() {
    return prefix;
  }

  /**
   * Sets what the keys begin with, so that nobody else has them. They are removed at first.
   *
   * @param prefix text of ISO 8859-1
   * @return the changed copy
   */
  public Workload withPrefix(String prefix) {
    return with(copy -> copy.prefix = prefix);
  }

  /** The name of a key. */
  String key(int index) {
    return prefix + index;
  }

  private Workload with(Consumer<Workload> change) {
    try {
      Workload copy = (Workload) clone();
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
}
