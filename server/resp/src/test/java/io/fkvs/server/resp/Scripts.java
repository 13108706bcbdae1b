package io.fkvs.server.resp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/*
 * A command is made from a line that says what its arguments are; then, now and then, it is damaged:
 * an argument is missing, is another one, or is too many. What the lines do not name is taken as it
 * stands.
 */

/** Random scripts of commands whose answers do not depend on the time or on chance. */
final class Scripts {
  private static final List<String> LINES =
      List.of(
          "get K",
          "set K V",
          "set K V O",
          "set K V O O",
          "set K V ex S",
          "set K V px S get",
          "set K V pxat A nx",
          "set K V exat B xx",
          "set K V keepttl O",
          "set K V get",
          "setnx K V",
          "setex K S V",
          "psetex K S V",
          "getset K V",
          "getdel K",
          "getex K",
          "getex K persist",
          "getex K ex S",
          "getex K pxat A",
          "getex K O O",
          "mget K K K",
          "mset K V K V",
          "msetnx K V K V",
          "append K V",
          "strlen K",
          "getrange K N N",
          "substr K N N",
          "setrange K R V",
          "incr K",
          "decr K",
          "incrby K N",
          "decrby K N",
          "incrbyfloat K F",
          "del K K",
          "unlink K",
          "exists K K K",
          "touch K K",
          "expire K S",
          "expire K S G",
          "pexpire K S G G",
          "expireat K B E",
          "pexpireat K A E E",
          "ttl K",
          "pttl K",
          "expiretime K",
          "pexpiretime K",
          "persist K",
          "type K",
          "keys P",
          "scan 0 count 1000",
          "scan 0 match P count 1000",
          "scan 0 type T count 1000",
          "scan 0 count C",
          "scan x count C",
          "scan D match P count 1000",
          "dbsize",
          "rename K K",
          "renamenx K K",
          "copy K K",
          "copy K K replace",
          "copy K K db N replace",
          "set L V",
          "setnx L V",
          "incr L",
          "getset L V",
          "del L",
          "object encoding L",
          "object freq K",
          "object X K",
          "ping",
          "ping V",
          "echo V",
          "select N",
          "auth V",
          "auth default V",
          "auth V V",
          "wait 0 100",
          "multi",
          "exec",
          "exec",
          "discard",
          "watch K K",
          "unwatch",
          "flushall",
          "flushdb O",
          "memory usage none samples N",
          "command getkeys mset K V K V",
          "command getkeys get K",
          "command getkeys ping",
          "command info get nothing",
          "command X V",
          "client getname",
          "client setname V",
          "client no-evict O",
          "client list type V",
          "client X V",
          "config set V V",
          "config set V",
          "config set slowlog-max-len N",
          "config set slowlog-max-len N SLOWLOG-MAX-LEN N",
          "config set slowlog-log-slower-than x",
          "config set latency-monitor-threshold Q",
          "config get V slowlog-max-len",
          "slowlog get N",
          "slowlog len",
          "slowlog reset",
          "latency latest",
          "latency reset",
          "latency reset V V",
          "latency history V",
          "latency graph V",
          "latency histogram nonsense V",
          "latency X V",
          "slowlog X",
          "function flush O",
          "readonly",
          "nonsense K V",
          "V K");

  private static final List<String> KEYS = List.of("a", "b", "k1", "k2", "", "\u0000\r\n\u00ff");

  /**
   * Keys of which the encoding is asked: APPEND and its like, after which it differs, leave them.
   */
  private static final List<String> ENCODED_KEYS = List.of("e1", "e2");

