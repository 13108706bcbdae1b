package io.fkvs.load;

import io.fkvs.load.dialect.Payload;
import java.util.Arrays;

/**
 * How requests spread over the keys 0 to {@code keyspace - 1}.
 *
 * @param order the kind of spread
 * @param keyspace how many keys there are
 * @param exponent how skewed a Zipf order is; of no meaning to the others
 */
public record KeyChoice(Order order, long keyspace, double exponent) {
  /** The kinds of spread. */
  public enum Order {
    /** Always the same key. */
    FIXED,
    /** Every key once, in order. */
    SEQUENTIAL,
    /** Every key equally likely. */
    UNIFORM,
    /** Key number {@code i} with a likelihood proportional to {@code 1 / (i + 1) ^ exponent}. */
    ZIPF
  }

  /** Checks the ranges. */
  public KeyChoice {
    if (keyspace < 1 || keyspace > Payload.MAX_KEYSPACE) {
      throw new IllegalArgumentException(
          "keyspace is out of range: keyspace=" + keyspace + ", max=" + Payload.MAX_KEYSPACE);
    }
    if (order == Order.ZIPF && !(exponent > 0 && exponent <= ZipfKeys.MAX_EXPONENT)) {
      throw new IllegalArgumentException(
          "zipf exponent is out of range: exponent=" + exponent + ", max=" + ZipfKeys.MAX_EXPONENT);
    }
  }

  /**
   * One key for all.
   *
   * @return the choice
   */
  public static KeyChoice fixed() {
    return new KeyChoice(Order.FIXED, 1, 0);
  }

  /**
   * Every key once.
   *
   * @param keyspace how many
   * @return the choice
   */
  public static KeyChoice sequential(long keyspace) {
    return new KeyChoice(Order.SEQUENTIAL, keyspace, 0);
  }

  /**
   * Every key equally likely.
   *
   * @param keyspace how many
   * @return the choice
   */
  public static KeyChoice uniform(long keyspace) {
    return new KeyChoice(Order.UNIFORM, keyspace, 0);
  }

  /**
   * Some keys far likelier than others.
   *
   * @param keyspace how many
   * @param exponent above 0; 0.99 is customary
   * @return the choice
   */
  public static KeyChoice zipf(long keyspace, double exponent) {
    return new KeyChoice(Order.ZIPF, keyspace, exponent);
  }

  /**
   * The keys for one worker of several, which together keep to the choice.
   *
   * @param seed what makes the sequence differ from others
   * @param worker the worker's number, from 0
   * @param workers how many there are
   * @return the sequence
   */
  public KeySequence sequence(long seed, int worker, int workers) {
    return switch (order) {
      case FIXED -> (ids, from, to) -> Arrays.fill(ids, from, to, 0);
      case SEQUENTIAL -> new SequentialKeys(worker, workers);
      case UNIFORM -> new UniformKeys(keyspace, seed);
      case ZIPF -> new ZipfKeys(keyspace, exponent, seed);
    };
  }

  @Override
  public String toString() {
    return switch (order) {
      case FIXED -> "one key or none";
      case SEQUENTIAL -> String.format("each of %,d keys once", keyspace);
      case UNIFORM -> String.format("uniform over %,d keys", keyspace);
      case ZIPF -> String.format("zipf %s over %,d keys", exponent, keyspace);
    };
  }
}
