package io.fkvs.client;

import io.fkvs.wire.Command;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

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
  private final Arguments arguments;
  private final Answer<T> classicAnswer;
  private final Supplier<Answer<T>> compactAnswer;

  private Call(
      Command command, Arguments arguments, Answer<T> classicAnswer, Answer<T> compactAnswer) {
    this(command, arguments, classicAnswer, () -> compactAnswer);
  }

  private Call(
      Command command,
      Arguments arguments,
      Answer<T> classicAnswer,
      Supplier<Answer<T>> compactAnswer) {
    this.command = command;
    this.arguments = arguments;
    this.classicAnswer = classicAnswer;
    this.compactAnswer = compactAnswer;
  }

  /** What is asked for, of the commands of both protocols. */
  Command command() {
    return command;
  }

  Arguments arguments() {
    return arguments;
  }

  Answer<T> classicAnswer() {
    return classicAnswer;
  }

  Answer<T> compactAnswer() {
    return compactAnswer.get();
  }

  /**
   * Says the server's password, in compact alone.
   *
   * @param password its bytes
   * @return the call
   */
  public static Call<Void> authenticate(byte[] password) {
    return new Call<>(
        Command.AUTH, Arguments.payload(password), Answer::stored, CompactAnswer::done);
  }

  /**
   * Stores a value without a deadline.
   *
   * @param key the key
   * @param value the value
   * @return the call
   */
  public static Call<Void> set(byte[] key, byte[] value) {
    return new Call<>(
        Command.SET, Arguments.key(key).withValue(value), Answer::stored, CompactAnswer::done);
  }

  /**
   * Stores text without a deadline.
   *
   * @param key the key
   * @param value the value
   * @return the call
   */
  public static Call<Void> set(String key, String value) {
    return set(Utf8.encode(key), Utf8.encode(value));
  }

  /**
   * Stores a value for some time.
   *
   * @param key the key
   * @param value the value
   * @param timeToLive how long, rounded up to whole seconds in classic, milliseconds in compact;
   *     zero or less makes the key absent
   * @return the call
   */
  public static Call<Void> set(byte[] key, byte[] value, Duration timeToLive) {
    return new Call<>(
        Command.SETEX,
        Arguments.key(key).withValue(value).withTime(timeToLive),
        Answer::stored,
        CompactAnswer::done);
  }

  /**
   * Stores text for some time.
   *
   * @param key the key
   * @param value the value
   * @param timeToLive how long, rounded up to whole seconds in classic, milliseconds in compact;
   *     zero or less makes the key absent
   * @return the call
   */
  public static Call<Void> set(String key, String value, Duration timeToLive) {
    return set(Utf8.encode(key), Utf8.encode(value), timeToLive);
  }

  /**
   * Reads a value.
   *
   * @param key the key
   * @return the call; answers {@code null} where the key is absent
   */
  public static Call<byte[]> get(byte[] key) {
    return new Call<>(
        Command.GET, Arguments.key(key), Answer::valueOrNull, CompactAnswer::valueOrNull);
  }

  /**
   * Reads text.
   *
   * @param key the key
   * @return the call; answers {@code null} where the key is absent
   */
  public static Call<String> get(String key) {
    return new Call<>(
        Command.GET,
        Arguments.key(Utf8.encode(key)),
        Answer::textOrNull,
        CompactAnswer::textOrNull);
  }

  /**
   * Reads a value and removes its key, in compact alone.
   *
   * @param key the key
   * @return the call; answers {@code null} where the key is absent
   */
  public static Call<byte[]> getAndRemove(byte[] key) {
    return new Call<>(
        Command.GETDEL, Arguments.key(key), Answer::valueOrNull, CompactAnswer::valueOrNull);
  }

  /**
   * Reads text and removes its key, in compact alone.
   *
   * @param key the key
   * @return the call; answers {@code null} where the key is absent
   */
  public static Call<String> getAndRemove(String key) {
    return new Call<>(
        Command.GETDEL,
        Arguments.key(Utf8.encode(key)),
        Answer::textOrNull,
        CompactAnswer::textOrNull);
  }

  /**
   * Adds one to a number; an absent key counts as 0.
   *
   * @param key the key
   * @return the call; answers the new number
   */
  public static Call<Long> increment(byte[] key) {
    return new Call<>(Command.INCR, Arguments.key(key), Answer::number, CompactAnswer::number);
  }

  /**
   * Adds one to a number; an absent key counts as 0.
   *
   * @param key the key
   * @return the call; answers the new number
   */
  public static Call<Long> increment(String key) {
    return increment(Utf8.encode(key));
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param key the key
   * @param amount what to add, possibly negative
   * @return the call; answers the new number
   */
  public static Call<Long> increment(byte[] key, long amount) {
    return new Call<>(
        Command.INCRBY,
        Arguments.key(key).withNumber(amount),
        Answer::number,
        CompactAnswer::number);
  }

  /**
   * Adds to a number; an absent key counts as 0.
   *
   * @param key the key
   * @param amount what to add, possibly negative
   * @return the call; answers the new number
   */
  public static Call<Long> increment(String key, long amount) {
    return increment(Utf8.encode(key), amount);
  }

  /**
   * Takes one from a number; an absent key counts as 0.
   *
   * @param key the key
   * @return the call; answers the new number
   */
  public static Call<Long> decrement(byte[] key) {
    return new Call<>(Command.DECR, Arguments.key(key), Answer::number, CompactAnswer::number);
  }

  /**
   * Takes one from a number; an absent key counts as 0.
   *
   * @param key the key
   * @return the call; answers the new number
   */
  public static Call<Long> decrement(String key) {
    return decrement(Utf8.encode(key));
  }

  /**
   * Takes from a number; an absent key counts as 0.
   *
   * @param key the key
   * @param amount what to take, possibly negative
   * @return the call; answers the new number
   */
  public static Call<Long> decrement(byte[] key, long amount) {
    return new Call<>(
        Command.DECRBY,
        Arguments.key(key).withNumber(amount),
        Answer::number,
        CompactAnswer::number);
  }

  /**
   * Takes from a number; an absent key counts as 0.
   *
   * @param key the key
   * @param amount what to take, possibly negative
   * @return the call; answers the new number
   */
  public static Call<Long> decrement(String key, long amount) {
    return decrement(Utf8.encode(key), amount);
  }

  /**
   * Asks the server for a sign of life.
   *
   * @param payload what it is to send back, possibly empty
   * @return the call; answers the payload
   */
  public static Call<byte[]> ping(byte[] payload) {
    return new Call<>(Command.ECHO, Arguments.payload(payload), Answer::echo, CompactAnswer::echo);
  }

  /**
   * Reads the server's figures.
   *
   * @return the call; answers {@code name: value} lines in sections
   */
  public static Call<String> info() {
    return new Call<>(Command.INFO, Arguments.NONE, Answer::echoedText, CompactAnswer::text);
  }

  /**
   * Removes a key, if it is there.
   *
   * @param key the key
   * @return the call
   */
  public static Call<Void> delete(byte[] key) {
    return new Call<>(Command.DEL, Arguments.key(key), Answer::done, CompactAnswer::counted);
  }

  /**
   * Removes a key, if it is there.
   *
   * @param key the key
   * @return the call
   */
  public static Call<Void> delete(String key) {
    return delete(Utf8.encode(key));
  }

  /**
   * Lets a key expire after some time.
   *
   * @param key the key
   * @param timeToLive how long it lives from now, rounded up to whole seconds in classic,
   *     milliseconds in compact; zero or less removes it
   * @return the call; answers false where the key is absent
   */
  public static Call<Boolean> expire(byte[] key, Duration timeToLive) {
    return new Call<>(
        Command.EXPIRE,
        Arguments.key(key).withTime(timeToLive),
        Answer::doneOrAbsent,
        CompactAnswer::truth);
  }

  /**
   * Lets a key expire after some time.
   *
   * @param key the key
   * @param timeToLive how long it lives from now, rounded up to whole seconds in classic,
   *     milliseconds in compact; zero or less removes it
   * @return the call; answers false where the key is absent
   */
  public static Call<Boolean> expire(String key, Duration timeToLive) {
    return expire(Utf8.encode(key), timeToLive);
  }

  /**
   * Asks how long a key has still to live.
   *
   * @param key the key
   * @return the call; answers seconds, {@link FkvsClient#NO_DEADLINE} or {@link FkvsClient#NO_KEY}
   */
  public static Call<Long> ttl(byte[] key) {
    return new Call<>(Command.TTL, Arguments.key(key), Answer::number, CompactAnswer::seconds);
  }

  /**
   * Asks how long a key has still to live.
   *
   * @param key the key
   * @return the call; answers seconds, {@link FkvsClient#NO_DEADLINE} or {@link FkvsClient#NO_KEY}
   */
  public static Call<Long> ttl(String key) {
    return ttl(Utf8.encode(key));
  }

  /**
   * Clears the deadline of a key, if there are such.
   *
   * @param key the key
   * @return the call
   */
  public static Call<Void> persist(byte[] key) {
    return new Call<>(Command.PERSIST, Arguments.key(key), Answer::done, CompactAnswer::counted);
  }

  /**
   * Clears the deadline of a key, if there are such.
   *
   * @param key the key
   * @return the call
   */
  public static Call<Void> persist(String key) {
    return persist(Utf8.encode(key));
  }

  /**
   * Lists the keys, where all fit one reply; in classic alone.
   *
   * @return the call; answers the keys in no order
   */
  public static Call<List<byte[]>> keys() {
    return new Call<>(Command.KEYS, Arguments.NONE, Answer::keys, Answer::keys);
  }

  /**
   * Asks how long a key has still to live, in the unit that compact has.
   *
   * @param key the key
   * @return the call; answers milliseconds, in classic of whole seconds; {@link
   *     FkvsClient#NO_DEADLINE} or {@link FkvsClient#NO_KEY}
   */
  public static Call<Long> ttlMs(byte[] key) {
    return new Call<>(Command.TTL, Arguments.key(key), Answer::millis, CompactAnswer::number);
  }

  /**
   * Lists some keys, in compact alone. A scan goes from cursor 0 to cursor 0; a key that is present
   * all the while is listed at least once.
   *
   * @param cursor 0 to begin, then what the last page says
   * @param count about how many keys to list, at least 1
   * @return the call; answers the page
   * @throws IllegalArgumentException if the count is less than 1
   */
  public static Call<ScanPage> scan(long cursor, int count) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be at least 1: count=" + count);
    }
    return new Call<>(Command.SCAN, Arguments.page(cursor, count), null, PageAnswer::new);
  }

  @Override
  public String toString() {
    return command
        + " keyLength="
        + length(arguments.key())
        + ", valueLength="
        + length(arguments.value());
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
