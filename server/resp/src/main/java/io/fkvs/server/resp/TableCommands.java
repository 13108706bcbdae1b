package io.fkvs.server.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** COMMAND and HELP: what the table says of itself. */
final class TableCommands {
  /** What a command's description or documentation takes in a reply, at most. */
  private static final int DESCRIPTION_BYTES = 8 << 10;

  private final CommandTable table;

  TableCommands(CommandTable table) {
    this.table = table;
  }

  void register(CommandTable table) {
    table.handle("command", call -> describe(call, table.all()));
    table.handle("command|count", call -> call.integer(table.all().size()));
    table.handle("command|info", this::info);
    table.handle("command|docs", this::docs);
    table.handle("command|list", this::list);
    table.handle("command|getkeys", this::keys);
    for (Command container : table.all()) {
      if (table.named(container.name + "|help") != null) {
        table.handle(container.name + "|help", call -> help(call, container));
      }
    }
  }

  // ---- descriptions

  private static boolean describe(Call call, List<Command> commands) {
    if (!call.claim((long) DESCRIPTION_BYTES * commands.size())) {
      return false;
    }
    call.reply.array(commands.size());
    for (Command command : commands) {
      describe(command, call.reply);
    }
    return true;
  }

  private boolean info(Call call) {
    if (call.count() == 2) {
      return describe(call, table.all());
    }
    long bytes = (long) DESCRIPTION_BYTES * (call.count() - 2);
    if (call.isTooLong(bytes)) {
      return true;
    }
    if (!call.claim(bytes)) {
      return false;
    }
    call.reply.array(call.count() - 2);
    for (int i = 2; i < call.count(); i++) {
      describe(named(call, i), call.reply);
    }
    return true;
  }

  private Command named(Call call, int index) {
    return table.named(call.text(index).toLowerCase(Locale.ROOT));
  }

  private static void describe(Command command, Reply reply) {
    if (command == null) {
      reply.nil();
      return;
    }
    reply.array(10);
    reply.bulk(command.name);
    reply.integer(command.arity);
    words(command.flags, reply);
    reply.integer(command.firstKey);
    reply.integer(command.lastKey);
    reply.integer(command.keyStep);
    words(command.categories, reply);
    texts(command.tips, reply);
    reply.set(command.keySpecs.size());
    command.keySpecs.forEach(spec -> describe(spec, reply));
    if (command.isContainer()) {
      reply.array(command.subcommands.size());
    } else {
      reply.set(0);
    }
    command.subcommands.forEach(subcommand -> describe(subcommand, reply));
  }

  private static void words(List<String> words, Reply reply) {
    reply.set(words.size());
    words.forEach(word -> reply.line('+', word));
  }

  private static void texts(List<String> texts, Reply reply) {
    reply.set(texts.size());
    texts.forEach(reply::bulk);
  }

  private static void describe(Command.KeySpec spec, Reply reply) {
    boolean hasNotes = !spec.notes().isEmpty();
    reply.map(hasNotes ? 4 : 3);
    if (hasNotes) {
      reply.bulk("notes");
      reply.bulk(spec.notes());
    }
    reply.bulk("flags");
    words(spec.flags(), reply);
    reply.bulk("begin_search");
    reply.map(2);
    reply.bulk("type");
    reply.bulk("index");
    reply.bulk("spec");
    reply.map(1);
    reply.bulk("index");
    reply.integer(spec.index());
    reply.bulk("find_keys");
    reply.map(2);
    reply.bulk("type");
    reply.bulk("range");
    reply.bulk("spec");
    reply.map(3);
    reply.bulk("lastkey");
    reply.integer(spec.last());
    reply.bulk("keystep");
    reply.integer(spec.step());
    reply.bulk("limit");
    reply.integer(spec.limit());
  }

  private boolean docs(Call call) {
    List<Command> commands = table.all();
    if (call.count() > 2) {
      commands = new ArrayList<>();
      for (int i = 2; i < call.count(); i++) {
        Command command = named(call, i);
        if (command != null) {
          commands.add(command);
        }
      }
    }
    long bytes = (long) DESCRIPTION_BYTES * commands.size();
    if (call.isTooLong(bytes)) {
      return true;
    }
    if (!call.claim(bytes)) {
      return false;
    }
    call.reply.map(commands.size());
    commands.forEach(command -> explain(command, call.reply));
    return true;
  }

  private static void explain(Command command, Reply reply) {
    reply.bulk(command.name);
    reply.map(command.isContainer() ? 4 : 3);
    reply.bulk("summary");
    reply.bulk(command.summary);
    reply.bulk("since");
    reply.bulk(command.since);
    reply.bulk("group");
    reply.bulk(command.group);
    if (command.isContainer()) {
      reply.bulk("subcommands");
      reply.map(command.subcommands.size());
      command.subcommands.forEach(subcommand -> explain(subcommand, reply));
    }
  }

  // ---- names and keys

  private boolean list(Call call) {
    if (call.count() == 2) {
      return names(call, table.all());
    }
    if (call.count() != 5 || !call.is(2, "filterby")) {
      return call.fail(Errors.SYNTAX);
    }
    if (call.is(3, "pattern")) {
      Glob glob = new Glob(call.bytes(4));
      return names(
          call,
          table.all().stream()
              .filter(command -> glob.matches(command.name.getBytes(StandardCharsets.US_ASCII)))
              .toList());
    }
    if (call.is(3, "aclcat")) {
      String category = "@" + call.text(4).toLowerCase(Locale.ROOT);
      return names(
          call,
          table.all().stream().filter(command -> command.categories.contains(category)).toList());
    }
    return call.is(3, "module") ? names(call, List.of()) : call.fail(Errors.SYNTAX);
  }

  private static boolean names(Call call, List<Command> commands) {
    call.reply.array(commands.size());
    commands.forEach(command -> call.reply.bulk(command.name));
    return true;
  }

  private boolean keys(Call call) {
    Command command = table.find(call.memory(), call.offset(2), call.length(2));
    if (command != null && command.isContainer() && call.count() > 3) {
      command = command.subcommand(call.memory(), call.offset(3), call.length(3));
    }
    if (command == null) {
      return call.fail("ERR Invalid command specified");
    }
    if (command.firstKey == 0) {
      return call.fail("ERR The command has no key arguments");
    }
    int count = call.count() - 2;
    if (!command.takes(count)) {
      return call.fail("ERR Invalid number of arguments specified for command");
    }
    int end = command.keysEnd(count);
    call.reply.array(Math.ceilDiv(end - command.firstKey, command.keyStep));
    for (int i = command.firstKey; i < end; i += command.keyStep) {
      call.reply.bulk(call.memory(), call.offset(2 + i), call.length(2 + i));
    }
    return true;
  }

  private static boolean help(Call call, Command container) {
    call.reply.array(1 + 2L * container.subcommands.size());
    call.reply.line(
        '+',
        container.name.toUpperCase(Locale.ROOT)
            + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    for (Command subcommand : container.subcommands) {
      String name = subcommand.name.substring(container.name.length() + 1);
      call.reply.line('+', name.toUpperCase(Locale.ROOT));
      call.reply.line('+', "    " + subcommand.summary);
    }
    return true;
  }
}
