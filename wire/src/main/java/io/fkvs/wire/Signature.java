package io.fkvs.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/*
 * Decoders do not walk a list: they read a plan, one number that has the kind of each argument in
 * four bits, the first argument in the lowest, and 0 behind the last. The kind says which part of a
 * Request an argument is, and how compact writes it; classic writes every argument alike.
 */

/** The arguments that a command takes in one protocol, in their order. Immutable; any thread. */
final class Signature {
  /** The key: in compact a length and that many bytes, at least one. */
  static final int KEY = 1;

  /** A value, a payload or a password: in compact a length and that many bytes, none or more. */
  static final int BYTES = 2;

  /** A number: in compact zigzag-coded. */
  static final int SIGNED = 3;

  /** A number: in compact so many milliseconds. */
  static final int TIME = 4;

  /** A number beside another one: in compact a varint. */
  static final int COUNT = 5;

  /** Of a command that the protocol does not have. */
  static final Signature ABSENT = of();

  private static final int KIND_BITS = 4;
  private static final int KIND_MASK = 0xF;

  private final Command command;
  private final List<Argument> arguments;
  private final int plan;
  private final int optionalPlan;

  private Signature(Command command, List<Argument> arguments, int optionalPlan) {
    this.command = command;
    this.arguments = Collections.unmodifiableList(arguments);
    this.optionalPlan = optionalPlan;
    plan = planOf(arguments);
  }

  private static int planOf(List<Argument> arguments) {
    assert arguments.size() <= Integer.SIZE / KIND_BITS : "arguments=" + arguments;
    int plan = 0;
    for (Argument argument : arguments.reversed()) {
      plan = plan << KIND_BITS | argument.kind();
    }
    return plan;
  }

  /** The signature of a command that takes exactly these arguments. */
  static Signature of(Argument... arguments) {
    return new Signature(null, Arrays.asList(arguments), 0);
  }

  /** These arguments, and behind them one that may be left out. */
  Signature withOptional(Argument last) {
    List<Argument> all = new ArrayList<>(arguments);
    all.add(last);
    return new Signature(null, all, planOf(List.of(last)));
  }

  /** The same arguments as those of a command, unless the protocol does not have it. */
  Signature of(Command command) {
    return this == ABSENT ? ABSENT : new Signature(command, arguments, optionalPlan);
  }

  /** Whose arguments these are; {@code null} where the protocol does not have the command. */
  Command command() {
    return command;
  }

  List<Argument> arguments() {
    return arguments;
  }

  /** The plan of all arguments. */
  int plan() {
    return plan;
  }

  /** The kind of the first argument of a plan. */
  static int kind(int plan) {
    return plan & KIND_MASK;
  }

  /** The plan of the arguments behind the first one. */
  static int rest(int plan) {
    return plan >>> KIND_BITS;
  }

  /** Says whether a request may end where the arguments of this plan would follow. */
  boolean endsBefore(int plan) {
    return plan == 0 || plan == optionalPlan;
  }
}
