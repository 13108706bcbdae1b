package io.fkvs.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.wire.Command;
import io.fkvs.wire.Reply;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * A command with its arguments, and how to read its reply: what {@link Pipeline#queue} takes.
 * {@link FkvsClient} has a method for each that asks at once and says more about what it means.
 *
 * <p>Immutable and reusable; any thread. Keeps the arrays it is given: leave them as they are until
 * the call is queued. Text goes and comes as UTF-8.
 *
 * @param <T> what the reply says; {@link Void}, always {@code null}, where it only says that the
 *     server did it
 */
public final class Call<T> {
  private final Command command;
  private final byte[][] arguments;
  private final Answer<T> answer;

  private Call(Command command, Answer<T> answer, byte[]... arguments) {
    this.command = command;
    this.arguments = arguments;
    this.answer = answer;
  }

  Command command() {
    return command;
  }

  byte[][] arguments() {
    return arguments;
  }

  T read(Reply reply) {
    return answer.of(command, reply);
  }

  /**
   * Stores a value without a deadline.
   *
   * @param key the key
   * @param value the value
   * @return the call
   */
  public static Call<Void> set(byte[] key, byte[] value) {
    return new Call<>(Command.SET, Answer::stored, key, value);
  }

  /**
   * Stores text without a deadline.
   *
   * @param key the key
   * @param value the value
   * @return the call
   */
  public static Call<Void> set(String key, String value) {
    return set(key.getBytes(UTF_8), value.getBytes(UTF_8));
  }

  /**
   * Stores a value for some time.
   *
   * @param key the key
   * @param value the value
   * @param timeToLive how long, rounded up to whole seconds; zero or less makes the key absent
   * @return the call
   */
  public static Call<Void> set(byte[] key, byte[] value, Duration timeToLive) {
    return new Call<>(Command.SET, Answer::stored, key, value, seconds(timeToLive));
  }

  /**
   * Stores text for some time.
   *
   * @param key the key
   * @param value the value
   * @param timeToLive how long, rounded up to whole seconds; zero or less makes the key absent
   * @return the call
   */
  public static Call<Void> set(String key, String value, Duration timeToLive) {
    return set(key.getBytes(UTF_8), value.getBytes(UTF_8), timeToLive);
  }

  /**
   * Reads a value.
   *
   * @param key the key
   * @return the call; answers {@code null} where the key is absent
   */
  public static Call<byte[]> get(byte[] key) {
    return new Call<>(Command.GET, Answer::valueOrNull, key);
  }

  /**
   * Reads text.
   *
   * @param key the key
   * @return the call; answers {@code null} where the key is absent
   */
  public static Call<String> get(String key) {
    return new Call<>(Command.GET, Answer::textOrNull, key.getBytes(UTF_8));
  }

  /**
   * Adds one to a number; an absent key counts as 0.
   *
   * @param key the key
   * @return the call; answers the new number
   */
  public static Call<Long> increment(byte[] key) {
    return new Call<>(Command.INCR, Answer::number, key);
  }

  /**
   * Adds one to a number; an absent key counts as 0.
   *
   * @param key the key
   * @return the call; answers the new number
   */
  public static Call<Long> increment(String key) {
    return increment(key.getBytes(UTF_8));
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param key the key
   * @param amount what to add, possibly negative
   * @return the call; answers the new number
   */
  public static Call<Long> increment(byte[] key, long amount) {
    return new Call<>(Command.INCRBY, Answer::number, key, decimal(amount));
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param key the key
   * @param amount what to add, possibly negative
   * @return the call; answers the new number
   */
  public static Call<Long> increment(String key, long amount) {
    return increment(key.getBytes(UTF_8), amount);
  }

  /**
   * Takes one from a number; an absent key counts as 0.
   *
   * @param key the key
   * @return the call; answers the new number
   */
  public static Call<Long> decrement(byte[] key) {
    return new Call<>(Command.DECR, Answer::number, key);
  }

  /**
   * Takes one from a number; an absent key counts as 0.
   *
   * @param key the key
   * @return the call; answers the new number
   */
  public static Call<Long> decrement(String key) {
    return decrement(key.getBytes(UTF_8));
  }

  /**
   * Takes from a number; an absent key counts as 0.
   *
   * @param key the key
   * @param amount what to take, possibly negative
   * @return the call; answers the new number
   */
  public static Call<Long> decrement(byte[] key, long amount) {
    return new Call<>(Command.DECRBY, Answer::number, key, decimal(amount));
  }

  /**
   * Takes from a number; an absent key counts as 0.
   *
   * @param key the key
   * @param amount what to take, possibly negative
   * @return the call; answers the new number
   */
  public static Call<Long> decrement(String key, long amount) {
    return decrement(key.getBytes(UTF_8), amount);
  }

  /**
   * Asks the server for a sign of life.
   *
   * @param payload what it is to send back, possibly empty
   * @return the call; answers the payload
   */
  public static Call<byte[]> ping(byte[] payload) {
    return new Call<>(Command.PING, Answer::echo, payload);
  }

  /**
   * Reads the server's figures.
   *
   * @return the call; answers {@code name: value} lines in sections
   */
  public static Call<String> info() {
    return new Call<>(Command.INFO, Answer::echoedText);
  }

  /**
   * Removes a key, if it is there.
   *
   * @param key the key
   * @return the call
   */
  public static Call<Void> delete(byte[] key) {
    return new Call<>(Command.DEL, Answer::done, key);
  }

  /**
   * Removes a key, if it is there.
   *
   * @param key the key
   * @return the call
   */
  public static Call<Void> delete(String key) {
    return delete(key.getBytes(UTF_8));
  }

  /**
   * Lets a key expire after some time.
   *
   * @param key the key
   * @param timeToLive how long it lives from now, rounded up to whole seconds; zero or less removes
   *     it
   * @return the call; answers false where the key is absent
   */
  public static Call<Boolean> expire(byte[] key, Duration timeToLive) {
    return new Call<>(Command.EXPIRE, Answer::doneOrAbsent, key, seconds(timeToLive));
  }

  /**
   * Lets a key expire after some time.
   *
   * @param key the key
   * @param timeToLive how long it lives from now, rounded up to whole seconds; zero or less removes
   *     it
   * @return the call; answers false where the key is absent
   */
  public static Call<Boolean> expire(String key, Duration timeToLive) {
    return expire(key.getBytes(UTF_8), timeToLive);
  }

  /**
   * Asks how long a key has still to live.
   *
   * @param key the key
   * @return the call; answers seconds, {@link FkvsClient#NO_DEADLINE} or {@link FkvsClient#NO_KEY}
   */
  public static Call<Long> ttl(byte[] key) {
    return new Call<>(Command.TTL, Answer::number, key);
  }

  /**
   * Asks how long a key has still to live.
   *
   * @param key the key
   * @return the call; answers seconds, {@link FkvsClient#NO_DEADLINE} or {@link FkvsClient#NO_KEY}
   */
  public static Call<Long> ttl(String key) {
    return ttl(key.getBytes(UTF_8));
  }

  /**
   * Clears the deadline of a key, if there are such.
   *
   * @param key the key
   * @return the call
   */
  public static Call<Void> persist(byte[] key) {
    return new Call<>(Command.PERSIST, Answer::done, key);
  }

  /**
   * Clears the deadline of a key, if there are such.
   *
   * @param key the key
   * @return the call
   */
  public static Call<Void> persist(String key) {
    return persist(key.getBytes(UTF_8));
  }

  /**
   * Lists the keys, where all fit one reply.
   *
   * @return the call; answers the keys in no order
   */
  public static Call<List<byte[]>> keys() {
    return new Call<>(Command.KEYS, Answer::keys);
  }

  private static byte[] seconds(Duration timeToLive) {
    if (!timeToLive.isPositive()) {
      return decimal(0);
    }
    long seconds = timeToLive.getSeconds();
    boolean rounds = timeToLive.getNano() > 0 && seconds < Long.MAX_VALUE;
    return decimal(rounds ? seconds + 1 : seconds);
  }

  private static byte[] decimal(long number) {
    return Long.toString(number).getBytes(US_ASCII);
  }

  @Override
  public String toString() {
    return command + " argumentLengths=" + Arrays.toString(argumentLengths());
  }

  private int[] argumentLengths() {
    return Arrays.stream(arguments).mapToInt(a -> a.length).toArray();
  }
}
