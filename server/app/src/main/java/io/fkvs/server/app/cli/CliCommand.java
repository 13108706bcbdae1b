package io.fkvs.server.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fkvs.client.FkvsClient;
import io.fkvs.client.FkvsConnectionException;
import io.fkvs.client.FkvsException;
import io.fkvs.client.ScanPage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The server's commands as a person types them: their arguments, and how to ask for them. */
enum CliCommand {
  /** Stores. */
  SET(
      "key value [EX seconds]",
      2,
      4,
      "Stores a value, for some seconds or for good.",
      "the server refused: the value is too large for it, or the store is full",
      CliCommand::set),
  /** Reads. */
  GET(
      "key",
      "Reads a value; (nil) where there is no such key.",
      Refusal.UNKNOWN,
      words -> client -> valueOrNil(client.get(words.get(0)))),
  /** Adds one. */
  INCR(
      "key",
      "Adds one to a number; a missing key counts as 0.",
      Refusal.NOT_COUNTABLE,
      words -> client -> new CliReply.Number(client.increment(words.get(0)))),
  /** Adds. */
  INCRBY(
      "key amount",
      "Adds to a number; a missing key counts as 0.",
      Refusal.NOT_COUNTABLE,
      words -> {
        long amount = number("amount", words.get(1));
        return client -> new CliReply.Number(client.increment(words.get(0), amount));
      }),
  /** Takes one. */
  DECR(
      "key",
      "Takes one from a number; a missing key counts as 0.",
      Refusal.NOT_COUNTABLE,
      words -> client -> new CliReply.Number(client.decrement(words.get(0)))),
  /** Takes. */
  DECRBY(
      "key amount",
      "Takes from a number; a missing key counts as 0.",
      Refusal.NOT_COUNTABLE,
      words -> {
        long amount = number("amount", words.get(1));
        return client -> new CliReply.Number(client.decrement(words.get(0), amount));
      }),
  /** Removes. */
  DEL(
      "key",
      "Removes a key; OK whether or not it was there.",
      Refusal.UNKNOWN,
      words ->
          client -> {
            client.delete(words.get(0));
            return new CliReply.Ok();
          }),
  /** Sets a deadline. */
  EXPIRE(
      "key seconds",
      "Lets a key expire after some seconds; 0 removes it at once.",
      Refusal.UNKNOWN,
      words -> {
        Duration timeToLive = seconds(words.get(1));
        return client -> okOrNoKey(client.expire(words.get(0), timeToLive));
      }),
  /** Asks for the deadline. */
  TTL(
      "key",
      "Seconds that a key has to live; -1 no deadline, -2 no such key.",
      Refusal.UNKNOWN,
      words -> client -> new CliReply.Number(client.ttl(words.get(0)))),
  /** Clears the deadline. */
  PERSIST(
      "key",
      "Clears a key's deadline; OK whether or not there was one.",
      Refusal.UNKNOWN,
      words ->
          client -> {
            client.persist(words.get(0));
            return new CliReply.Ok();
          }),
  /** Lists. */
  KEYS(
      "",
      "Lists every key, in no order.",
      "the keys do not fit one reply of 65535 bytes",
      words -> client -> new CliReply.Keys(client.keys())),
  /** Lists some. */
  SCAN(
      "cursor [COUNT n]",
      1,
      3,
      "Lists some keys, from cursor 0 to cursor 0; with --protocol compact.",
      Refusal.UNKNOWN,
      CliCommand::scan),
  /** A sign of life. */
  PING(
      "[payload]",
      0,
      1,
      "Asks for a sign of life: PONG, or the payload.",
      Refusal.UNKNOWN,
      CliCommand::ping),
  /** Figures. */
  INFO(
      "",
      "The server's figures.",
      Refusal.UNKNOWN,
      words -> client -> new CliReply.Text(client.info()));

  /** What an error reply means, where no command knows better: it carries no text itself. */
  private static final class Refusal {
    static final String UNKNOWN = "the server refused the command";
    static final String NOT_COUNTABLE =
        "the value is not an integer, or the result does not fit 64 bits";
  }

  /** Checks the arguments and says what to ask. */
  private interface Preparation {
    Question of(List<byte[]> arguments) throws CommandSyntaxException;
  }

  /** Asks. */
  private interface Question {
    CliReply ask(FkvsClient client);
  }

  /** How many keys SCAN asks for, unless told otherwise: what fits a screen. */
  private static final int DEFAULT_COUNT = 10;

  private final String hint;
  private final int minCount;
  private final int maxCount;
  private final String summary;
  private final String refusal;
  private final Preparation preparation;

