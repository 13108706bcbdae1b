package io.fkvs.server.resp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/*
 * commands.txt has a line for each command and each subcommand, behind its container:
 *
 *   name | arity | flags | first key, last key, step | categories | tips | keys | group | since |
 *   summary
 *
 * Names, numbers and flags are those of Redis 7.0, because COMMAND tells them to clients.
 */

/** All commands, each with who carries it out. Belongs to the thread of the event loop. */
final class CommandTable {
  private static final String RESOURCE = "commands.txt";
  private static final int FIELDS = 10;

  private final List<Command> commands = new ArrayList<>();

  /** The same by their number. */
  private final Command[] numbered;

  private final Map<String, Command> byName = new HashMap<>();
  private final NameTable<Command> table = new NameTable<>(8);

  /** Reads the table. */
  CommandTable() {
    Command container = null;
    for (String line : lines()) {
      String[] fields = line.split("\\|", FIELDS);
      boolean isSubcommand = fields[0].indexOf(' ') >= 0;
      Command command = new Command(fields, isSubcommand ? commands.size() : commands.size() + 1);
      byName.put(command.name, command);
      if (isSubcommand) {
        container.add(command);
      } else {
        commands.add(command);
        table.put(command.name, command);
        container = command;
      }
    }
    numbered = new Command[commands.size() + 1];
    commands.forEach(command -> numbered[command.number] = command);
  }

  private static List<String> lines() {
    try (InputStream in = CommandTable.class.getResourceAsStream(RESOURCE)) {
      return new String(in.readAllBytes(), US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says who carries a command out. */
  void handle(String name, Handler handler) {
    Command command = byName.get(name);
    if (command == null) {
      throw new IllegalArgumentException("no such command in the table: name=" + name);
    }
    command.handler(handler);
  }

  /**
   * Makes sure that nobody was forgotten.
   *
   * @throws IllegalStateException if a command has nobody to carry it out; the message names it
   */
  void check() {
    for (Command command : byName.values()) {
      if (command.handler() == null && !command.isContainer()) {
        throw new IllegalStateException("nobody carries it out: command=" + command.name);
      }
    }
  }

  /** The commands, in the order of the table, without subcommands. */
  List<Command> all() {
    return commands;
  }

  /** How many there are, subcommands included. */
  int count() {
    return byName.size();
  }

  /** Forgets how often commands were carried out, and how long they took. */
  void resetTimes() {
    byName.values().forEach(command -> command.times.reset());
  }

  /** How often each command was carried out that was at all, by its name. */
  Map<String, Long> calls() {
    Map<String, Long> calls = new TreeMap<>();
    for (Command command : byName.values()) {
      if (command.times.calls() > 0) {
        calls.put(command.name, command.times.calls());
      }
    }
    return calls;
  }

  /** The command of a name, with a bar before a subcommand's; {@code null} where there is none. */
  Command named(String name) {
    return byName.get(name);
  }

  /** The command at a place in the table, from 1 on. */
  Command numbered(int number) {
    return numbered[number];
  }

  /** The command that a range of memory names, or {@code null}. */
  Command find(MemorySegment bytes, long offset, int length) {
    return table.find(bytes, offset, length);
  }

  /** The command of up to eight letters that a word begins with, or {@code null}. */
  Command find(long word, int length) {
    return table.find(word, length);
  }
}