  private static final List<String> VALUES =
      List.of(
          "",
          "0",
          "1",
          "-1",
          "007",
          "+5",
          " 1",
          "1 ",
          "-0",
          "3.0",
          "1.5e3",
          "abc",
          "abcdefghijklmnopqrstuvwxyz0123456789 abcdefghijklmnopqrstuvwxyz",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "\u0000\u0001\r\n\u00ff\u0080");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "2",
          "5",
          "-1",
          "-2",
          "-7",
          "100",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "2147483648",
          "01",
          "+1",
          "1.0",
          "",
          "x");

  private static final List<String> DECIMALS =
      List.of(
          "0",
          "0.1",
          "-0.1",
          "3.0e3",
          "1e-17",
          "5.",
          ".5",
          "10.5",
          "1234567.891",
          "-5.0e-3",
          "1e20",
          "0x1p3",
          "inf",
          "-inf",
          "nan",
          "1e5000",
          "",
          " 1",
          "1 ",
          "abc",
          "123456789012345678901");

  private static final List<String> OPTIONS =
      List.of(
          "nx", "xx", "get", "ex", "px", "keepttl", "persist", "exat", "pxat", "async", "sync",
          "on", "off", "1000");

  private static final List<String> TIMES =
      List.of("100000", "2000000", "0", "-1", "9223372036854775807", "9223372036854775", "x");

  private static final List<String> SECONDS = List.of("4000000000", "5000000000", "x");
  private static final List<String> MILLIS = List.of("4000000000000", "5000000000000", "1e3");
  private static final List<String> CONDITIONS = List.of("nx", "xx", "gt", "lt", "zz");
  private static final List<String> PATTERNS =
      List.of(
          "*", "k*", "k?", "[ab]", "[^a]", "[a-c]", "\\a", "**", "", "*1*", "[", "k[1-", "[\\]a]");
  private static final List<String> OFFSETS =
      List.of("0", "1", "5", "100", "-1", "20000000", "4294967296", "x");
  private static final List<String> TYPES = List.of("string", "list", "STRING", "x");
  private static final List<String> SUBCOMMANDS = List.of("frequency", "x", "\r\n", "usage");

  private Scripts() {}

  /** Some requests, each a list of arguments. */
  static Arbitrary<List<List<String>>> scripts() {
    return requests().list().ofMinSize(1).ofMaxSize(60);
  }

  private static Arbitrary<List<String>> requests() {
    Arbitrary<List<String>> whole = Arbitraries.of(LINES).flatMap(Scripts::request);
    Arbitrary<List<String>> damaged =
        Combinators.combine(whole, Arbitraries.integers().between(0, 2), Arbitraries.of(VALUES))
            .as(Scripts::damage);
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(9, whole), net.jqwik.api.Tuple.of(1, damaged));
  }

  private static Arbitrary<List<String>> request(String line) {
    String[] words = line.split(" ");
    List<Arbitrary<String>> arguments = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      arguments.add(argument(words[i]));
    }
    return Combinators.combine(arguments).as(list -> list);
  }

  private static Arbitrary<String> argument(String word) {
    return switch (word) {
      case "K" -> Arbitraries.of(KEYS);
      case "G" -> Arbitraries.of("nx", "xx", "zz"); // to compare times would depend on the clock
      case "L" -> Arbitraries.of(ENCODED_KEYS);
      case "V" -> Arbitraries.of(VALUES);
      case "N" -> Arbitraries.of(NUMBERS);
      case "F" -> Arbitraries.of(DECIMALS);
      case "O" -> Arbitraries.of(OPTIONS);
      case "S" -> Arbitraries.of(TIMES);
      case "A" -> Arbitraries.of(MILLIS);
      case "B" -> Arbitraries.of(SECONDS);
      case "C" -> Arbitraries.of("1000", "0", "-1", "x");
      case "D" -> Arbitraries.of("", "x", "1x", "18446744073709551616");
      case "E" -> Arbitraries.of(CONDITIONS);
      case "Q" -> Arbitraries.of("0", "-1", "x", "9223372036854775808", "");
      case "P" -> Arbitraries.of(PATTERNS);
      case "R" -> Arbitraries.of(OFFSETS);
      case "T" -> Arbitraries.of(TYPES);
      case "X" -> Arbitraries.of(SUBCOMMANDS);
      default -> Arbitraries.of(word, word.toUpperCase(Locale.ROOT));
    };
  }

  private static List<String> damage(List<String> request, int kind, String value) {
    List<String> damaged = new ArrayList<>(request);
    switch (kind) {
      case 0 -> damaged.add(value);
      case 1 -> damaged.set(damaged.size() - 1, value);
      default -> {
        if (damaged.size() > 1) {
          damaged.removeLast();
        }
      }
    }
    return damaged;
  }
}