  /** A command of as many arguments as its hint has words. */
  CliCommand(String hint, String summary, String refusal, Preparation preparation) {
    this(hint, wordCount(hint), wordCount(hint), summary, refusal, preparation);
  }

  CliCommand(
      String hint,
      int minCount,
      int maxCount,
      String summary,
      String refusal,
      Preparation preparation) {
    this.hint = hint;
    this.minCount = minCount;
    this.maxCount = maxCount;
    this.summary = summary;
    this.refusal = refusal;
    this.preparation = preparation;
  }

  private static int wordCount(String hint) {
    return hint.isEmpty() ? 0 : hint.split(" ").length;
  }

  /** What its arguments are, for a person. */
  String hint() {
    return hint;
  }

  /** What it does, in a sentence. */
  String summary() {
    return summary;
  }

  /** Its name and arguments. */
  String usage() {
    return hint.isEmpty() ? name() : name() + " " + hint;
  }

  /**
   * Finds a command by its name, in any case.
   *
   * @throws CommandSyntaxException if there is none
   */
  static CliCommand named(String name) throws CommandSyntaxException {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new CommandSyntaxException("unknown command: name=" + name + "; try help");
    }
  }

  /**
   * Checks the arguments; then, and only then, gets a client and asks.
   *
   * @throws CommandSyntaxException if the arguments are wrong
   * @throws FkvsConnectionException if there is no connection, or it broke
   */
  CliReply run(Supplier<FkvsClient> client, List<byte[]> arguments) throws CommandSyntaxException {
    checkUsage(arguments.size() >= minCount && arguments.size() <= maxCount);
    Question question = preparation.of(arguments);
    try {
      return question.ask(client.get());
    } catch (FkvsConnectionException e) {
      throw e;
    } catch (FkvsException e) {
      return new CliReply.Failure(e.reason().orElse(refusal));
    } catch (IllegalArgumentException e) {
      return new CliReply.Failure(e.getMessage());
    }
  }

  private void checkUsage(boolean isRight) throws CommandSyntaxException {
    if (!isRight) {
      throw new CommandSyntaxException("wrong arguments; usage: " + usage());
    }
  }

  // ---- what is more than a call of the client

  private static Question set(List<byte[]> words) throws CommandSyntaxException {
    byte[] key = words.get(0);
    byte[] value = words.get(1);
    if (words.size() == 2) {
      return client -> {
        client.set(key, value);
        return new CliReply.Ok();
      };
    }
    SET.checkUsage(words.size() == 4 && text(words.get(2)).equalsIgnoreCase("EX"));
    Duration timeToLive = seconds(words.get(3));
    return client -> {
      client.set(key, value, timeToLive);
      return new CliReply.Ok();
    };
  }

  private static Question ping(List<byte[]> words) {
    if (words.isEmpty()) {
      return client -> {
        client.ping();
        return new CliReply.Pong();
      };
    }
    return client -> new CliReply.Value(client.ping(words.get(0)));
  }

  private static Question scan(List<byte[]> words) throws CommandSyntaxException {
    long cursor = number("cursor", words.get(0));
    SCAN.checkUsage(words.size() != 2);
    long count = DEFAULT_COUNT;
    if (words.size() == 3) {
      SCAN.checkUsage(text(words.get(1)).equalsIgnoreCase("COUNT"));
      count = number("count", words.get(2));
    }
    if (count < 1 || count > Integer.MAX_VALUE) {
      throw new CommandSyntaxException(
          "count must be 1 to " + Integer.MAX_VALUE + ": count=" + count);
    }
    int keys = (int) count;
    return client -> {
      ScanPage page = client.scan(cursor, keys);
      return new CliReply.Page(page.cursor(), page.keys());
    };
  }

  private static CliReply valueOrNil(byte[] value) {
    return value == null ? new CliReply.Nil() : new CliReply.Value(value);
  }

  private static CliReply okOrNoKey(boolean wasPresent) {
    return wasPresent ? new CliReply.Ok() : new CliReply.Failure("no such key");
  }

  private static Duration seconds(byte[] text) throws CommandSyntaxException {
    long seconds = number("seconds", text);
    if (seconds < 0) {
      throw new CommandSyntaxException("seconds are negative: seconds=" + seconds);
    }
    return Duration.ofSeconds(seconds);
  }

  private static long number(String name, byte[] text) throws CommandSyntaxException {
    try {
      return Long.parseLong(text(text));
    } catch (NumberFormatException e) {
      throw new CommandSyntaxException(
          name + " is not a 64-bit integer: " + name + "=" + text(text));
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
